using System.Text;
using OsModa.Core.Ledger.Notes;
using Xunit;

namespace OsModa.Tests.Ledger.Notes;

/// <summary>The cases of golang.org/x/mod/sumdb/note, whose format C2SP wrote down.</summary>
public sealed class SignedNoteTests
{
    private const string Text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private const string PeterLine = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    private const string EnochLine = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    private static readonly VerifierKey Peter = Key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    private static readonly VerifierKey Enoch = Key("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop");

    [Fact]
    public void Signing_gives_the_published_note()
    {
        Assert.True(SignerKey.TryParse("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", out var key));
        using (key)
        {
            Assert.Equal($"{Text}\n{PeterLine}", SignedNote.Sign(Text, key).ToString());
        }
    }

    [Fact]
    public void Only_keys_that_are_known_count()
    {
        var note = Read($"{Text}\n{PeterLine}{EnochLine}");

        Assert.Equal(Text, note.Text);
        Assert.Equal([Peter], note.Check([Peter])!.Value);
        Assert.Equal([Peter, Enoch], note.Check([Peter, Enoch])!.Value);
        Assert.Empty(note.Check([])!.Value);
        Assert.Equal($"{Text}\n{PeterLine}{EnochLine}", note.ToString());
    }

    [Fact]
    public void A_wrong_signature_of_a_known_key_spoils_the_note_and_one_of_a_stranger_does_not()
    {
        var note = Read($"{Text}\n{PeterLine}{EnochLine[..60]}ABCD{EnochLine[60..]}");

        Assert.Null(note.Check([Peter, Enoch]));
        Assert.Equal([Peter], note.Check([Peter])!.Value);
        Assert.Null(Read($"X{Text}\n{PeterLine}").Check([Peter]));
    }

    [Fact]
    public void A_key_needs_both_name_and_number()
    {
        Assert.Empty(Read($"{Text}\n{PeterLine.Replace("PeterNeumann", "CarmenSandiego", StringComparison.Ordinal)}").Check([Peter])!.Value);
        Assert.Empty(Read($"{Text}\n{PeterLine.Replace("x08g", "xxxx", StringComparison.Ordinal)}").Check([Peter])!.Value);
    }

    [Fact]
    public void The_last_empty_line_ends_the_text()
    {
        var note = Read($"one\n\ntwo\n\n{PeterLine}");

        Assert.Equal("one\n\ntwo\n", note.Text);
    }

    [Fact]
    public void A_hundred_signatures_are_read_and_not_one_more()
    {
        Assert.True(SignedNote.TryParse(Bytes($"{Text}\n{string.Concat(Enumerable.Repeat(EnochLine, 100))}"), out _));
        Assert.False(SignedNote.TryParse(Bytes($"{Text}\n{string.Concat(Enumerable.Repeat(EnochLine, 101))}"), out _));
    }

    [Theory]
    [InlineData(Text)]
    [InlineData(Text + "\n")]
    [InlineData(Text + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=")]
    [InlineData("\x01" + Text + "\n" + PeterLine)]
    [InlineData(Text + "\r\n" + PeterLine)]
    [InlineData(Text + "\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n")]
    [InlineData(Text + "\n" + PeterLine + "Unexpected line.\n")]
    [InlineData(Text + "\n- PeterNeumann x08go/ZJ\n")]
    [InlineData(Text + "\n— PeterNeumann x08goA==\n")]    // a number and no signature would be x08gow==
    [InlineData(Text + "\n— PeterNeumann x08gow==\n")]
    [InlineData("")]
    public void What_is_not_a_note_is_refused(string text) => Assert.False(SignedNote.TryParse(Bytes(text), out _));

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused() => Assert.False(SignedNote.TryParse([0xff, .. Bytes($"{Text}\n{PeterLine}")], out _));

    [Fact]
    public void Every_byte_matters()
    {
        var bytes = Bytes($"{Text}\n{PeterLine}");
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SignedNote.TryParse(bytes, out var note) && note.Check([Peter]) is [_]);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static SignedNote Read(string text) => SignedNote.TryParse(Bytes(text), out var note) ? note : throw new FormatException(text);

    private static VerifierKey Key(string text) => VerifierKey.TryParse(text, out var key, out var error) ? key : throw new FormatException(error);
}
