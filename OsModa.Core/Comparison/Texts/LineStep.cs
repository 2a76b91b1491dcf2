using System.Runtime.InteropServices;

namespace OsModa.Core.Comparison.Texts;

/// <summary>Indexes of two lines that stand beside each other; -1 for none.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LineStep(int From, int To)
{
    public const int None = -1;
}
