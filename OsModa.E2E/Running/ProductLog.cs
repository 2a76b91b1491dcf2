using System.Collections.Immutable;

namespace OsModa.E2E.Running;

/// <summary>What the product wrote to its terminal, all its runs together.</summary>
public sealed class ProductLog
{
    private readonly Lock _lock = new();
    private ImmutableList<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return _lines;
            }
        }
    }

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines = _lines.Add(line);
        }
    }

    /// <summary>First line from <paramref name="from"/> on that <paramref name="pick"/> makes something of.</summary>
    public string? Find(int from, Func<string, string?> pick) => Lines.Skip(from).Select(pick).FirstOrDefault(found => found is not null);

    public override string ToString() => string.Join('\n', Lines);
}
