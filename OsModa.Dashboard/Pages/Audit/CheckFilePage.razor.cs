using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Pages.Audit;

public sealed partial class CheckFilePage
{
    private const int PieceBytes = 64 * 1024;
    private static readonly TimeSpan Drawn = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _left = new();
    private ExportVerdict? _verdict;
    private string? _progress;
    private string? _refused;
    private string? _key;
    private string? _keyError;
    private long _drawnAt;
    private bool _listens;

    [Inject] public required CheckExport Export { get; set; }

    [Inject] public required CurrentCaller Viewer { get; set; }

    private Look Shield => _verdict!.Report.Result switch
    {
        CheckResult.Ok => new("verified", "verified", ""),
        CheckResult.Policy => new("warning", "warning", ""),
        _ => new("bad", "broken", ""),
    };

    private List<string> Told
    {
        get
        {
            var (verdict, report) = (_verdict!, _verdict!.Report);
            List<string> told = [];
            if (verdict.Origin.Length > 0)
            {
                told.Add(verdict.IsOurs ? $"It is of your organisation's ledger, {verdict.Origin}, whose key is known here." : $"It says that it is of the ledger {verdict.Origin}, which is not your organisation's.");
            }

            if (verdict.EntriesHere is { } here)
            {
                told.Add($"The ledger here has {here:N0} entries and continues what is in the file.");
            }

            if (report is { First: > 0, Entries: > 0 } && report.First < report.SignedEntries)
            {
                told.Add($"It begins at entry {report.First:N0}; of those before there are only fingerprints in it.");
            }

            if (report.Stamp is { } stamp)
            {
                told.Add(stamp.IsTrusted is null ? stamp.Sentence : $"{stamp.Sentence} Whom you trust for that, the settings of this dashboard say.");
            }

            told.AddRange(report.Chains.Select(chain => chain.FirstBroken is { } at
                ? $"A server's own chain in it, {chain.Events:N0} events, is broken at entry {at:N0}. {(report.IsOfOne ? "An event before that was left out of the file, or the server broke its chain." : "That is the server's doing, not the ledger's.")}"
                : $"A server's own chain in it, {chain.Events:N0} events, is whole."));
            return told;
        }
    }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    // What listens to the input is put there after the first drawing: a file chosen before would be lost without a word.
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _listens = true;
            StateHasChanged();
        }
    }

    private async Task ChosenAsync(InputFileChangeEventArgs chosen)
    {
        if (_progress is not null)
        {
            return;
        }

        (_verdict, _refused, _keyError) = (null, null, null);
        VerifierKey? key = null;
        if (!string.IsNullOrWhiteSpace(_key) && !VerifierKey.TryParse(_key.Trim(), out key, out _keyError))
        {
            return;
        }

        if (chosen.File.Size > CheckExport.MostBytes)
        {
            _refused = $"It has {chosen.File.Size / 1024 / 1024:N0} MiB, and a page takes {CheckExport.MostBytes / 1024 / 1024}. Check it with the command.";
            return;
        }

        if (await Viewer.ReadAsync() is not { } caller)
        {
            _refused = CurrentCaller.SignedOut;
            return;
        }

        try
        {
            await Draw("Waiting until the files before it are checked");
            // A report may come when all is over.
            var progress = new Progress<long>(read => Beside(() => _progress is null ? Task.CompletedTask : Draw($"Checking: {read:N0} entries")));
            _verdict = await Export.RunAsync(caller, (to, stop) => ReceiveAsync(chosen.File, to, stop), key, progress, _left.Token);
        }
        catch (IOException)
        {
            _refused = "It did not arrive whole. Choose it once more.";
        }
        catch (TimeoutException late)
        {
            _refused = $"{late.Message} Choose it once more, or check it with the command.";
        }
        finally
        {
            _progress = null;
        }
    }

    private async Task ReceiveAsync(IBrowserFile file, Stream to, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        await using var from = file.OpenReadStream(CheckExport.MostBytes, cancellationToken);
        for (int read; (read = await from.ReadAsync(piece, cancellationToken)) > 0;)
        {
            await to.WriteAsync(piece.AsMemory(0, read), cancellationToken);
            await Draw($"Receiving: {100 * to.Length / Math.Max(1, file.Size)} %");
        }
    }

    private Task Draw(string progress)
    {
        var first = _progress is null;
        _progress = progress;
        if (first || Time.GetElapsedTime(_drawnAt) >= Drawn)
        {
            _drawnAt = Time.GetTimestamp();
            StateHasChanged();
        }

        return Task.CompletedTask;
    }
}
