namespace OsModa.Core.Ledger.Bundles;

/// <summary>Files that travel in the assembly.</summary>
internal static class BundleTexts
{
    public static byte[] ReadMe { get; } = Read("Ledger.README.txt");

    public static byte[] Read(string name)
    {
        using var stream = typeof(BundleTexts).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
