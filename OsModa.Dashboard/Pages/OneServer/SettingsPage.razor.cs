using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using OsModa.Core;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;
using Radzen;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>What people have said of a server, its accepted keys, and its removal.</summary>
public sealed partial class SettingsPage
{
    private Server? _row;
    private ImmutableArray<ServerCard> _others = [];
    private ServerForm _form = new(null, null, null, null);
    private FieldErrors _errors = new();
    private DateTimeOffset? _savedAt;
    private bool _busy;

    [Inject] public required ChangeServer Change { get; set; }

    [Inject] public required ServerDirectory Directory { get; set; }

    [Inject] public required DialogService Dialogs { get; set; }

    private bool Changed => _row is not null && _form != ServerForm.Of(_row);

    protected override async Task FoundAsync(ServerCard server)
    {
        _row = await Directory.FindAsync(Caller!, server.Id, CancellationToken.None);
        _form = _row is null ? _form : ServerForm.Of(_row);
        _others = [.. (await Book.OfAsync(Caller!)).Where(other => other.Id != server.Id)];
    }

    private async Task SaveAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            await ChangeAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task ChangeAsync()
    {
        var result = await Viewer.ReadAsync() is { } caller ? await Change.RunAsync(caller, Server!.Id, _form, ServerForm.Of(_row!), CancellationToken.None) : FieldErrors.Of("", CurrentCaller.SignedOut);
        _errors = result.Errors;
        if (result.Done)
        {
            _row = result.Value;
            _form = ServerForm.Of(_row);
            _savedAt = Time.GetUtcNow();
            await ReloadAsync();
        }
        else if (await Directory.FindAsync(Caller!, Server!.Id, CancellationToken.None) is { } now)
        {
            // What others have changed meanwhile shows; what was typed here stays.
            _form = _form.Onto(ServerForm.Of(_row!), ServerForm.Of(now), new FieldErrors());
            _row = now;
        }
    }

    private async Task RemoveAsync() => await Dialogs.OpenAsync<RemoveDialog>($"Remove {Server!.Name}?", new Dictionary<string, object?> { [nameof(RemoveDialog.Server)] = Server }, new DialogOptions { Width = "480px", AutoFocusFirstElement = false });
}
