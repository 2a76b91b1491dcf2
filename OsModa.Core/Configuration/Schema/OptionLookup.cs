namespace OsModa.Core.Configuration;

/// <summary>What may be written at a place: the type there, and the option that it belongs to.</summary>
/// <param name="Option">The option whose name the place begins with, as the schema has it.</param>
/// <param name="Place">The place in the schema, with placeholders.</param>
/// <param name="Type">Of a value there.</param>
public sealed record OptionAtPlace(Option Option, OptionPath Place, OptionType Type);

/// <summary>
/// Finds what a place such as <c>services.nginx.virtualHosts."example.org".root</c> is in a schema, where it stands as
/// <c>services.nginx.virtualHosts.&lt;name&gt;.root</c>. Elements of lists have no names, so nothing within a list has a place.
/// </summary>
public static class OptionLookup
{
    public static OptionAtPlace? Find(OptionIndex index, OptionPath path)
    {
        OptionPath? place = null;
        OptionAtPlace? at = null;
        foreach (var part in path.Parts)
        {
            if (at is null)
            {
                place = place?.Below(part) ?? OptionPath.Of(part);
                at = index.Find(place) is { } option ? new OptionAtPlace(option, place, option.Type) : null;
                continue;
            }

            at = Within(index, at, part, out place);
            if (at is null && place is null)
            {
                return null;
            }
        }

        return at;
    }

    /// <summary>
    /// The place at or around this one that a setting can begin at. A type that does not bring its members together one by one takes its value as a whole:
    /// priorities within it would stay in the value, and definitions side by side would replace each other.
    /// </summary>
    public static OptionPath BeginOf(OptionIndex index, OptionPath path)
    {
        OptionPath? place = null;
        OptionAtPlace? at = null;
        var (reached, whole) = (0, false);
        for (var i = 0; i < path.Parts.Length; i++)
        {
            if (at is null)
            {
                place = place?.Below(path.Parts[i]) ?? OptionPath.Of(path.Parts[i]);
                at = index.Find(place) is { } option ? new OptionAtPlace(option, place, option.Type) : null;
            }
            else
            {
                var outer = Open(at.Type).Any(TakesWhole);
                at = Within(index, at, path.Parts[i], out place);
                if (at is null && place is null)
                {
                    return outer ? OptionPath.Of(path.Parts[..reached]) : path;
                }

                whole = outer;
            }

            reached = at is null ? reached : i + 1;
        }

        return at is null && whole && reached > 0 ? OptionPath.Of(path.Parts[..reached]) : path;
    }

    /// <summary>How members that a sub-module does not declare are taken; several where it takes sets of several kinds, none where there may be none.</summary>
    public static IEnumerable<AttributesType> Free(SubmoduleType module) => module.Freeform is not { } free ? []
        : Open(free).Select(static type => type switch { AttributesType set => set, AnyType => new AttributesType(new AnyType()), _ => null }).OfType<AttributesType>();

    // A member of a set takes its name; a sub-module is entered by the name of its option.
    private static OptionAtPlace? Within(OptionIndex index, OptionAtPlace at, string part, out OptionPath? place)
    {
        foreach (var type in Open(at.Type))
        {
            switch (type)
            {
                case AttributesType set:
                    place = at.Place.Below($"<{set.Placeholder}>");
                    return at with { Place = place, Type = set.Element };
                case SubmoduleType or UnionType when OptionPath.TryFrom(at.Place.Parts.Add(part), out var inner, out _) && index.Find(inner) is { } option:
                    place = inner;
                    return new OptionAtPlace(option, inner, option.Type);
                case SubmoduleType when OptionPath.TryFrom(at.Place.Parts.Add(part), out var group, out _) && index.LeadsOn(group):
                    place = group;
                    return null;    // a name with options further in, such as settings.log
                case SubmoduleType module when !TakesWhole(module) && Free(module).FirstOrDefault() is { } members:
                    place = at.Place.Below($"<{members.Placeholder}>");
                    return at with { Place = place, Type = members.Element };
                case AnyType:
                    place = null;
                    return null;
            }
        }

        place = null;
        return null;
    }

    // Such as types.attrs, also as what a sub-module takes beside what it declares.
    private static bool TakesWhole(OptionType type) => type is AnyType or OtherType or CodeType || (type is SubmoduleType { Freeform: { } free } && Open(free).Any(static members => members is AnyType { OnlySets: true } or OtherType));

    private static IEnumerable<OptionType> Open(OptionType type) => type switch
    {
        NullableType(var element) => Open(element),
        EitherType(var choices) => choices.SelectMany(Open),
        CoercedType(_, var to) => Open(to),
        _ => [type],
    };
}
