using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OsModa.Core.Storage;

/// <summary>Bytes that nobody may see. It prints nothing, cannot be serialised, and is wiped when disposed; its memory is never moved, so that no copy stays behind.</summary>
[DebuggerDisplay("(secret)")]
[JsonConverter(typeof(Unserialisable))]
public sealed class Secret : IDisposable
{
    private readonly byte[] _bytes;
    private bool _wiped;

    private Secret(byte[] bytes) => _bytes = bytes;

    /// <summary>Takes a secret out of bytes, which are wiped.</summary>
    public static Secret Take(Span<byte> bytes)
    {
        var own = GC.AllocateArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(own);
        CryptographicOperations.ZeroMemory(bytes);
        return new Secret(own);
    }

    /// <summary>The bytes; not to be kept.</summary>
    /// <exception cref="ObjectDisposedException">It was wiped.</exception>
    public ReadOnlyMemory<byte> Reveal()
    {
        ObjectDisposedException.ThrowIf(_wiped, this);
        return _bytes;
    }

    public void Dispose()
    {
        _wiped = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    public override string ToString() => "(secret)";

    private sealed class Unserialisable : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw Refused();

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => throw Refused();

        private static NotSupportedException Refused() => new("A secret is never written as JSON.");
    }
}
