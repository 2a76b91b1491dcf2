using OsModa.Demo.Machines;

namespace OsModa.Demo.Life;

/// <summary>What happens on a server without a fate: every ten seconds one unit changes; one change in twenty is an agent that fails, until the next one.</summary>
internal static class PlainLife
{
    public static void Begin(DemoServer server)
    {
        var agents = server.Services.Units.Where(static u => u.Template.Agent is not null).ToArray();
        var timer = server.Services.Find("logrotate.service");
        var phase = server.Seed % 10;
        DemoUnit? down = null;
        server.EachBeat = (at, beat) =>
        {
            if (beat % 10 != phase)
            {
                return;
            }

            if (down is not null)
            {
                server.Services.Recover(down, at);
                down = null;
            }
            else if ((beat / 10 + server.Seed) % 20 == 0 && agents.Length > 0)
            {
                down = agents[beat % agents.Length];
                server.Services.Fail(down, at);
            }
            else if (timer is not null)
            {
                server.Services.Flip(timer, at);
            }
        };
    }
}
