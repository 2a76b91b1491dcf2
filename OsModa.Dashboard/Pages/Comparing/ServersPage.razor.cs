using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Comparison;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>What is different between the systems that two servers run now; without the second, whom to choose.</summary>
public sealed partial class ServersPage
{
    private ImmutableArray<ServerCard> _cards = [];
    private ServerCard? _right;
    private Sides _sides = Sides.InTime;
    private (string What, string Why)? _fault;
    private (StorePath? Left, StorePath? Right) _read;
    private string _unheard = "";

    [Inject] public required CompareServers Compare { get; set; }

    /// <summary>The second server, from the address.</summary>
    [Parameter] public Guid? Other { get; set; }

    private ImmutableArray<OtherServer> Others => [.. _cards.Where(card => card.Id != Server!.Id).Select(card => new OtherServer(card, Fleet[card.Id]))];

    // What the two run now, as far as they have said.
    private (StorePath? Left, StorePath? Right) Run => (State.Pins?.Current, _right is { } right ? Fleet[right.Id].Pins?.Current : null);

    // Names of those that are not heard now, though they were.
    private string Unheard => string.Join(" and ", new[] { Server, _right }.OfType<ServerCard>().Where(card => Fleet[card.Id] is { Pins: not null, Reach: not Reach.Live }).Select(card => card.Name));

    protected override async Task OnParametersSetAsync()
    {
        var before = (Server?.Id, _right?.Id);
        await base.OnParametersSetAsync();
        if (Server is not { } server || Caller is not { } caller)
        {
            return;
        }

        _cards = await Book.OfAsync(caller);
        _right = Other is { } other ? _cards.FirstOrDefault(card => card.Id.Value == other) : null;
        if (Other is not null && _right is null)
        {
            Navigation.NotFound();
        }
        else if (_right is not null && before != (server.Id, _right.Id))
        {
            _sides = new Sides(server.Name, _right.Name);
            await ReadAsync();
        }
    }

    protected override bool Follows(ServerId server) => server == _right?.Id;

    protected override bool Matters(ServerState before, ServerState now) => before.Pins?.Current != now.Pins?.Current;

    protected override bool Pull()
    {
        var moved = base.Pull();
        var unheard = Unheard;
        moved = moved || unheard != _unheard;
        _unheard = unheard;
        if (_right is null || _read == Run)
        {
            return moved;
        }

        _read = Run;
        Beside(ReadAsync);
        return true;
    }

    private async Task ReadAsync()
    {
        var reading = ReadAnew();
        (Difference, _fault, _read) = (null, null, Run);
        if (_right is not { } right || Server is not { } server || Caller is not { } caller || !RendererInfo.IsInteractive)
        {
            return;
        }

        StateHasChanged();
        try
        {
            var result = await Compare.RunAsync(caller, server.Id, right.Id, reading);
            reading.ThrowIfCancellationRequested();
            Take(result);
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            return;
        }

        StateHasChanged();
    }

    private void Take(CompareServersResult result)
    {
        switch (result)
        {
            case CompareServersResult.Compared(var difference):
                Difference = difference;
                break;
            case CompareServersResult.Unheard(var server):
                _fault = ($"{server.Name} has not said yet what it runs.", "It is compared as soon as it is heard.");
                break;
            case CompareServersResult.Gone(var server):
                _fault = ($"The system of {server.Name} is gone.", "It was collected as garbage while it ran; a switch brings it another one.");
                break;
            case CompareServersResult.Failed(var server, var fault):
                _fault = ($"{server.Name} did not say what its system is made of.", fault.Detail);
                break;
            case CompareServersResult.NoServer:
                Navigation.NotFound();
                break;
        }
    }

    private void Go(ChangeEventArgs chosen) => Navigation.NavigateTo($"{Address}/compare/with/{chosen.Value}");

    private string Verdict(SystemDifference difference, string right)
    {
        var units = difference.Units;
        var (onlyRight, onlyLeft) = (units.Count(unit => unit.Old is null && unit.New is not null), units.Count(unit => unit.New is null && unit.Old is not null));
        var packages = difference.Packages.Changes.Count(change => change.Kind is not (PackageChangeKind.Configuration or PackageChangeKind.Rebuilt));
        var only = (onlyRight, onlyLeft) switch
        {
            (0, 0) => "Both have the same units",
            (_, 0) => $"{right} has {Amount.Count(onlyRight, "unit")} that {Server!.Name} has not",
            (0, _) => $"{Server!.Name} has {Amount.Count(onlyLeft, "unit")} that {right} has not",
            _ => $"{right} has {Amount.Count(onlyRight, "unit")} that {Server!.Name} has not, and lacks {onlyLeft}",
        };
        return $"{only}; {units.Length - onlyLeft - onlyRight} of both differ, and {Amount.Count(packages, "package")}. {(difference.Boot.Kernel is null ? "Their kernel is the same." : "Their kernels are not the same.")}";
    }
}
