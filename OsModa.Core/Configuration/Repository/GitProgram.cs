using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>What a run of git came to.</summary>
internal sealed record GitRun(int Status, byte[] Output, string Errors);

/// <summary>Git could not do what it should always be able to do: a full disk, a damaged repository, no program.</summary>
public sealed class RepositoryException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The <c>git</c> program on one bare repository. It gets no settings but ours, runs no hooks and asks nobody anything; it speaks a protocol only on the way
/// to a remote repository, and that one only. What people typed reaches it on standard input, in the environment or as a checked type, never as an option.
/// </summary>
/// <param name="file">Absolute path of git.</param>
/// <param name="folder">The repository, absolute.</param>
internal sealed class GitProgram(string file, string folder)
{
    private const int MostOutput = 64 * 1024 * 1024;
    private const int LargestArrival = 512 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1), PatienceThere = TimeSpan.FromMinutes(2);

    // What comes from a remote is hostile: every object is checked as git fsck would, but for three faults that old repositories have and that harm nobody.
    // It stays one pack, so that the limit of a file is the limit of all; large objects are not read into memory.
    private static readonly string[] Arriving =
    [
        "-c", "fetch.fsckObjects=true", "-c", "fetch.fsck.zeroPaddedFilemode=ignore", "-c", "fetch.fsck.badTimezone=ignore", "-c", "fetch.fsck.missingSpaceBeforeDate=ignore",
        "-c", "fetch.unpackLimit=1", "-c", "core.bigFileThreshold=16m", "-c", "transfer.bundleURI=false",
    ];

    public string Folder => folder;

    /// <exception cref="RepositoryException">Git is not installed.</exception>
    public static string Find() => (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathRooted)
        .Select(place => Path.Combine(place, "git"))
        .FirstOrDefault(File.Exists)
        ?? throw new RepositoryException("The program 'git' is missing where the dashboard runs. Install it (Debian: git, NixOS: pkgs.git).");

    /// <summary>Runs a command of which any exit status may be meant.</summary>
    /// <exception cref="RepositoryException">It could not be started, took longer than a minute or said more than 64 MiB.</exception>
    public async Task<GitRun> TryAsync(string[] arguments, ReadOnlyMemory<byte> input = default, IReadOnlyDictionary<string, string>? environment = null) =>
        await RunAsync(file, [.. Always(), .. arguments], input, environment, Patience, default) ?? throw new RepositoryException("git took longer than a minute and was ended.");

    /// <summary>Runs a command that goes to a remote repository. No file that comes of it is larger than 512 MiB, and what came is looked through before it counts.</summary>
    /// <exception cref="RepositoryException">It could not be started, or said more than 64 MiB.</exception>
    /// <exception cref="ConnectionException">It took longer than two minutes.</exception>
    public async Task<GitRun> ThereAsync(RemoteWay way, string[] arguments, CancellationToken cancellationToken)
    {
        string[] there = ["-c", $"protocol.{way.Protocol}.allow=always", .. Arriving, .. arguments];
        return await RunAsync("/bin/sh", ["-c", $"ulimit -f {LargestArrival / 512}; exec \"$@\"", "sh", file, .. Always(), .. there], default, way.Environment, PatienceThere, cancellationToken)
            ?? throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.TimedOut, "The remote repository took longer than two minutes, and the connection was ended."));
    }

    /// <summary>Runs a command that has to succeed.</summary>
    /// <exception cref="RepositoryException">It did not.</exception>
    public async Task<byte[]> RunAsync(string[] arguments, ReadOnlyMemory<byte> input = default, IReadOnlyDictionary<string, string>? environment = null)
    {
        var run = await TryAsync(arguments, input, environment);
        return run.Status == 0 ? run.Output : throw new RepositoryException($"git {arguments[0]} failed in the repository of the configuration: {run.Errors.Trim()}");
    }

    // Null when it took longer than it may.
    private async Task<GitRun?> RunAsync(string program, string[] arguments, ReadOnlyMemory<byte> input, IReadOnlyDictionary<string, string>? environment, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await using var git = ChildProcess.Start(program, arguments, environment: Environs(environment));
            using var clock = new CancellationTokenSource(patience, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
            await using var late = either.Token.Register(git.Kill);
            var fed = FeedAsync(git.Input, input);
            var output = await ReadAsync(git);
            await fed;
            var status = await git.Ended;
            cancellationToken.ThrowIfCancellationRequested();
            return clock.IsCancellationRequested ? null : new GitRun(status, output, git.Errors);
        }
        catch (ConnectionException missing)
        {
            throw new RepositoryException("The program 'git' cannot be started.", missing);
        }
    }

    // Objects and references are on the disk when a command returns, so that a loss of power leaves the old state or the new one.
    private IEnumerable<string> Always() =>
    [
        $"--git-dir={folder}", "--literal-pathspecs", "-c", "core.hooksPath=/dev/null", "-c", "core.fsync=all", "-c", "core.fsyncMethod=fsync", "-c", "gc.auto=0", "-c", "core.filesRefLockTimeout=10000",
        "-c", "protocol.allow=never", "-c", "core.quotePath=false", "-c", "commit.gpgSign=false", "-c", "core.logAllRefUpdates=false", "-c", "safe.directory=*",
    ];

    private Dictionary<string, string> Environs(IReadOnlyDictionary<string, string>? more) => new(more ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
    {
        ["HOME"] = folder,
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_OPTIONAL_LOCKS"] = "0",
    };

    private static async Task FeedAsync(Stream to, ReadOnlyMemory<byte> input)
    {
        try
        {
            await to.WriteAsync(input);
            to.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything; its status says why.
        }
    }

    private static async Task<byte[]> ReadAsync(ChildProcess git)
    {
        using var output = new MemoryStream();
        var piece = new byte[32 * 1024];
        while (await git.Output.ReadAsync(piece) is > 0 and var count)
        {
            output.Write(piece, 0, count);
            if (output.Length > MostOutput)
            {
                git.Kill();
                throw new RepositoryException("The repository of the configuration holds more than 64 MiB in one place.");
            }
        }

        return output.ToArray();
    }
}
