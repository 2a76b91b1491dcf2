using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>What Nix tells while it builds a simulated system: its activities, as --log-format internal-json has them (nix, src/libutil/logging.hh).</summary>
/// <param name="server">On which machine.</param>
/// <param name="system">What is built.</param>
/// <param name="pass">Lets time go by: so many milliseconds at least and at most.</param>
internal sealed class BuildTale(DemoServer server, DemoSystem system, Action<int, int> pass)
{
    private const int FileTransfer = 101, CopyPaths = 103, Builds = 104, Build = 105, Substitute = 108;
    private const int LogLine = 101, Phase = 104, Progress = 105, Expected = 106;
    private const int BuildsId = 1, CopyId = 2;

    // What the build itself needs and a server does not keep: fetched once.
    private static readonly (string Name, long Bytes)[] Tools = [("stdenv-linux", 41_000), ("perl-5.42.0-env", 18_400_000), ("jq-1.8.1-bin", 640_000), ("shellcheck-minimal-0.11.0", 11_900_000)];

    private int _next = 10;

    /// <summary>One object a line; time goes by between them.</summary>
    public IEnumerable<object> Lines()
    {
        var now = server.Profile.Current;
        var fetched = server.Checks.HasTools ? [] : Tools;
        string[] built = [.. system.Units.Values.Where(unit => now.Units.GetValueOrDefault(unit.Template.Name)?.Path != unit.Path).Select(static unit => unit.Path.Name), .. system.EtcPath == now.EtcPath ? [] : new[] { "etc" }, system.Path.Name];
        yield return Start(BuildsId, Builds);
        yield return Start(CopyId, CopyPaths);
        yield return Result(CopyId, Expected, FileTransfer, fetched.Sum(static tool => tool.Bytes));
        yield return Moved(BuildsId, 0, built.Length);
        yield return Moved(CopyId, 0, fetched.Length);
        foreach (var line in fetched.SelectMany((tool, count) => Fetch(tool.Name, tool.Bytes, count + 1, fetched.Length)))
        {
            yield return line;
        }

        foreach (var line in built.SelectMany((name, count) => BuildOne(name, count + 1, built.Length)))
        {
            yield return line;
        }

        yield return Stop(CopyId);
        yield return Stop(BuildsId);
    }

    private IEnumerable<object> Fetch(string name, long bytes, int count, int all)
    {
        var (path, transfer) = (_next++, _next++);
        var store = StoreHash.Of(name).Text;
        yield return Start(path, Substitute, store, "https://cache.nixos.org");
        yield return Start(transfer, FileTransfer, "https://cache.nixos.org/nar/" + store[11..43] + ".nar.xz");
        for (var part = 1; part <= 4; part++)
        {
            pass(40, 40 + (int)(bytes / 90_000));
            yield return Moved(transfer, bytes * part / 4, bytes);
        }

        yield return Stop(transfer);
        yield return Stop(path);
        yield return Moved(CopyId, count, all);
    }

    private IEnumerable<object> BuildOne(string name, int count, int all)
    {
        var id = _next++;
        yield return Start(id, Build, $"{StoreHash.Of(name, system.Path.Text).Text}.drv", "", 1, 1);
        yield return Result(id, Phase, "buildPhase");
        pass(260, 520);
        yield return Result(id, LogLine, name == "etc" ? "Set up /etc of the simulated server" : $"simulated: writing {name}");
        pass(180, 420);
        yield return Stop(id);
        yield return Moved(BuildsId, count, all);
    }

    private static object Start(int id, int type, params object[] fields) => new { action = "start", id, level = 5, parent = 0, text = "", type, fields };

    private static object Stop(int id) => new { action = "stop", id };

    private static object Moved(int id, long done, long expected) => Result(id, Progress, done, expected, 0, 0);

    private static object Result(int id, int type, params object[] fields) => new { action = "result", id, type, fields };
}
