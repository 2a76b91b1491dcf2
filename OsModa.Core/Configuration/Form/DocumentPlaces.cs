namespace OsModa.Core.Configuration;

/// <summary>
/// Values at any place of a document, wherever its settings begin: the form edits <c>services.web.settings.port</c> whether the document sets that
/// place, one around it, or several within it.
/// </summary>
public static class DocumentPlaces
{
    /// <summary>What the document says at a place; null where it says nothing.</summary>
    public static NixValue? ValueAt(this SettingsDocument document, OptionPath path)
    {
        var value = Around(document, path) is { } around ? Within(around.Value, path.Parts.AsSpan()[around.Path.Parts.Length..]) : null;
        foreach (var (place, setting) in document.Settings)
        {
            if (place.Parts.Length > path.Parts.Length && place.IsWithin(path))
            {
                value = Put(value, place.Parts.AsSpan()[path.Parts.Length..], setting.Value);
            }
        }

        return value;
    }

    /// <summary>The setting at a place or around it, which its value is a part of.</summary>
    public static Setting? Around(this SettingsDocument document, OptionPath path)
    {
        for (var length = path.Parts.Length; length > 0; length--)
        {
            if (document[OptionPath.Of(path.Parts[..length])] is { } setting)
            {
                return setting;
            }
        }

        return null;
    }

    /// <summary>The place around this one that the document says with an expression of Nix, so that only an evaluation tells what is further in; null where there is none.</summary>
    public static OptionPath? ExpressionAround(this SettingsDocument document, OptionPath path)
    {
        if (document.Around(path) is not { } around)
        {
            return null;
        }

        var value = around.Value;
        for (var length = around.Path.Parts.Length; length < path.Parts.Length; length++)
        {
            if (value is NixExpression)
            {
                return OptionPath.Of(path.Parts[..length]);
            }

            if (value is not NixSet(var members) || !members.TryGetValue(path.Parts[length], out value))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>
    /// The document with a value at a place and nothing else within it. What is set around the place stays, but for this. Within an expression it becomes a
    /// setting of its own, which the module system brings together with what the expression comes to.
    /// </summary>
    public static SettingsDocument Put(this SettingsDocument document, OptionPath path, NixValue value)
    {
        var bare = document.WithoutWithin(path);
        var around = bare.Around(path);
        if (around is null || around.Path.Equals(path))
        {
            return bare.With(around is null ? new Setting(path, value) : around with { Value = value });
        }

        if (bare.ExpressionAround(path) is not null)
        {
            return bare.With(new Setting(path, value, around.Priority));
        }

        // A member that was only named, with nothing in it yet: its fields become settings of their own, which two people can change side by side.
        return around.Value == NixSet.Empty
            ? bare.Without(around.Path).With(new Setting(path, value, around.Priority))
            : bare.With(around with { Value = Put(around.Value, path.Parts.AsSpan()[around.Path.Parts.Length..], value) });
    }

    /// <summary>As <see cref="Put(SettingsDocument, OptionPath, NixValue)"/>, in one setting with all that is within the place that settings begin at.</summary>
    /// <param name="document">What is there.</param>
    /// <param name="path">The place.</param>
    /// <param name="value">What to say there.</param>
    /// <param name="begin">At the place or around it: <see cref="OptionLookup.BeginOf"/>.</param>
    public static SettingsDocument Put(this SettingsDocument document, OptionPath path, NixValue value, OptionPath begin)
    {
        if (begin.Equals(path) || document.ExpressionAround(path) is not null)
        {
            return document.Put(path, value);
        }

        var bare = document.WithoutWithin(path).Without(path);
        var whole = bare.Around(begin) ?? new Setting(begin, NixSet.Empty);
        return bare.With(whole with { Value = Put(whole.Value, path.Parts.AsSpan()[whole.Path.Parts.Length..], value) });
    }

    /// <summary>The priority of what the document says at a place; null where it says nothing, or several things of several priorities.</summary>
    public static int? PriorityAt(this SettingsDocument document, OptionPath path) => document.Around(path)?.Priority
        ?? (document.Settings.Values.Where(setting => setting.Path.IsWithin(path)).Select(setting => setting.Priority).Distinct().ToList() is [var one] ? one : null);

    /// <summary>
    /// The document with what it says at a place said with another priority. A part of a plain setting becomes a setting of its own; a part of one that is not
    /// plain stays what it is, because the one around it would win or lose as a whole.
    /// </summary>
    public static SettingsDocument WithPriority(this SettingsDocument document, OptionPath path, int priority)
    {
        var around = document.Around(path);
        return around is null ? SettingsDocument.Of(document.Settings.Values.Select(setting => setting.Path.IsWithin(path) ? setting with { Priority = priority } : setting))
            : around.Path.Equals(path) ? document.With(around with { Priority = priority })
            : around.Priority == Setting.Plain && Within(around.Value, path.Parts.AsSpan()[around.Path.Parts.Length..]) is { } value ? document.Clear(path).With(new Setting(path, value, priority))
            : document;
    }

    /// <summary>The document with nothing at a place.</summary>
    public static SettingsDocument Clear(this SettingsDocument document, OptionPath path)
    {
        var bare = document.WithoutWithin(path);
        return bare.Around(path) is not { } around ? bare
            : around.Path.Equals(path) ? bare.Without(path)
            : bare.With(around with { Value = Drop(around.Value, path.Parts.AsSpan()[around.Path.Parts.Length..]) });
    }

    /// <summary>A value as it is further in; null where that is not there.</summary>
    public static NixValue? Within(NixValue value, ReadOnlySpan<string> parts) =>
        parts.IsEmpty ? value : value is NixSet(var members) && members.TryGetValue(parts[0], out var member) ? Within(member, parts[1..]) : null;

    private static SettingsDocument WithoutWithin(this SettingsDocument document, OptionPath path) =>
        SettingsDocument.Of(document.Settings.Values.Where(setting => setting.Path.Parts.Length <= path.Parts.Length || !setting.Path.IsWithin(path)));

    private static NixValue Put(NixValue? into, ReadOnlySpan<string> parts, NixValue value)
    {
        if (parts.IsEmpty)
        {
            return value;
        }

        var members = into is NixSet(var there) ? there : NixSet.Empty.Members;
        return new NixSet(members.SetItem(parts[0], Put(members.GetValueOrDefault(parts[0]), parts[1..], value)));
    }

    private static NixValue Drop(NixValue from, ReadOnlySpan<string> parts) =>
        from is not NixSet(var members) || !members.TryGetValue(parts[0], out var member) ? from
        : new NixSet(parts.Length == 1 ? members.Remove(parts[0]) : members.SetItem(parts[0], Drop(member, parts[1..])));
}
