using System.Collections.Immutable;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;

namespace OsModa.Dashboard.Pages.Configuration.Editing;

/// <summary>The form of one server as one person has it open: what they began with, what they made of it, and the way back.</summary>
public sealed class FormSession
{
    private const int MostSteps = 200;

    private readonly DocumentCheck _check;
    private readonly Stack<SettingsDocument> _undo = new();
    private readonly Stack<SettingsDocument> _redo = new();
    private string? _lastPlace;
    private SettingsAt _began;
    private ImmutableArray<SettingsChange> _brought = [];

    /// <param name="schema">Of the server.</param>
    /// <param name="basis">What the repository says.</param>
    /// <param name="document">What the person has made of it by now.</param>
    public FormSession(ServerSchema schema, SettingsAt basis, SettingsDocument document)
    {
        (Schema, Basis, Document, _began) = (schema, basis, document, basis);
        _check = new DocumentCheck(schema.Index);
        Judge();
    }

    /// <summary>Called after each change, before anything is drawn.</summary>
    public event EventHandler? Changed;

    public ServerSchema Schema { get; }

    /// <summary>Whose it is; null where nobody can be asked for packages.</summary>
    public ServerId? Server { get; init; }

    public SettingsAt Basis { get; private set; }

    public SettingsDocument Document { get; private set; }

    public ImmutableArray<DocumentFault> Faults { get; private set; } = [];

    public ImmutableArray<SettingsChange> Changes { get; private set; } = [];

    /// <summary>Drafts of others for the same server.</summary>
    public ImmutableArray<Draft> Others { get; set; } = [];

    /// <summary>Places that this person and somebody else changed, each otherwise, and that nobody has decided yet. The document has the other's value there.</summary>
    public ImmutableArray<SettingsChange> Contradictions { get; private set; } = [];

    /// <summary>
    /// What to keep of it. While contradictions are undecided that is what this person wants on top of what they began with: whenever it is opened, they come up again.
    /// </summary>
    public (SettingsAt Basis, SettingsDocument Document) Kept => OfOthers.IsEmpty ? (Basis, Document)
        : (_began, OfOthers.Aggregate(Document, static (document, own) => own.Onto(document)));

    private ImmutableArray<SettingsChange> OfOthers => Contradictions.RemoveAll(IsBrought);

    /// <summary>Which commit gave each place the value that the repository has.</summary>
    public ImmutableSortedDictionary<OptionPath, Commit> Blame { get; set; } = ImmutableSortedDictionary.Create<OptionPath, Commit>(OptionPath.Order);

    /// <summary>The person may look only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Counts what changed the document other than typing into a field: what a field remembered of itself is of the past then.</summary>
    public int Turn { get; private set; }

    public bool CanUndo => _undo.Count > 0;

    public bool CanRedo => _redo.Count > 0;

    /// <summary>The option that a place belongs to.</summary>
    public Option? OptionOf(OptionPath place) => _check.OptionOf(place);

    /// <summary>The document with what was pasted.</summary>
    /// <exception cref="FormatException">The document cannot say it.</exception>
    public SettingsDocument With(IEnumerable<Setting> pasted)
    {
        var document = Document;
        foreach (var setting in pasted)
        {
            var begin = _check.BeginOf(setting.Path);
            document = begin.Equals(setting.Path) ? document.Clear(setting.Path).With(setting)
                : setting.Priority != Setting.Plain ? throw new FormatException($"{begin} takes its value as a whole: {setting.Path} cannot have a priority of its own. Give it to {begin}.")
                : document.ExpressionAround(setting.Path) is { } around ? throw new FormatException($"{around} is written as Nix, and {setting.Path} lies within it. Change it there.")
                : document.Put(setting.Path, setting.Value, begin);
        }

        return document;
    }

    /// <summary>The document with a value at a place, in a setting that begins where one can.</summary>
    public SettingsDocument With(OptionPath place, NixValue value) => Document.Put(place, value, _check.BeginOf(place));

    /// <summary>Whether a field can be written, by where its value comes from, and by what the form says around it.</summary>
    public WriteRule RuleOf(OptionPath place) =>
        Document.ExpressionAround(place) is { } around ? new WriteRule(WriteAccess.Locked, $"{around} is written as Nix, and this lies within it. Change it there.")
        : OptionOf(place) is { } option ? WriteRule.For(option, Schema.HereAt(option.Path)?.Where, Basis.Document.Around(option.Path), Document.PriorityAt(option.Path)) : new WriteRule(WriteAccess.Writable, null);

