using System.Security.Cryptography;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>Passes on what is written, and hashes and counts it on the way.</summary>
internal sealed class HashedStream(Stream to, Action<int> count) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Of all that was written; ends it.</summary>
    public TreeHash Hash() => TreeHash.From(_hash.GetHashAndReset());

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        count(buffer.Length);
        _hash.AppendData(buffer);
        to.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => to.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
