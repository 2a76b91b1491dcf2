using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Core.SafeSwitch;

/// <summary>Reads checks from text: what <see cref="HealthCheck.Text"/> wrote.</summary>
public static class HealthCheckText
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out HealthCheck? check, [NotNullWhen(false)] out string? error)
    {
        check = null;
        var fields = (text ?? "").Split('\t');
        if (fields.Length < 3)
        {
            error = "A check has a name, a kind and what to look at.";
            return false;
        }

        if (HealthCheckName.TryParse(fields[0], out var name, out error))
        {
            check = Read(name, fields[1], fields.AsSpan(2), out error);
        }

        return check is not null;
    }

    private static HealthCheck? Read(HealthCheckName name, string kind, ReadOnlySpan<string> values, out string? error)
    {
        error = "A check is of a unit, tcp, http, a command or a daemon.";
        switch (kind)
        {
            case "unit" when values.Length == 1:
                error = UnitName.TryParse(values[0], out var unit) ? null : "That is not the name of a systemd unit, such as nginx.service.";
                return error is null ? new HealthCheck.OfUnit(name, unit) : null;
            case "tcp" when values.Length == 2:
                return HostAddress.TryParse(values[0], out var host, out error) && TcpPort.TryParse(values[1], out var port, out error) ? new HealthCheck.OfPort(name, host, port) : null;
            case "http" when values.Length == 4 && values[2].StartsWith('='):
                return HealthCheck.OfUrl.TryMake(name, values[0], Number(values[1]), values[2][1..], TimeSpan.FromMilliseconds(Number(values[3])), out var url, out error) ? url : null;
            case "command" when values.Length == 1:
                return HealthCheck.OfCommand.TryMake(name, values[0], out var command, out error) ? command : null;
            case "daemon" when values.Length == 1:
                return HealthCheck.OfDaemon.TryMake(name, values[0], out var daemon, out error) ? daemon : null;
            default:
                return null;
        }
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
