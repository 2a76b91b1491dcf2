namespace OsModa.Demo.Machines;

/// <summary>How it ends: kept, gone back, refused, and what the server goes on watching for after that.</summary>
internal sealed partial class SafeSwitchRun
{
    // The end of the probation, when all has been well until then.
    private void Look(long at, int status)
    {
        if (_decided)
        {
            return;
        }

        if (order.Confirm > 0 && !Confirmed && at >= _activatedAt + order.Confirm)
        {
            GoBack(at, new SwitchTroubleLine("unconfirmed", "-", _activatedAt + order.Confirm, "No confirmation came over a new connection."), "Nobody reached the server over a new connection.");
            return;
        }

        if (at < _activatedAt + order.Probation || (order.Confirm > 0 && !Confirmed))
        {
            Then(at + (100 * Millisecond), then => Look(then, status));
            return;
        }

        _decided = true;
        Line(at, "verdict", "good", "-", "");
        End(at, true, "");
        if (order.Restart)
        {
            Done(at, "verified", "0", "");
            return;
        }

        Commit(at, status);
    }

    private void GoBack(long at, SwitchTroubleLine trouble, string why)
    {
        (_decided, _trouble, _program.Stopped) = (true, trouble, true);
        Tell(at, trouble);
        Then(at + Millisecond, decided =>
        {
            Line(decided, "verdict", "bad", trouble.Unit, why);
            End(decided, false, _activatedAt == 0 ? "It was stopped." : why);
            if (order.Restart)
            {
                RestartBack(decided, why);
                return;
            }

            Stage(decided, "back");
            new SwitchProgram(server).Test(_from, decided, Output, (_, back) =>
            {
                End(back, true, "");
                Stage(back, "recheck");
                Recheck(back + (server.Random.Next(20, 60) * Millisecond), why);
            });
        });
    }

    private void Recheck(long from, string why) => Then(from, at =>
    {
        if (_trouble is { Unit: not "-" } trouble && server.Services.Find(trouble.Unit) is { IsUp: false })
        {
            Recheck(at + Glance, why);
            return;
        }

        End(at, true, "");
        Done(at, "rolled-back", "0", order.Generation > 0 ? $"Generation {order.Generation} was undone: {why}" : $"It was undone: {why}");
    });

    private void Commit(long at, int status)
    {
        Stage(at, "commit");
        Then(at + (17 * Millisecond), linked =>
        {
            if (server.Profile.Find(order.Generation)?.System != _target || !server.Profile.Link(order.Generation))
            {
                server.Profile.Set(_target!, linked);
            }

            server.GenerationsChanged(linked);
            _program.Boot(linked, (_, then) =>
            {
                End(then, true, "");
                if (order.Restart)
                {
                    RestartInto(then);
                    return;
                }

                if (order.Now && order.Stand is { Length: > 0, Undo: not null } && _from != _target)
                {
                    Line(then, "note", "standing", (order.Stand.Length / 1_000_000).ToString());
                    Then(then + (100 * Millisecond), at => StandWatch(at, then, []));
                }

                Done(then, "verified", status.ToString(), order.Now ? "" : $"The server starts generation {order.Generation} at next boot.");
            });
        });
    }

    // Beyond the end: a unit that is started again twice, or nobody who confirms.
    private void StandWatch(long at, long since, Dictionary<string, int> restarts)
    {
        if (at >= since + order.Stand.Length || server.Profile.Current != _target || server.Switches.Holder is not null)
        {
            return;
        }

        var loop = server.Services.Units.FirstOrDefault(unit => !_before.Contains(unit.Name) && unit.Restarts - Seen(unit) >= 2);
        var trouble = loop is not null ? new SwitchTroubleLine("crash-loop", loop.Name, loop.ChangedAt, $"{loop.Name} was started again twice.")
            : order.Stand.Confirm > 0 && !_standConfirmed && at >= since + order.Stand.Confirm ? new SwitchTroubleLine("unconfirmed", "-", since + order.Stand.Confirm, "No confirmation came over a new connection.")
            : null;
        if (trouble is null)
        {
            Then(at + (100 * Millisecond), then => StandWatch(then, since, restarts));
            return;
        }

        server.Switches.StartByItself(new SwitchOrder(order.Stand.Undo!.Value, true, _from.Path.Text, _fromNumber, _target.Path.Text) { Cause = (order.Id, trouble) }, at);

        int Seen(DemoUnit unit) => restarts.TryGetValue(unit.Name, out var seen) ? seen : restarts[unit.Name] = unit.Restarts;
    }

    private void Refuse(long at, string check, string why)
    {
        Line(at, "check", check, "failed", why);
        End(at, false, "");
        Done(at, "refused", "-", why);
    }

    private void Done(long at, string verdict, string status, string text)
    {
        var profile = server.Profile;
        Line(at, "done", verdict, status, profile.Current.Path.Text, profile.Linked.System.Path.Text, profile.Linked.Number.ToString(), text);
        files.Ended();
    }
}
