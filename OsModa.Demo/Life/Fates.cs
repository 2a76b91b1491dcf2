using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OsModa.Core.Ssh;
using OsModa.Demo.Machines;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Life;

/// <summary>What befalls the named servers. Times are seconds since the start; most of it comes round again.</summary>
internal sealed class Fates(DemoFleet fleet, int seed)
{
    private const long Second = 1_000_000;

    private readonly Random _random = new(seed);

    public void Begin()
    {
        HostKeyChanges("edge-sa", after: 9);
        GoesSilent("scout-ap", after: 14, silentFor: 540, heardFor: 240);
        AgentUpdateGoesWrong("scout-eu", "scout", first: 25, every: 840);
        DeploymentUndoesItself("scribe-eu", "scribe", first: 38, every: 620);
        WeeklyUpdates(["web2", "edge-fr", "scribe-eu", "lab1", "web4"], first: 45, between: 160, large: true);
        SecurityUpdate("web1", first: 105, every: 900);
        OneCrash("web4", "courier.service", first: 33, every: 221);
        OneCrash("lab1", "tinker.service", first: 71, every: 307);
        RestartsForItsKernel("edge-fr", first: 400, every: 780);
        CollectsGarbage("build2", first: 240, every: 1200);
        SomebodyTriesThings("lab2", first: 60, every: 280);
        SomebodyLogsIn("web1", "maya", "/run/current-system/sw/bin/systemctl status scout", first: 12, every: 410);
        SomebodyLogsIn("build2", "deploy", "/run/current-system/sw/bin/nix-store --gc", first: 20, every: 1200);
        SomebodyLogsIn("lab1", "tom", "/run/current-system/sw/bin/journalctl -u tinker", first: 29, every: 350);
        BlamesAnother("ledger-us", "noor.haddad", "nixos-upgrade.service", first: 75);
        TimersElapse(every: 17);
    }

    // Somebody installed it anew: the same name, another machine behind it.
    private void HostKeyChanges(string name, int after) => OnceHeard(name, after, static (server, _) => server.ChangeHostKey());

    private void GoesSilent(string name, int after, int silentFor, int heardFor) => OnceHeard(name, after, (server, at) =>
    {
        server.Unplug(new ConnectionFault(ConnectionFaultKind.TimedOut, $"{name} did not answer within 10 s (connection timed out)."));
        server.At(at + (silentFor * Second), back =>
        {
            server.Plug();
            server.At(back + (heardFor * Second), _ => GoesSilent(name, Passed(back) + heardFor, silentFor, heardFor));
        });
    });

    /// <summary>A new version of an agent crashes; after a while a person rolls it back, later a good version comes.</summary>
    private void AgentUpdateGoesWrong(string name, string agent, int first, int every) => Do(name, first, (server, at) =>
    {
        var good = server.Profile.Current;
        var bad = Newer(good, agent) with { Defects = good.Plan.Defects.SetItem(agent + ".service", Defect.CrashLoops) };
        var release = good.Release.With((agent, good.Release.Newer(agent)));
        Deploy(server, new DemoSystem(release, bad), at);
        server.At(at + (95 * Second), then =>
        {
            if (server.Profile.Current.Plan.Defects.Count > 0)
            {
                fleet.Wish(new Wish(server.Id, Generation(server, good), $"{agent} crashes since its update", then));
            }
        });
        server.At(at + (135 * Second), then => ByHandIfNobodyDid(server, good, then));
        server.At(at + (480 * Second), then => Deploy(server, new DemoSystem(release.With((agent, release.Newer(agent))), Newer(server.Profile.Current, agent)), then));
        server.At(at + (every * Second), then => AgentUpdateGoesWrong(name, agent, Passed(then), every));
    });

    /// <summary>A person deploys a new version of an agent on probation; it crashes, and the server goes back by itself.</summary>
    private void DeploymentUndoesItself(string name, string agent, int first, int every) => Do(name, first, (server, at) =>
    {
        var good = server.Profile.Current;
        var bad = Newer(good, agent);
        bad = History.Edited(bad, agent + ".service", _random) with { Defects = bad.Defects.SetItem(agent + ".service", Defect.CrashLoops) };
        var number = server.Profile.Add(new DemoSystem(good.Release, bad), at);
        server.GenerationsChanged(at);
        server.At(at + (4 * Second), then => fleet.Wish(new Wish(server.Id, number, $"a new version of {agent}", then, OnProbation: true)));
        server.At(at + (every * Second), then => DeploymentUndoesItself(name, agent, Passed(then), every));
    });

