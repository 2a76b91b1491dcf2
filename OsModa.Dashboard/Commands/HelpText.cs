namespace OsModa.Dashboard.Commands;

/// <summary>What the program says of itself.</summary>
internal static class HelpText
{
    public const string All =
        """
        OsModa.Dashboard                        serves the dashboard on http://127.0.0.1:5080
        OsModa.Dashboard --demo                 the same with a simulated fleet and an account for each role
        OsModa.Dashboard ledger verify [FILE]   checks an audit ledger; see: OsModa.Dashboard ledger --help
        OsModa.Dashboard ledger backup TO       copies it, and checks the copy before it calls it a backup

          --urls ADDRESS        serve there instead
          --Storage:Folder=DIR  keep everything there instead of in ./data

        More settings are in docs/operating.md.
        """;

    public const string Ledger =
        """
        OsModa.Dashboard ledger verify [FILE] [options]

        Checks every entry, hash and signature of an audit ledger: of an export (a ZIP), or of a database (ledger.db), also while it is in use.
        Without FILE it is the database of this dashboard.

          --key KEY         public key of the log, name+c74f20a3+ARpc2Q…, or a file with such keys, one a line; may be repeated.
                            Without it: for a database, the keys in the key folder beside it; for an export, the key that it names itself,
                            which is not enough to trust it (exit code 5)
          --log NAME        of a database: this log only
          --policy FILE     whom to trust: logs, witnesses, and how many of them (C2SP tlog-policy)
          --seen FILE       a signed head from before, such as the file "checkpoint" of an earlier export; it has to be continued; may be repeated
          --timestamp-roots FILE
                            certificates (PEM) that a time-stamping authority has to lead back to. Time stamps are checked without it too, only not who made them;
                            with it, one at least has to be by such an authority. Whether a certificate was revoked is not asked
          --guard DIR       of a database: where the newest signed heads are kept (default: where the dashboard has them, which is
                            Ledger__GuardFolder, the data folder's name with .last-signed, or last-signed within it)
          --json            the result for programs

        OsModa.Dashboard ledger backup TO [FILE] [options]

        Copies a database (ledger.db), also while it is in use, checks the copy like verify, and only then puts it in the place TO: a file, which is
        replaced, or a folder, where it gets a name with the time. A copy that does not verify is deleted, and what was in its place stays.
        Options are those of verify, without --log.

        OsModa.Dashboard ledger rotate-key --why REASON [FILE] [--log NAME]

        Replaces the keys that the logs of a database are signed with, while no dashboard runs on it; while one does, the page Ledger does the same.
        The old key signs an entry that names the new one, and is deleted with the next signature.

        Exit codes: 0 all is right, 2 entries are not what was signed, 3 a signature is wrong, 4 it does not continue what was signed before,
        5 too few witnesses, no authority for time stamps that you trust, or nobody vouches for the key, 6 it is no such file, 1 the command was given wrongly.
        """;
}
