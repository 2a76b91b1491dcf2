using System.Collections.Immutable;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>Options of a few kinds, indexed in a folder that goes with it.</summary>
internal sealed class SomeSchema : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osmoda-schema-").FullName;

    public SomeSchema(params ValueHere[] here)
    {
        Assert.True(SchemaRevision.TryParse("some", out var revision, out _));
        Schema = new ServerSchema
        {
            Index = OptionIndex.Make(_folder, revision, Options),
            Revision = revision,
            Origin = SchemaOrigin.Evaluated,
            Count = Options.Length,
            Here = here.ToImmutableSortedDictionary(value => value.Path, value => value, OptionPath.Order),
            ReadAt = DateTimeOffset.UnixEpoch,
            Whole = true,
        };
    }

    public ServerSchema Schema { get; }

    public static ImmutableArray<Option> Options { get; } =
    [
        Option("services.web.enable", new BoolType(), new NixBool(false)),
        Option("services.web.workers", new IntegerType(1, 64), new NixInteger(4)),
        Option("services.web.ratio", new FloatType(), new NixFloat(0.5)),
        Option("services.web.hosts", new ListType(new TextType()), new NixList([])),
        Option("services.web.user", new TextType(), new NixText("web")),
        Option("services.web.mode", new EnumType([new NixText("fast"), new NixText("safe")]), new NixText("safe")),
        Option("services.web.level", new EnumType([.. Enumerable.Range(1, 6).Select(n => new NixInteger(n))]), new NixInteger(1)),
        Option("services.web.extra", new TextType(Separator: "\n"), new NixText("")),
        Option("services.web.words", new TextType(Separator: ","), new NixText("")),
        Option("services.web.search", new TextType(Separator: ":"), new NixText("/run/bin:/usr/bin")),
        Option("services.web.token", new TextType(Pattern: "[a-z]{4}"), null),
        Option("services.web.size", new CoercedType(new IntegerType(), new TextType(NotEmpty: true)), null),
        Option("services.web.source", new UnionType(), null),
        Option("services.web.source.folder", new PathType(), null),
        Option("services.web.source.port", new IntegerType(0, 65535), null),
        Option("services.web.root", new NullableType(new PathType()), NixNull.Value),
        Option("services.web.package", new PackageType(), new NixOther("package", "nginx-1.26.2")),
        Option("services.web.limit", new EitherType([new IntegerType(), new TextType()]), new NixInteger(1)),
        Option("services.web.settings", new SubmoduleType(false, new AttributesType(new EitherType([new BoolType(), new TextType()]))), NixSet.Empty),
        Option("services.web.settings.port", new IntegerType(0, 65535), new NixInteger(80)),
        Option("services.web.any", new AnyType(), null),
        Option("services.web.extraConfig", new AnyType(OnlySets: true), NixSet.Empty),
        Option("services.web.tree", new SubmoduleType(false, new AnyType(OnlySets: true)), NixSet.Empty),
        Option("services.web.tree.port", new IntegerType(0, 65535), null),
        Option("services.web.hook", new CodeType("functionTo"), null),
        Option("services.web.ranges", new ListType(new SubmoduleType(true, null)), new NixList([])),
        Option("services.web.ranges.*.from", new IntegerType(0, 65535), null),
        Option("services.nginx.virtualHosts", new AttributesType(new SubmoduleType(true, null)), NixSet.Empty),
        Option("services.nginx.virtualHosts.<name>.root", new NullableType(new PathType()), NixNull.Value),
        Option("services.nginx.virtualHosts.<name>.forceSSL", new BoolType(), new NixBool(false)),
        Option("services.nginx.virtualHosts.<name>.ssh.keys", new ListType(new TextType()), new NixList([])),
        Option("services.web.quotas", new AttributesType(new IntegerType()), NixSet.Empty),
        Option("services.web.computed", new IntegerType(), new NixInteger(7)) with { ReadOnly = true },
        Option("systemd.services", new AttributesType(new SubmoduleType(true, null)), NixSet.Empty),
        Option("systemd.services.<name>.description", new TextType(OneLine: true), new NixText("")),
        Option("systemd.services.<name>.wantedBy", new ListType(new TextType()), new NixList([])),
        Option("systemd.services.<name>.unitConfig", new AttributesType(new AnyType()), NixSet.Empty),
        Option("systemd.services.<name>.serviceConfig", new AttributesType(new AnyType()), NixSet.Empty),
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static OptionPath Path(string text) => OptionPath.TryParse(text, out var path, out var error) ? path : throw new ArgumentException(error, nameof(text));

    private static Option Option(string name, OptionType type, NixValue? normal) =>
        new() { Path = Path(name), Type = type, About = $"What {name} is for.", Default = normal is null ? null : new OptionSample(normal, null) };
}