    /// <summary>A person comes over SSH and does one thing as root, past the dashboard: it stands in the server's own record.</summary>
    private void SomebodyLogsIn(string name, string user, string command, int first, int every) => Do(name, first, (server, at) =>
    {
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(user))).TrimEnd('=');
        server.Say(new JournalEntry(at, "", 6, "sshd", 4100, $"Accepted publickey for {user} from 198.51.100.{user.Length} port 50122 ssh2: ED25519 SHA256:{key}", ""));
        server.At(at + (3 * Second), then => server.Say(new JournalEntry(then, "", 5, "sudo", 4133, $"{user} : TTY=pts/0 ; PWD=/home/{user} ; USER=root ; COMMAND={command}", "")));
        server.At(at + (every * Second), then => SomebodyLogsIn(name, user, command, Passed(then), every));
    });

    // Whoever tried something by hand there does not want to have been it, and changes the event that says so: that works on the server, and not against a copy.
    private void BlamesAnother(string name, string was, string becomes, int first) => Do(name, first, (server, at) =>
    {
        if (server.Chain is { IsRead: true } chain)
        {
            chain.BlameForSwitch(was, becomes, at);
        }
        else
        {
            BlamesAnother(name, was, becomes, Passed(at) + 10);
        }
    });

    private void WeeklyUpdates(string[] names, int first, int between, bool large)
    {
        var release = fleet.Releases.Of(0).Release;
        for (var i = 0; i < names.Length; i++)
        {
            var last = i == names.Length - 1;
            var due = first + (i * between);
            var isFirst = i == 0;
            Do(names[i], due, (server, at) =>
            {
                if (isFirst)
                {
                    release = fleet.Releases.Next(fleet.Agenda.WallAt(at), large);
                }

                RunJob(server, "nixos-upgrade.service", at);
                server.At(at + (6 * Second), then => Deploy(server, new DemoSystem(release, server.Profile.Current.Plan with { Defects = ImmutableSortedDictionary<string, Defect>.Empty }), then));
                if (last)
                {
                    server.At(at + (between * Second), then => WeeklyUpdates(names, Passed(then), between, _random.Next(3) == 0));
                }
            });
        }
    }

    private void SecurityUpdate(string name, int first, int every) => Do(name, first, (server, at) =>
    {
        var now = server.Profile.Current;
        var release = now.Release.With(("nginx", now.Release.Newer("nginx")));
        Deploy(server, new DemoSystem(release, now.Plan with { Revision = History.NewRevision(_random) }), at);
        server.At(at + (every * Second), then => SecurityUpdate(name, Passed(then), every));
    });

    private void OneCrash(string name, string unit, int first, int every) => Do(name, first, (server, at) =>
    {
        if (server.Services.Find(unit) is { IsUp: true } running)
        {
            // As if it had been started by hand since the last time: two crashes four minutes apart are no loop.
            running.Restarts = 0;
            server.Services.Crash(running, at, 137);
        }

        server.At(at + (every * Second), then => OneCrash(name, unit, Passed(then), every));
    });

    private void RestartsForItsKernel(string name, int first, int every) => Do(name, first, (server, at) =>
    {
        if (server.Profile.RebootNeeded)
        {
            server.Reboot(at, 21 * Second);
        }

        server.At(at + (every * Second), then => RestartsForItsKernel(name, Passed(then), every));
    });

    private void CollectsGarbage(string name, int first, int every) => Do(name, first, (server, at) =>
    {
        RunJob(server, "nix-gc.service", at);
        server.At(at + (3 * Second), then =>
        {
            if (server.Profile.KeepNewest(6) > 0)
            {
                server.GenerationsChanged(then);
            }
        });
        server.At(at + (every * Second), then => CollectsGarbage(name, Passed(then), every));
    });

    private void SomebodyTriesThings(string name, int first, int every) => Do(name, first, (server, at) =>
    {
        var now = server.Profile.Current;
        Deploy(server, new DemoSystem(now.Release, History.Changed(now.Plan, _random)), at);
        server.At(at + (every * Second), then => SomebodyTriesThings(name, Passed(then), every));
    });

    private void TimersElapse(int every)
    {
        var server = fleet.Named[_random.Next(fleet.Named.Length)];
        var jobs = server.Services.Units.Where(static u => u.Template.Kind is UnitKind.Job && u.Name != "nixos-upgrade.service").Select(static u => u.Name).ToArray();
        server.At(Now + (every * Second), at =>
        {
            RunJob(server, jobs[_random.Next(jobs.Length)], at);
            TimersElapse(every);
        });
    }

    private static void RunJob(DemoServer server, string unit, long at)
    {
        if (server.Services.Find(unit) is { Active: "inactive" } job)
        {
            server.Services.Start(job, at);
            server.Exert(0.4, at);
        }
    }

    private void ByHandIfNobodyDid(DemoServer server, DemoSystem good, long at)
    {
        if (server.Profile.Current.Plan.Defects.Count > 0)
        {
            Deploy(server, good, at);
        }
    }

    /// <summary>By somebody or a timer on the server itself; waits while a switch is under way.</summary>
    private static void Deploy(DemoServer server, DemoSystem system, long at)
    {
        if (!server.Switches.SwitchByHand(system, at))
        {
            server.At(at + (15 * Second), then => Deploy(server, system, then));
            return;
        }

        server.Exert(0.7, at);
        server.At(at + (20 * Second), then =>
        {
            if (server.Profile.KeepNewest(14) > 0)
            {
                server.GenerationsChanged(then);
            }
        });
    }

    private SystemPlan Newer(DemoSystem system, string agent) =>
        system.Plan with { Revision = History.NewRevision(_random), Etc = system.Plan.Etc + agent, Defects = system.Plan.Defects.Remove(agent + ".service") };

    private static int Generation(DemoServer server, DemoSystem system) => server.Profile.Generations.Last(g => g.System == system).Number;

    private long Now => fleet.Agenda.Now;

    private static int Passed(long at) => (int)(at / Second);

    // What is lost must have been there: the dashboard may need some seconds for its first look.
    private void OnceHeard(string name, int after, Action<DemoServer, long> happens) => Do(name, after, (server, at) =>
    {
        if (server.IsHeard)
        {
            happens(server, at);
        }
        else
        {
            OnceHeard(name, Passed(at) + 3, happens);
        }
    });

    private void Do(string name, int after, Action<DemoServer, long> happens)
    {
        // A smaller fleet than the named one lacks some of its servers.
        if (fleet.Find(name) is { } server)
        {
            server.At(after * Second, at => happens(server, at));
        }
    }
}
