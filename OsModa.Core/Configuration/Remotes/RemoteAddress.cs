using System.Diagnostics.CodeAnalysis;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>
/// Where a Git repository of the customer is: <c>ssh://LOGIN@HOST[:PORT]/PATH</c> or <c>LOGIN@HOST:PATH</c>, checked part by part. Nothing but SSH is
/// spoken, and no part can be read as an option, a folder of this machine or another protocol (git-clone(1), GIT URLS).
/// </summary>
public readonly record struct RemoteAddress
{
    public const int Longest = 500;

    private const string Example = "git@git.example.org:shop/servers.git";
    private const string Scheme = "ssh://";
    private static readonly WordShape PathShape = new(WordShape.Small + WordShape.Capital + WordShape.Digits + "/~_.", WordShape.Small + WordShape.Capital + WordShape.Digits + "/~_.-+@=,", Longest);

    private RemoteAddress(LoginName login, HostAddress host, TcpPort port, string path) => (Login, Host, Port, Path) = (login, host, port, path);

    public LoginName Login { get; }

    public HostAddress Host { get; }

    public TcpPort Port { get; }

    /// <summary>As the host gets it: with a slash first it begins at the root there, else in the home of the login.</summary>
    public string Path { get; }

    public static bool TryParse(string? text, out RemoteAddress address, [NotNullWhen(false)] out string? error)
    {
        address = default;
        var trimmed = text?.Trim() ?? "";
        error = Kind(trimmed);
        return error is null && (trimmed.StartsWith(Scheme, StringComparison.Ordinal) ? TryParseUrl(trimmed[Scheme.Length..], out address, out error) : TryParseScp(trimmed, out address, out error));
    }

    /// <summary>In the shorter of the two forms that say the same.</summary>
    public override string ToString()
    {
        var host = Host.Text.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host.Text;
        var port = Port == TcpPort.Ssh ? "" : $":{Port}";
        return Path.StartsWith('/') ? $"{Scheme}{Login}@{host}{port}{Path}" : port.Length > 0 ? $"{Scheme}{Login}@{host}{port}/{Path}" : $"{Login}@{host}:{Path}";
    }

    // What is no address of this kind at all is told by what it is instead.
    private static string? Kind(string text) => text switch
    {
        "" => $"Name the repository, such as {Example}.",
        { Length: > Longest } => $"An address has {Longest} characters at most.",
        _ when text.Any(static c => c is <= ' ' or > '~') => "An address has plain letters, digits and signs only, and no spaces; there is something else in this one.",
        _ when text.StartsWith('-') => $"An address begins with a login, not with a dash: {Example}.",
        _ when text.Contains("::", StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal) => $"Only SSH is spoken, no other transport: {Example}.",
        _ when text.StartsWith(Scheme, StringComparison.Ordinal) => null,
        _ when text.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https:", StringComparison.OrdinalIgnoreCase) => $"Only SSH is spoken, because the dashboard logs in with its key. Most hosts name the same repository {Example}.",
        _ when text.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || text[0] is '/' or '.' or '~' => $"That is a folder on some disk. Name a repository that is reached by SSH: {Example}.",
        _ when text.Contains("://", StringComparison.Ordinal) => $"Only SSH is spoken: {Scheme}git@git.example.org/shop/servers.git, or {Example}.",
        _ => null,
    };

    private static bool TryParseUrl(string rest, out RemoteAddress address, [NotNullWhen(false)] out string? error)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (who, path) = slash < 0 ? (rest, "") : (rest[..slash], rest[slash..]);
        var at = who.LastIndexOf('@');
        var (login, host) = at < 0 ? ("", who) : (who[..at], who[(at + 1)..]);
        // As git does: a home is named without the slash before it.
        path = path.StartsWith("/~", StringComparison.Ordinal) ? path[1..] : path;
        var end = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = host.IndexOf(':', Math.Max(end, 0));
        return TryParse(login, colon < 0 ? host : host[..colon], colon < 0 ? null : host[(colon + 1)..], path, out address, out error);
    }

    private static bool TryParseScp(string text, out RemoteAddress address, [NotNullWhen(false)] out string? error)
    {
        var bracket = text.IndexOf("@[", StringComparison.Ordinal);
        var colon = text.IndexOf(':', bracket < 0 ? 0 : Math.Max(text.IndexOf(']', bracket), 0));
        var (who, path) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        var at = who.IndexOf('@', StringComparison.Ordinal);
        return TryParse(at < 0 ? "" : who[..at], at < 0 ? who : who[(at + 1)..], null, path, out address, out error);
    }

    private static bool TryParse(string login, string host, string? port, string path, out RemoteAddress address, [NotNullWhen(false)] out string? error)
    {
        address = default;
        if (login.Length == 0)
        {
            error = $"Say who logs in, before an @: {Example}.";
            return false;
        }

        if (login.Contains(':', StringComparison.Ordinal))
        {
            error = "Leave the password out: the dashboard logs in with its key alone.";
            return false;
        }

        var bare = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        error = PathError(path);
        if (!LoginName.TryParse(login, out var name, out var wrong) || !HostAddress.TryParse(bare, out var where, out wrong) || !TcpPort.TryParse(port, out var number, out wrong) || error is not null)
        {
            error = wrong ?? error!;
            return false;
        }

        address = new RemoteAddress(name, where, number, path);
        return true;
    }

    private static string? PathError(string path) =>
        path.Trim('/').Length == 0 ? $"Say which repository it is, behind the host: {Example}."
        : !PathShape.Fits(path) ? "The path of the repository has letters, digits and / . _ - ~ + @ = , only, and does not begin with a dash."
        : path.Split('/').Any(static part => part is ".." || part.StartsWith('-')) ? "No part of the path is '..' or begins with a dash."
        : null;
}
