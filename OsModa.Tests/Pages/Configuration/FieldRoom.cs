using Bunit;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Pages.Configuration;
using OsModa.Dashboard.Pages.Configuration.Editing;
using OsModa.Tests.Configuration;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>One field of a form at a time, on a server whose <c>web.nix</c> sets <c>services.web.user</c>.</summary>
public abstract class FieldRoom : BunitContext
{
    private readonly SomeSchema _some = new(new ValueHere(SomeSchema.Path("services.web.user"), Setting.Plain, [new SourcePlace("/etc/nixos/web.nix", null)], new NixText("nobody")));
    private FormSession? _session;

    /// <summary>Of the field that was opened last.</summary>
    protected FormSession Session => _session!;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _some.Dispose();
        }
    }

    /// <param name="option">Which field.</param>
    /// <param name="nix">What the form sets already.</param>
    /// <param name="readOnly">For somebody who may only look.</param>
    protected IRenderedComponent<OptionField> Open(string option, string nix = "", bool readOnly = false)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        var document = SettingsDocument.Of(NixReader.Settings(nix, path => path.Parts.Length > 2));
        _session = new FormSession(_some.Schema, new SettingsAt(null, document), document) { ReadOnly = readOnly };
        var field = Render<OptionField>(parameters => parameters.Add(f => f.Session, _session).Add(f => f.Path, SomeSchema.Path(option)));
        _session.Changed += (_, _) => field.Render();
        return field;
    }

    protected NixValue? Value(string path) => Session.Document.ValueAt(SomeSchema.Path(path));
}
