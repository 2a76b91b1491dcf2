using System.Globalization;
using System.Text.Json;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>The journal of check.sh for a simulated run, each line with the moment at which it is written.</summary>
/// <param name="server">On which machine; its gate is held.</param>
/// <param name="id">The run.</param>
internal sealed class CheckTale(DemoServer server, Guid id)
{
    private const long Millisecond = 1000;

    /// <summary>Oldest first; moments in the agenda's microseconds.</summary>
    public List<(long At, string Line)> Lines { get; } = [];

    private long At { get; set; }

    /// <param name="evaluated">What comes of it.</param>
    /// <param name="at">When it begins.</param>
    public void Tell(Evaluated evaluated, long at)
    {
        At = at;
        Line("begin");
        Line("step", "options");
        Pass(620, 940);
        if (!evaluated.Mistakes.IsEmpty)
        {
            Mistakes(evaluated);
            return;
        }

        Line("ended", "options", "ok");
        Line("step", "system");
        Pass(2300, 3100);
        var derivation = evaluated.System is { } system ? StoreHash.Of(system.Path.Name + ".drv", system.Path.Text).Text : null;
        Lines.Add((At, "=" + JsonSerializer.Serialize(new { derivation, failed = evaluated.Failed, warnings = Array.Empty<string>() })));
        Lines.Add((At, "="));
        if (derivation is null)
        {
            Line("ended", "system", "failed");
            Line("done", "failed", "");
            return;
        }

        Line("derivation", derivation);
        Line("ended", "system", "ok");
        Build(evaluated.System!);
    }

    /// <summary>It ends early: what was to come does not.</summary>
    public void Cut(long at, string state, string text)
    {
        Lines.RemoveAll(line => line.At > at);
        At = at;
        Line("done", state, text);
    }

    private void Mistakes(Evaluated evaluated)
    {
        foreach (var (option, said) in evaluated.Mistakes)
        {
            Line("option", option.ToString(CultureInfo.InvariantCulture));
            Line("said", "error:");
            Line("said", "       … while evaluating the attribute 'value'");
            Line("said", $"         at /var/lib/osmoda/checks/{id:D}/source/settings.nix:28:66:");
            Line("said", "");
            Line("said", $"       error: {said}");
            Pass(180, 260);
        }

        Line("ended", "options", "failed");
        Line("done", "failed", "");
    }

    private void Build(DemoSystem system)
    {
        Line("step", "build");
        Pass(60, 120);
        // What is in the store already is not built again.
        if (server.Profile.Find(system.Path.Text) is null)
        {
            var build = new BuildTale(server, system, Pass);
            foreach (var said in build.Lines())
            {
                Lines.Add((At, "@nix " + JsonSerializer.Serialize(said)));
            }
        }

        Pass(40, 90);
        Line("system", system.Path.Text);
        Line("ended", "build", "ok");
        Line("done", "passed", "");
    }

    private void Line(params ReadOnlySpan<string> fields) =>
        Lines.Add((At, string.Create(CultureInfo.InvariantCulture, $"{server.Clock.Mono(At) / 1e6:0.00}\t{string.Join('\t', fields)}")));

    private void Pass(int least, int most) => At += server.Random.Next(least, most) * Millisecond;
}
