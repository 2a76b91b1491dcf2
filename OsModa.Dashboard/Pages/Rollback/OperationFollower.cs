using Microsoft.AspNetCore.Components;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Rollback;

/// <summary>Reads the row of one operation, and again whenever it has changed.</summary>
public abstract class OperationFollower : FollowingComponent
{
    // Somebody waits for what comes: the first change shows at once, only what follows on its heels is taken together.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private Guid? _read;

    [Inject] public required CurrentCaller Viewer { get; set; }

    [Inject] public required OperationHistory History { get; set; }

    [Inject] public required OperationRows Rows { get; set; }

    [Parameter, EditorRequired] public required ServerCard Server { get; set; }

    [Parameter, EditorRequired] public required ServerState State { get; set; }

    [Parameter, EditorRequired] public required Guid Operation { get; set; }

    /// <summary>The row; null while it is read, or when the server has no such operation.</summary>
    protected OsModa.Core.Operations.Operation? Row { get; private set; }

    protected bool Missing { get; private set; }

    protected TimeSpan? Usual { get; private set; }

    protected OperationTale? Tale => Row is null ? null : OperationTale.Of(Row, State);

    protected override async Task OnParametersSetAsync()
    {
        if (_read == Operation)
        {
            return;
        }

        (_read, var server) = (Operation, Server.Id);
        FollowReading(Interval, ReadAsync, raise => Rows.Subscribe(changed =>
        {
            if (changed == server)
            {
                raise();
            }
        }));
        await InTurnAsync(ReadAsync);
    }

    private async Task ReadAsync()
    {
        if (await Viewer.ReadAsync() is not { } caller)
        {
            return;
        }

        var row = await History.FindAsync(caller, Operation);
        Row = row?.ServerId == Server.Id ? row : null;
        Missing = Row is null;
        Usual ??= await History.UsualAsync(caller, Server.Id);
    }
}
