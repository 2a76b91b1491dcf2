using System.Collections.Concurrent;
using System.Text;

namespace OsModa.Core.Ssh;

/// <summary>
/// One of our scripts, an embedded file such as <c>observe.sh</c>. Scripts are the only commands that reach a server. A script is read
/// whole before it begins, so a connection lost on the way never runs half of it. Its standard input is empty.
/// When the run is disposed or the connection ends, the script and its children get SIGTERM; what it handed to systemd goes on.
/// </summary>
/// <param name="Name">File name, for logs: letters, digits, dots and dashes.</param>
/// <param name="Text">POSIX shell.</param>
public sealed record RemoteScript(string Name, string Text)
{
    private static readonly ConcurrentDictionary<string, RemoteScript> Read = new(StringComparer.Ordinal);

    /// <summary>
    /// It cannot do its work without being root: where the login is not root and has no sudo without a password, it does not start.
    /// Otherwise a script runs with the best rights there are: root, sudo, or those of the login.
    /// </summary>
    public bool NeedsRoot { get; init; }

    /// <summary>Reads an embedded script once.</summary>
    /// <exception cref="FileNotFoundException">No such script: a mistake of ours.</exception>
    public static RemoteScript Embedded(string name) => Read.GetOrAdd(name, static n =>
    {
        using var stream = typeof(RemoteScript).Assembly.GetManifestResourceStream(n)
            ?? throw new FileNotFoundException($"No script '{n}' in this assembly.", n);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new RemoteScript(n, reader.ReadToEnd());
    });

    /// <summary>Several embedded scripts as one: parts first, and last the one that uses them and gives its name.</summary>
    /// <exception cref="FileNotFoundException">One is missing: a mistake of ours.</exception>
    public static RemoteScript Together(params string[] names) => new(names[^1], string.Concat(names.Select(name => Embedded(name).Text + "\n")));
}
