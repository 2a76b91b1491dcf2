using System.Text;
using OsModa.Core.Nix;
using Xunit;

namespace OsModa.Tests.Nix;

public sealed class PathInfoJsonTests
{
    private const string Zlib = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-zlib-1.3";
    private const string App = "/nix/store/1123456789abcdfghijklmnpqrsvwxyz-app-2";

    public static TheoryData<string> Versions => new(Directory.GetFiles(Folder, "*.json").Select(Path.GetFileName)!);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Nix", "PathInfo");

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_version_of_Nix_tells_the_same_of_its_closure(string file)
    {
        var infos = PathInfoJson.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        var system = Assert.Single(infos.Keys, path => path.Name.StartsWith("nixos-system-web1", StringComparison.Ordinal));
        var closure = ClosureMeasure.Measure([system], infos)[system];

        Assert.Equal(infos.Count, closure.Paths);
        Assert.Equal(ToldByNix(file, system), closure.Bytes);
        Assert.Equal(closure.Bytes, closure.ExclusiveBytes);
    }

    [Theory]
    [InlineData("""[{"path":"/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-nope","valid":false}]""")]
    [InlineData("""{"/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-nope":null}""")]
    [InlineData("""{"version":2,"storeDir":"/nix/store","info":{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-nope":null}}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void An_invalid_path_is_left_out(string json) => Assert.Empty(PathInfoJson.Parse(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"a\":{\"narSize\":1}}")]
    [InlineData("[{\"narSize\":1}]")]
    [InlineData("[1]")]
    [InlineData("[{\"path\":\"/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x\",\"narSize\":1,\"references\":[\"/etc/passwd\"]}]")]
    [InlineData("[{\"path\":\"/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x\",\"narSize\":-1}]")]
    [InlineData("[{\"path\":\"/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x\",\"narSize\":4398046511105}]")]
    [InlineData("[{\"path\":\"/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x\",\"narSize\":9223372036854775807}]")]
    [InlineData("[{\"path\":\"/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x\",\"narSize\":9223372036854775808}]")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[")]
    public void Anything_else_is_refused(string json) => Assert.Throws<FormatException>(() => PathInfoJson.Parse(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""[{"path":"/nix/store/1123456789abcdfghijklmnpqrsvwxyz-app-2","narHash":"sha256:0","narSize":7,"references":["/nix/store/1123456789abcdfghijklmnpqrsvwxyz-app-2","/nix/store/0123456789abcdfghijklmnpqrsvwxyz-zlib-1.3"],"valid":true}]""")]
    [InlineData("""{"/nix/store/1123456789abcdfghijklmnpqrsvwxyz-app-2":{"narHash":"sha256-0","narSize":7,"references":["/nix/store/0123456789abcdfghijklmnpqrsvwxyz-zlib-1.3"]}}""")]
    [InlineData("""{"version":3,"storeDir":"/nix/store","info":{"1123456789abcdfghijklmnpqrsvwxyz-app-2":{"version":3,"storeDir":"/nix/store","narHash":{"algorithm":"sha256","format":"base64","hash":"0"},"narSize":7,"references":["0123456789abcdfghijklmnpqrsvwxyz-zlib-1.3"]}}}""")]
    public void An_array_as_of_Nix_2_18_and_Lix_an_object_by_path_and_format_3_are_read_alike(string json)
    {
        var (path, info) = Assert.Single(PathInfoJson.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Equal((App, 7), (path.Text, info.NarBytes));
        Assert.Equal(Zlib, Assert.Single(info.References).Text);
    }

    [Fact]
    public void What_two_systems_share_is_exclusive_to_neither()
    {
        var json = $$"""
            [{"path":"{{Zlib}}","narSize":100,"references":["{{Zlib}}"]},
             {"path":"{{App}}","narSize":7,"references":["{{Zlib}}"]},
             {"path":"{{App}}-next","narSize":9,"references":["{{Zlib}}"]}]
            """;
        var old = StorePath.Parse(App);
        var next = StorePath.Parse(App + "-next");

        var sizes = ClosureMeasure.Measure([old, next, StorePath.Parse(App + "-gone")], PathInfoJson.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(2, sizes.Count);
        Assert.Equal(new ClosureSize(107, 7, 2), sizes[old]);
        Assert.Equal(new ClosureSize(109, 9, 2), sizes[next]);
    }

    [Fact]
    public void The_plain_list_of_an_old_Nix_gives_the_same_sizes()
    {
        var text = $"system {App}\n100 {Zlib}\n7 {App}\nsystem {App}-next\n100 {Zlib}\n9 {App}-next\n";

        var sizes = ClosureList.Measure(text);

        Assert.Equal(new ClosureSize(107, 7, 2), sizes[StorePath.Parse(App)]);
        Assert.Equal(new ClosureSize(109, 9, 2), sizes[StorePath.Parse(App + "-next")]);
    }

    [Fact]
    public void A_path_that_the_plain_list_tells_twice_of_a_system_counts_once() =>
        Assert.Equal(new ClosureSize(107, 107, 2), ClosureList.Measure($"system {App}\n100 {Zlib}\n7 {App}\n100 {Zlib}\nsystem {App}\n7 {App}\n")[StorePath.Parse(App)]);

    [Theory]
    [InlineData("100 " + Zlib)]
    [InlineData("system " + App + "\n-1 " + Zlib)]
    [InlineData("system " + App + "\nmuch " + Zlib)]
    [InlineData("system " + App + "\n9223372036854775807 " + Zlib)]
    [InlineData("error: something else")]
    public void A_list_with_other_lines_is_refused(string text) => Assert.Throws<FormatException>(() => ClosureList.Measure(text));

    private static long ToldByNix(string file, StorePath system)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        var at = text.IndexOf("closureSize\":", text.IndexOf('"' + (text.Contains("\"info\"", StringComparison.Ordinal) ? system.Text[StorePath.Folder.Length..] : system.Text) + '"', StringComparison.Ordinal), StringComparison.Ordinal) + 13;
        return long.Parse(text.AsSpan(at, text.AsSpan(at).IndexOfAny(',', '}')));
    }
}
