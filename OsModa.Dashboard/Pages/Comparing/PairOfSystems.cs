using System.Globalization;
using System.Runtime.InteropServices;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>Two generations of a server, as the address of a comparison names them: <c>41..42</c>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PairOfSystems(int From, int To)
{
    public PairOfSystems Swapped => new(To, From);

    /// <summary>False: it is no pair; the page says how one looks.</summary>
    public static bool TryParse(string? text, out PairOfSystems pair)
    {
        pair = default;
        if (text?.Split("..") is not [var from, var to] || Number(from) is not { } a || Number(to) is not { } b)
        {
            return false;
        }

        pair = new PairOfSystems(a, b);
        return true;
    }

    /// <summary>The generation of this number that the server has, or had.</summary>
    public static Generation? Find(ServerState state, int number) =>
        state.Generations.FirstOrDefault(g => g.Number == number && g.GoneAt is null) ?? state.Generations.FirstOrDefault(g => g.Number == number);

    /// <summary>The generation that runs now, behind the newest older one of another system: what changed with the last switch. Null when there is none.</summary>
    public static PairOfSystems? OfLastSwitch(ServerState state) =>
        state.Current is { } current && state.Generations.Where(g => g.GoneAt is null && g.Number < current.Number && g.System != current.System).MaxBy(g => g.Number) is { } before
            ? new PairOfSystems(before.Number, current.Number)
            : null;

    public override string ToString() => $"{From}..{To}";

    private static int? Number(string text) => text.Length is > 0 and < 9 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
