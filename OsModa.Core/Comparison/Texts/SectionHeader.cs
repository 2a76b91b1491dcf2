namespace OsModa.Core.Comparison.Texts;

/// <summary>Lines such as <c>[Service]</c>, which say what the lines below them are about.</summary>
internal static class SectionHeader
{
    private const int Longest = 80;

    public static bool Is(string line) => line is ['[', .., ']'] && line.Length <= Longest;
}
