using System.Globalization;
using System.Runtime.InteropServices;
using OsModa.Core.Nix;
using OsModa.Core.Observation;

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

    public override string ToString() => $"{From}..{To}";

    private static int? Number(string text) => text.Length is > 0 and < 9 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
