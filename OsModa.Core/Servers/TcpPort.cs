using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OsModa.Core.Servers;

/// <summary>A port of TCP, 1 to 65535.</summary>
public readonly record struct TcpPort
{
    private TcpPort(int number) => Number = number;

    public int Number { get; }

    /// <summary>Where sshd listens unless told otherwise: 22.</summary>
    public static TcpPort Ssh { get; } = new(22);

    /// <summary>Nothing typed is 22.</summary>
    public static bool TryParse(string? text, out TcpPort port, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        var number = Ssh.Number;
        var fits = trimmed.Length == 0 || (int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= 65535);
        error = fits ? null : "A port is a number from 1 to 65535; SSH usually has 22.";
        port = fits ? new TcpPort(number) : default;
        return fits;
    }

    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
