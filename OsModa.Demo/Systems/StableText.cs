namespace OsModa.Demo.Systems;

/// <summary>A hash of a text that is the same in every process, unlike .NET's own.</summary>
internal static class StableText
{
    public static int Hash(string text) => text.Aggregate(17, static (hash, letter) => unchecked((hash * 31) + letter));
}
