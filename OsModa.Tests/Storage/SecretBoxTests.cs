using System.Text;
using System.Text.Json;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Storage;

public sealed class SecretBoxTests : IDisposable
{
    private const string Purpose = "organisation-key";
    private static readonly byte[] Words = Encoding.UTF8.GetBytes("the private words");

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly Guid _owner = Guid.NewGuid();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_sealed_opens_again_after_a_restart()
    {
        var sealedText = Box().Seal(NewSecret(), Purpose, _owner);

        using var opened = Box().Open(sealedText, Purpose, _owner);

        Assert.Equal(Words, opened.Reveal().ToArray());
    }

    [Fact]
    public void Nothing_of_the_secret_is_seen_and_the_same_secret_looks_different_each_time()
    {
        var (first, second) = (Box().Seal(NewSecret(), Purpose, _owner), Box().Seal(NewSecret(), Purpose, _owner));

        Assert.Equal(-1, first.AsSpan().IndexOf(Words.AsSpan(0, 4)));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void A_row_swapped_with_another_organisations_does_not_open() =>
        Assert.Throws<SecretUnreadableException>(() => Box().Open(Box().Seal(NewSecret(), Purpose, _owner), Purpose, Guid.NewGuid()));

    [Fact]
    public void A_secret_does_not_open_for_another_purpose() =>
        Assert.Throws<SecretUnreadableException>(() => Box().Open(Box().Seal(NewSecret(), Purpose, _owner), "mail-password", _owner));

    [Fact]
    public void No_byte_can_be_changed_and_nothing_cut_off()
    {
        var box = Box();
        var sealedText = box.Seal(NewSecret(), Purpose, _owner);
        for (var i = 0; i < sealedText.Length; i++)
        {
            var changed = sealedText.ToArray();
            changed[i] ^= 1;
            Assert.Throws<SecretUnreadableException>(() => box.Open(changed, Purpose, _owner));
            Assert.Throws<SecretUnreadableException>(() => box.Open(sealedText.AsSpan(0, i), Purpose, _owner));
        }
    }

    [Fact]
    public void With_another_master_key_it_says_so()
    {
        var sealedText = Box().Seal(NewSecret(), Purpose, _owner);
        File.Delete(KeyFile);

        var refusal = Assert.Throws<SecretUnreadableException>(() => Box().Open(sealedText, Purpose, _owner));

        Assert.Contains("another master key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_master_key_is_made_once_and_for_its_owner_alone()
    {
        Box();
        var made = File.ReadAllText(KeyFile);
        Box();

        Assert.Equal(made, File.ReadAllText(KeyFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public void A_master_key_that_others_can_read_stops_the_start()
    {
        Box();
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Assert.Throws<StartRefusedException>(() => Box()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAA")]
    public void A_broken_master_key_stops_the_start(string text)
    {
        Box();
        File.WriteAllText(KeyFile, text);

        Assert.Throws<StartRefusedException>(() => Box());
    }

    [Fact]
    public void A_file_named_by_the_operator_comes_before_systemds_credential_and_that_before_our_own()
    {
        var (named, credentials) = (Path.Combine(_folder, "named"), Path.Combine(_folder, "credentials"));
        Directory.CreateDirectory(credentials);
        var credential = Path.Combine(credentials, MasterKey.Credential);
        File.WriteAllText(named, Convert.ToBase64String(new byte[32]));
        File.SetUnixFileMode(named, UnixFileMode.UserRead);
        File.WriteAllText(credential, Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)]));
        var own = IdOf(_ => null);
        var ofSystemd = IdOf(name => name == "CREDENTIALS_DIRECTORY" ? credentials : null);
        var ofOperator = IdOf(name => name == MasterKey.FileVariable ? named : credentials);

        Assert.Equal(3, new[] { own, ofSystemd, ofOperator }.Distinct().Count());
    }

    [Fact]
    public void A_file_named_by_the_operator_that_is_missing_stops_the_start() =>
        Assert.Throws<StartRefusedException>(() => MasterKey.LoadOrMake(Settings, name => name == MasterKey.FileVariable ? "/nowhere" : null));

    [Fact]
    public void A_secret_prints_nothing_and_is_wiped()
    {
        var secret = NewSecret();
        var bytes = secret.Reveal();

        Assert.Equal("(secret)", $"{secret}");
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(new { Key = secret }));
        secret.Dispose();
        Assert.All(bytes.ToArray(), b => Assert.Equal(0, b));
        Assert.Throws<ObjectDisposedException>(() => secret.Reveal());
    }

    private StorageSettings Settings => new() { Folder = _folder };

    private string KeyFile => Path.Combine(Settings.KeyFolder, "master.key");

    private static Secret NewSecret() => Secret.Take(Words.ToArray());

    private SecretBox Box() => new(MasterKey.LoadOrMake(Settings, _ => null));

    private string IdOf(Func<string, string?> variable) => Convert.ToHexString(MasterKey.LoadOrMake(Settings, variable).Id.Span);
}
