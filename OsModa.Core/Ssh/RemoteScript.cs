using System.Collections.Concurrent;
using System.Text;

namespace OsModa.Core.Ssh;

/// <summary>One of our scripts, an embedded file such as <c>observe.sh</c>. Scripts are the only commands that reach a server.</summary>
/// <param name="Name">File name, for logs.</param>
/// <param name="Text">POSIX shell.</param>
public sealed record RemoteScript(string Name, string Text)
{
    private static readonly ConcurrentDictionary<string, RemoteScript> Read = new(StringComparer.Ordinal);

    /// <summary>Reads an embedded script once.</summary>
    /// <exception cref="FileNotFoundException">No such script: a mistake of ours.</exception>
    public static RemoteScript Embedded(string name) => Read.GetOrAdd(name, static n =>
    {
        using var stream = typeof(RemoteScript).Assembly.GetManifestResourceStream(n)
            ?? throw new FileNotFoundException($"No script '{n}' in this assembly.", n);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new RemoteScript(n, reader.ReadToEnd());
    });
}
