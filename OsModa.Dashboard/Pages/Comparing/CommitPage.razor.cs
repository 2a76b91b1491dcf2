using Microsoft.AspNetCore.Components;
using OsModa.Core.Comparison;
using OsModa.Core.Configuration;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>What is different between what a server runs and what a commit of its configuration makes of it, and what a switch to that will do.</summary>
public sealed partial class CommitPage
{
    private (ServerId Server, string Commit)? _read;
    private CheckRun? _run;
    private PastSwitches _past = PastSwitches.None;
    private (string What, string Why)? _fault;

    [Inject] public required CheckHistory Checks { get; set; }

    [Inject] public required CompareSystems Compare { get; set; }

    [Inject] public required OperationHistory History { get; set; }

    /// <summary>Its first digits, from the address.</summary>
    [Parameter] public string Commit { get; set; } = "";

    private string Short => Commit.Length > 7 ? Commit[..7] : Commit;

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (Server is { } server && _read != (server.Id, Commit))
        {
            _read = (server.Id, Commit);
            _run = null;
            await ReadAsync();
        }
    }

    protected override bool Matters(ServerState before, ServerState now)
    {
        if (before.Pins?.Current != now.Pins?.Current)
        {
            Beside(ReadAgainAsync);
            return true;
        }

        return before.Agents != now.Agents || before.Health != now.Health;
    }

    private async Task ReadAgainAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    private async Task ReadAsync()
    {
        var reading = ReadAnew();
        (Difference, _fault) = (null, null);
        if (Server is not { } server || Caller is not { } caller || State.Pins?.Current is not { } current)
        {
            return;
        }

        if (!CommitPrefix.TryParse(Commit, out var prefix))
        {
            _fault = ("This address names no commit.", "It ends in at least seven of the digits by which git names one.");
            return;
        }

        try
        {
            var run = await Checks.BuiltAsync(caller, server.Id, prefix, reading);
            reading.ThrowIfCancellationRequested();
            _run = run;
            if (!StorePath.TryParse(run?.System, out var built))
            {
                _fault = ($"Commit {Short} was not built for {server.Name} yet.", "Have it checked on the page of its configuration: the last step builds it, and then it can be compared with anything.");
                return;
            }

            var known = await Compare.KnownAsync(caller, server.Id, current, built, cancellationToken: reading);
            reading.ThrowIfCancellationRequested();
            Difference = known;
            if (RendererInfo.IsInteractive && known is not { Read: ComparisonPart.Texts })
            {
                var result = await Compare.RunAsync(caller, server.Id, current, built, part => Beside(() => Show(part, reading)), cancellationToken: reading);
                reading.ThrowIfCancellationRequested();
                Take(result, server.Name);
                var past = PastSwitches.Of(await History.OfServerAsync(caller, server.Id, cancellationToken: reading));
                reading.ThrowIfCancellationRequested();
                _past = past;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // The page was left, or compares something else by now.
        }
    }

    private Forecast? Foretell() => Difference is { Read: ComparisonPart.Texts } whole ? Forecast.Of(whole, State, null) : null;

    private void Take(CompareResult result, string name)
    {
        switch (result)
        {
            case CompareResult.Compared(var difference):
                Difference = difference;
                break;
            case CompareResult.Gone:
                _fault = ("What was built is gone.", $"It was collected as garbage on {name}. Have the commit checked again.");
                break;
            case CompareResult.Failed(var fault):
                _fault = ($"{name} did not say what is different.", fault.Detail);
                break;
            case CompareResult.NoServer:
                Navigation.NotFound();
                break;
        }
    }
}
