using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;

namespace OsModa.Core.Ssh;

/// <summary>What a script sends gzipped, in lines of base 64. It comes from a server, so no more of it is taken than was asked for.</summary>
/// <param name="most">Bytes that were asked for.</param>
internal sealed class PackedBytes(long most)
{
    private readonly ArrayBufferWriter<byte> _packed = new();

    /// <summary>False: it is no base 64, or is more than was asked for.</summary>
    public bool Add(ReadOnlySpan<byte> line)
    {
        var bytes = _packed.GetSpan(Base64.GetMaxDecodedFromUtf8Length(line.Length) + 1);
        // What cannot be packed grows a little by it.
        if (Base64.DecodeFromUtf8(line, bytes, out _, out var written) != OperationStatus.Done || _packed.WrittenCount + written > most + (most / 64) + 1_024)
        {
            return false;
        }

        _packed.Advance(written);
        return true;
    }

    /// <summary>Null: it is not gzipped, or is more than was asked for.</summary>
    public byte[]? Unpack()
    {
        try
        {
            using var plain = new MemoryStream();
            using var packed = new MemoryStream(_packed.WrittenSpan.ToArray());
            using var unpacking = new GZipStream(packed, CompressionMode.Decompress);
            var buffer = new byte[81_920];
            for (int read; (read = unpacking.Read(buffer)) > 0;)
            {
                if (plain.Length + read > most)
                {
                    return null;
                }

                plain.Write(buffer, 0, read);
            }

            return plain.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