    /// <param name="next">The document after the change.</param>
    /// <param name="place">Where it was; several changes of one place in a row are taken back as one.</param>
    public void Apply(SettingsDocument next, string? place = null)
    {
        if (ReadOnly || next.Equals(Document))
        {
            return;
        }

        if (place is null || place != _lastPlace || _undo.Count == 0)
        {
            _undo.Push(Document);
            Forget(_undo);
        }

        Turn += place is null ? 1 : 0;
        _lastPlace = place;
        _redo.Clear();
        Become(next);
    }

    public void Undo() => Step(_undo, _redo);

    public void Redo() => Step(_redo, _undo);

    /// <summary>
    /// The form was opened anew beneath the person's hands, as when the server's options were read again: what they made of it, with the way back and what is undecided.
    /// Nothing of it is left where what the repository says is another now.
    /// </summary>
    /// <param name="before">The form that they had open.</param>
    public void Continue(FormSession before)
    {
        if (before.ReadOnly || !before.Basis.Document.Equals(Basis.Document))
        {
            return;
        }

        foreach (var (from, to) in new[] { (before._undo, _undo), (before._redo, _redo) })
        {
            to.Clear();
            foreach (var document in from.Reverse())
            {
                to.Push(document);
            }
        }

        (_lastPlace, _began, _brought, Contradictions, Turn) = (before._lastPlace, before._began, before._brought, before.Contradictions, before.Turn);
        Become(before.Document);
    }

    /// <summary>Back to what the repository says; can be taken back.</summary>
    public void Discard() => Apply(Basis.Document);

    /// <summary>Somebody saved meanwhile: the same changes on top of what is saved now.</summary>
    public void Rebase(SettingsAt now)
    {
        if (now.Document.Equals(Basis.Document))
        {
            // Something of another server: nothing here has changed, and the way back stays.
            Basis = now;
            return;
        }

        var merge = SettingsMerge.Of(Basis.Document, now.Document, Document);
        _began = OfOthers.IsEmpty ? Basis : _began;
        Basis = now;
        _undo.Clear();
        _redo.Clear();
        _lastPlace = null;
        Turn++;
        Contradictions = [.. Contradictions.Where(old => merge.Contradictions.All(change => !change.Path.Equals(old.Path))), .. merge.Contradictions];
        Become(merge.Document);
    }

    /// <summary>Changes of this person's from elsewhere, such as an earlier proposal, beside what is here. Where both say something, what is here stays until they decide.</summary>
    public void Bring(SettingsMerge merge)
    {
        _brought = merge.Contradictions;
        Contradictions = [.. Contradictions.Where(old => merge.Contradictions.All(change => !change.Path.Equals(old.Path))), .. merge.Contradictions];
        Apply(merge.Document);
    }

    /// <summary>It is between what is here and what was brought.</summary>
    public bool IsBrought(SettingsChange contradiction) => _brought.Contains(contradiction);

    /// <summary>This person's value after all.</summary>
    public void Insist(SettingsChange change)
    {
        Contradictions = Contradictions.Remove(change);
        Apply(change.Onto(Document));
    }

    /// <summary>The other's value stays.</summary>
    public void GiveWay(SettingsChange change)
    {
        Contradictions = Contradictions.Remove(change);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>The commit that an option, or something within it, was last changed by; null where the repository says nothing of it.</summary>
    public Commit? LastChangeOf(OptionPath path) => Blame.Where(entry => entry.Key.IsWithin(path) || path.IsWithin(entry.Key)).Select(entry => entry.Value).MaxBy(commit => commit.At);

    private void Step(Stack<SettingsDocument> from, Stack<SettingsDocument> to)
    {
        if (from.TryPop(out var document))
        {
            to.Push(Document);
            _lastPlace = null;
            Turn++;
            Become(document);
        }
    }

    private void Become(SettingsDocument document)
    {
        Document = document;
        Judge();
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private void Judge()
    {
        Changes = SettingsChange.Between(Basis.Document, Document);
        Faults = _check.Faults(Document);
    }

    private static void Forget(Stack<SettingsDocument> steps)
    {
        if (steps.Count > MostSteps)
        {
            var kept = steps.Take(MostSteps / 2).Reverse().ToArray();
            steps.Clear();
            Array.ForEach(kept, steps.Push);
        }
    }
}
