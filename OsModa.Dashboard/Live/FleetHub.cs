using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using OsModa.Core.Accounts;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Live;

/// <summary>The fleet for programs: the same as the fleet page, as messages. What they look like is in docs/fleethub.md.</summary>
[Authorize]
public sealed class FleetHub(Callers callers, FleetBoards boards, TimeProvider time) : Hub
{
    public const string Path = "/hubs/fleet";

    /// <summary>
    /// All servers of the caller's organisation at once, then whatever changes, in order. What changes faster than it is taken
    /// comes together in one message. Ends when the caller loses the right to see it.
    /// </summary>
    public async IAsyncEnumerable<FleetUpdate> Watch([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(Context.User, cancellationToken) ?? throw new HubException("You belong to no organisation here.");
        var marks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var board = await boards.OfAsync(caller, cancellationToken);
        using var reading = board.Read(() => marks.Writer.TryWrite(true));
        var sent = board.View;
        yield return FleetUpdate.Whole(sent);
        while (await marks.Reader.WaitToReadAsync(cancellationToken))
        {
            marks.Reader.TryRead(out _);

            // Asked each time: somebody may have been put out of the organisation meanwhile, or be signed in for too long.
            if (PersonClaims.IsTooOld(Context.User!, time.GetUtcNow()) || (await callers.ReadAsync(Context.User, cancellationToken))?.OrganisationId != caller.OrganisationId)
            {
                throw new HubException("You may not see these servers any more.");
            }

            var now = board.View;
            if (FleetUpdate.Between(sent, now) is { } update)
            {
                yield return update;
            }

            sent = now;
        }
    }
}
