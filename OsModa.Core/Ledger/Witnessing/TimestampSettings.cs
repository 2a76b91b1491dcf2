using System.Globalization;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>Who puts times under our ledgers (RFC 3161).</summary>
/// <param name="Url">Setting <c>Ledger:Timestamps:Url</c>: where the authority is asked, also by http, because it signs what it answers; null: nobody is.</param>
/// <param name="Name">Setting <c>Ledger:Timestamps:Name</c>: what pages call it; by default the host of its address.</param>
/// <param name="Roots">Setting <c>Ledger:Timestamps:Certificates</c>: whom it has to lead back to.</param>
/// <param name="Every">Setting <c>Ledger:Timestamps:Every</c>: how often a ledger that grows is stamped.</param>
public sealed record TimestampSettings(Uri? Url, string Name, TimestampRoots Roots, TimeSpan Every)
{
    private const int MostName = 100;
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Most = TimeSpan.FromDays(365);

    public static TimestampSettings None { get; } = new(null, "", TimestampRoots.OfSystem, Daily);

    /// <exception cref="StartRefusedException">A setting makes no sense; says which.</exception>
    public static TimestampSettings Parse(string? url, string? name, string? certificates, string? every)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            return string.IsNullOrWhiteSpace(name + certificates + every) ? None
                : throw new StartRefusedException("Settings Ledger:Timestamps are there without Ledger:Timestamps:Url, the address of the time-stamping authority. Name it, or take them out.");
        }

        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0)
        {
            throw new StartRefusedException($"Ledger:Timestamps:Url is '{url}', which is no web address without a password. It has the form https://tsa.example/path.");
        }

        return new TimestampSettings(address, NameOf(name, address), RootsIn(certificates), EveryOf(every));
    }

    private static string NameOf(string? name, Uri address) =>
        string.IsNullOrWhiteSpace(name) ? address.Host
        : ServerText.Harmless(name.Trim(), MostName) is var shown && shown == name.Trim() ? shown
        : throw new StartRefusedException($"Ledger:Timestamps:Name has to be one line of {MostName} characters at most.");

    private static TimestampRoots RootsIn(string? path)
    {
        try
        {
            return string.IsNullOrWhiteSpace(path) ? TimestampRoots.OfSystem : TimestampRoots.Read(path);
        }
        catch (FormatException e)
        {
            throw new StartRefusedException($"Ledger:Timestamps:Certificates cannot be used. {e.Message}", e);
        }
    }

    private static TimeSpan EveryOf(string? every) =>
        string.IsNullOrWhiteSpace(every) ? Daily
        : TimeSpan.TryParse(every, CultureInfo.InvariantCulture, out var time) && time >= Least && time <= Most ? time
        : throw new StartRefusedException($"Ledger:Timestamps:Every is '{every}', and has to be a time from {Least} to {Most:d\\.hh\\:mm\\:ss}, such as 1.00:00:00 for a day.");
}
