namespace OsModa.Core.Ssh;

/// <summary>The programs that we run, by absolute path.</summary>
internal sealed record SshPrograms
{
    public required string Ssh { get; init; }

    public required string SshAgent { get; init; }

    public required string SshAdd { get; init; }

    public required string SshKeygen { get; init; }

    /// <summary>setpriv(1) of util-linux, which has the kernel end a child together with us; null where there is none.</summary>
    public string? Setpriv { get; init; }

    /// <exception cref="ConnectionException">The OpenSSH client is not installed.</exception>
    public static SshPrograms Find() => new()
    {
        Ssh = Require("ssh"),
        SshAgent = Require("ssh-agent"),
        SshAdd = Require("ssh-add"),
        SshKeygen = Require("ssh-keygen"),
        Setpriv = Search("setpriv"),
    };

    private static string Require(string name) => Search(name) ?? throw new ConnectionException(new ConnectionFault(
        ConnectionFaultKind.Ours,
        $"The program '{name}' is missing where the dashboard runs. Install the OpenSSH client (Debian: openssh-client, NixOS: pkgs.openssh) and start the dashboard again."));

    private static string? Search(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathRooted)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
