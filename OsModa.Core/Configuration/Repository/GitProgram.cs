using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>What a run of git came to.</summary>
internal sealed record GitRun(int Status, byte[] Output, string Errors);

/// <summary>Git could not do what it should always be able to do: a full disk, a damaged repository, no program.</summary>
public sealed class RepositoryException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The <c>git</c> program on one bare repository. It gets no settings but ours, runs no hooks, asks nobody anything and speaks no protocol; what
/// people typed reaches it on standard input or in the environment, never among its options.
/// </summary>
/// <param name="file">Absolute path of git.</param>
/// <param name="folder">The repository, absolute.</param>
internal sealed class GitProgram(string file, string folder)
{
    private const int MostOutput = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

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
    public async Task<GitRun> TryAsync(string[] arguments, ReadOnlyMemory<byte> input = default, IReadOnlyDictionary<string, string>? environment = null)
    {
        try
        {
            await using var git = ChildProcess.Start(file, [.. Always(), .. arguments], environment: Environs(environment));
            using var clock = new CancellationTokenSource(Patience, TimeProvider.System);
            await using var late = clock.Token.Register(git.Kill);
            var fed = FeedAsync(git.Input, input);
            var output = await ReadAsync(git);
            await fed;
            var status = await git.Ended;
            return clock.IsCancellationRequested ? throw new RepositoryException("git took longer than a minute and was ended.") : new GitRun(status, output, git.Errors);
        }
        catch (ConnectionException missing)
        {
            throw new RepositoryException("The program 'git' cannot be started.", missing);
        }
    }

    /// <summary>Runs a command that has to succeed.</summary>
    /// <exception cref="RepositoryException">It did not.</exception>
    public async Task<byte[]> RunAsync(string[] arguments, ReadOnlyMemory<byte> input = default, IReadOnlyDictionary<string, string>? environment = null)
    {
        var run = await TryAsync(arguments, input, environment);
        return run.Status == 0 ? run.Output : throw new RepositoryException($"git {arguments[0]} failed in the repository of the configuration: {run.Errors.Trim()}");
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
