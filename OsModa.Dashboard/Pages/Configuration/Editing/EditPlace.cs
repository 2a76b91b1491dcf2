using System.Collections.Immutable;
using OsModa.Core.Configuration;

namespace OsModa.Dashboard.Pages.Configuration.Editing;

/// <summary>Where a widget writes: a place of the document, or further in within a list. Widgets know nothing else of the document.</summary>
/// <param name="session">The form.</param>
/// <param name="at">Names of the option and further in, and positions of elements.</param>
public abstract class EditPlace(FormSession session, ImmutableArray<string> at)
{
    public FormSession Session => session;

    public ImmutableArray<string> At => at;

    /// <summary>Unique on the page, for labels.</summary>
    public string Id { get; } = "f-" + string.Concat(string.Join('.', at).Select(c => char.IsWhiteSpace(c) ? '_' : c));

    /// <summary>What the form says; null where it says nothing.</summary>
    public abstract NixValue? Value { get; }

    /// <summary>What counts where the form says nothing: a value of the server's files, or the default. Null where that is not known.</summary>
    public abstract NixValue? Fallback { get; }

    public NixValue? Shown => Value ?? Fallback;

    public abstract void Set(NixValue value);

    /// <summary>The form says nothing here any more.</summary>
    public abstract void Clear();

    public abstract EditPlace Member(string name);

    /// <summary>A member of this name can be edited by itself.</summary>
    public virtual bool HasPlaceFor(string name) => name.Length is > 0 and <= OptionPath.LongestPart;

    public EditPlace Item(int position) => new ItemPlace(this, position);

    /// <summary>Sentences about this very place.</summary>
    public IEnumerable<string> Faults => session.Faults.Where(fault => fault.At.SequenceEqual(at)).Select(fault => fault.Sentence);
}

/// <summary>A place that settings can begin at.</summary>
public sealed class DocumentPlace(FormSession session, OptionPath path, NixValue? fallback) : EditPlace(session, path.Parts)
{
    public OptionPath Path => path;

    public override NixValue? Value => Session.Document.ValueAt(path);

    public override NixValue? Fallback => fallback;

    public override void Set(NixValue value) => Session.Apply(Session.With(path, value), Id);

    public override void Clear() => Session.Apply(Session.Document.Clear(path));

    public override bool HasPlaceFor(string name) => OptionPath.TryFrom(path.Parts.Add(name), out _, out _);

    public override EditPlace Member(string name) =>
        new DocumentPlace(Session, path.Below(name), fallback is null ? null : DocumentPlaces.Within(fallback, [name]));
}

/// <summary>An element of a list: its list is written anew.</summary>
public sealed class ItemPlace(EditPlace list, int position) : EditPlace(list.Session, list.At.Add($"{position}"))
{
    public override NixValue? Value => list.Shown is NixList(var items) && position < items.Length ? items[position] : null;

    public override NixValue? Fallback => null;

    public override void Set(NixValue value)
    {
        if (list.Shown is NixList(var items) && position < items.Length)
        {
            list.Set(new NixList(items.SetItem(position, value)));
        }
    }

    public override void Clear()
    {
        if (list.Shown is NixList(var items) && position < items.Length)
        {
            list.Set(new NixList(items.RemoveAt(position)));
        }
    }

    public override EditPlace Member(string name) => new MemberPlace(this, name);
}

/// <summary>A member of a set within a list.</summary>
public sealed class MemberPlace(EditPlace set, string name) : EditPlace(set.Session, set.At.Add(name))
{
    public override NixValue? Value => set.Value is NixSet(var members) ? members.GetValueOrDefault(name) : null;

    public override NixValue? Fallback => null;

    public override void Set(NixValue value) => set.Set(new NixSet((set.Value as NixSet ?? NixSet.Empty).Members.SetItem(name, value)));

    public override void Clear() => set.Set(new NixSet((set.Value as NixSet ?? NixSet.Empty).Members.Remove(name)));

    public override EditPlace Member(string name) => new MemberPlace(this, name);
}
