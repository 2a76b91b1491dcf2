using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>Collects a list of store paths as compare.sh tells it, within bounds that no real system comes near.</summary>
internal sealed class ClosureReading
{
    private const int MostBytes = 48 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _told = new();

    /// <summary>In what it is told: json or list.</summary>
    public string Shape { get; set; } = "";

    /// <exception cref="FormatException">It is larger than any closure.</exception>
    public void Add(ReadOnlySpan<byte> piece)
    {
        if (_told.WrittenCount + piece.Length > MostBytes)
        {
            throw new FormatException("The list of store paths is larger than 48 MiB.");
        }

        _told.Write(piece);
        if (Shape == "list")
        {
            _told.Write("\n"u8);
        }
    }

    /// <summary>All of it as the closure of one system.</summary>
    /// <exception cref="FormatException">It makes no sense.</exception>
    public Closure Of(StorePath system) => new(system, Shape switch
    {
        "json" => [.. Json().Values],
        "list" => PlainClosure.Parse(Encoding.ASCII.GetString(_told.WrittenSpan)),
        _ => throw new FormatException("The list of store paths is of no known shape."),
    });

    /// <summary>It is of several systems: the closure of each.</summary>
    /// <exception cref="FormatException">It makes no sense.</exception>
    public Closure[] OfEach(params ReadOnlySpan<StorePath> systems)
    {
        var all = Shape == "json" ? Json() : throw new FormatException("The list of store paths is of no known shape.");
        var closures = new Closure[systems.Length];
        for (var i = 0; i < systems.Length; i++)
        {
            closures[i] = Closure.Within(all, systems[i]);
        }

        return closures;
    }

    private ImmutableDictionary<StorePath, StorePathInfo> Json() => PathInfoJson.Parse(_told.WrittenMemory);
}
