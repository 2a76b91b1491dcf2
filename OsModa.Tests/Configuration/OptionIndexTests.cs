using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class OptionIndexTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osmoda-index-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("services.nginx.enable", "services.nginx.enable")]
    [InlineData("nginx", "services.nginx.enable")]
    [InlineData("NGINX host", "services.nginx.virtualHosts")]
    [InlineData("body size", "services.nginx.clientMaxBodySize")]
    [InlineData("largest upload", "services.nginx.clientMaxBodySize")]
    [InlineData("resql", "services.postgresql.enable")]
    [InlineData("\"nginx\" OR (NEAR*", null)]
    [InlineData("name:x' --", null)]
    [InlineData("%", null)]
    public void The_first_hit_is_what_was_meant(string query, string? first) => Assert.Equal(first, Make().Search(query, 10) is [var hit, ..] ? hit.Path.Text : null);

    [Fact]
    public void What_is_hidden_is_found_by_its_whole_name_only()
    {
        var index = Make();

        Assert.Empty(index.Search("secret", 10));
        Assert.Equal("services.nginx.secret", Assert.Single(index.Search("services.nginx.secret", 10)).Path.Text);
    }

    [Fact]
    public void Only_what_is_set_can_be_asked_for()
    {
        var set = new[] { OptionPath.Of("services", "nginx", "enable"), OptionPath.Of("services", "postgresql", "enable") };

        Assert.Equal(["services.nginx.enable"], Make().Search("nginx", 10, set).Select(o => o.Path.Text));
        Assert.Equal(["services.nginx.enable", "services.postgresql.enable"], Make().Search("", 10, set).Select(o => o.Path.Text));
        Assert.Empty(Make().Search("", 10));
    }

    [Fact]
    public void An_option_is_kept_as_it_was()
    {
        var option = new Option
        {
            Path = OptionPath.Of("a", "<name>", "b.c"),
            Type = new EitherType([new NullableType(new EnumType([new NixText("$x"), NixNull.Value, new NixFloat(1)])), new CoercedType(null, new ListType(new SubmoduleType(true, new AnyType(true)), true))]),
            TypeWords = "words",
            About = "About ü\nlines",
            Default = new OptionSample(NixNull.Value, null),
            Example = new OptionSample(NixSet.Of([new("$odd", new NixOther("package", "htop")), new("plain", new NixInteger(1))]), null),
            Declared = [new SourcePlace("/nix/store/x/a.nix", 7)],
            ReadOnly = true,
        };
        var kept = OptionIndex.Make(_folder, Revision("one"), [option]).Find(option.Path)!;

        Assert.Equal(option.Declared, kept.Declared);
        Assert.Equal(option, kept with { Declared = option.Declared });
    }

    [Fact]
    public void An_index_that_is_missing_or_damaged_is_made_again()
    {
        Assert.Null(OptionIndex.Open(_folder, Revision("one")));
        Make();
        Assert.NotNull(OptionIndex.Open(_folder, Revision("one")));
        File.WriteAllText(OptionIndex.FileOf(_folder, Revision("two")), "no database");
        Assert.Null(OptionIndex.Open(_folder, Revision("two")));
        Assert.False(SchemaRevision.TryParse("../etc", out _, out _));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Theory]
    [InlineData("services.nginx.virtualHosts.\"example.org\".root", "services.nginx.virtualHosts.<name>.root", typeof(PathType))]
    [InlineData("services.nginx.virtualHosts.\"example.org\"", "services.nginx.virtualHosts.<name>", typeof(SubmoduleType))]
    [InlineData("services.nginx.virtualHosts.x.log.level", "services.nginx.virtualHosts.<name>.log.level", typeof(IntegerType))]
    [InlineData("services.nginx.enable", "services.nginx.enable", typeof(BoolType))]
    [InlineData("services.nginx.virtualHosts.x.nothing", null, null)]
    [InlineData("services.nginx", null, null)]
    [InlineData("services.nginx.enable.more", null, null)]
    public void A_place_is_found_in_the_schema(string path, string? place, Type? type)
    {
        Assert.True(OptionPath.TryParse(path, out var parsed, out _));
        var found = OptionLookup.Find(Make(), parsed);

        Assert.Equal((place, type), (found?.Place.Text, found?.Type.GetType()));
    }

    private static SchemaRevision Revision(string text) => SchemaRevision.TryParse(text, out var revision, out var error) ? revision : throw new FormatException(error);

    private OptionIndex Make() => OptionIndex.Make(_folder, Revision("one"),
    [
        Of("services.nginx.enable", new BoolType(), "Whether to enable Nginx Web Server."),
        Of("services.nginx.clientMaxBodySize", new TextType(), "The largest upload that is taken."),
        Of("services.nginx.virtualHosts", new AttributesType(new SubmoduleType(true, null)), "Sites."),
        Of("services.nginx.virtualHosts.<name>.root", new PathType(), "Folder of a site."),
        Of("services.nginx.virtualHosts.<name>.log.level", new IntegerType(), "How much is logged."),
        Of("services.nginx.secret", new BoolType(), "Not for people.") with { Hidden = true },
        Of("services.postgresql.enable", new BoolType(), "Whether to enable PostgreSQL."),
    ]);

    private static Option Of(string path, OptionType type, string about) =>
        OptionPath.TryParse(path, out var parsed, out var error) ? new Option { Path = parsed, Type = type, About = about } : throw new FormatException(error);
}
