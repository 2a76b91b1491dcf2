using System.Collections.Concurrent;
using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Systems;

/// <param name="Path">Follows from name, version and the paths of what it uses.</param>
internal sealed record Package(PackageEntry Entry, string Version, StorePath Path)
{
    private static readonly string[] OutputNames = ["lib", "bin", "man", "doc", "dev", "info"];

    private ImmutableArray<(StorePath Path, long Bytes)> _outputs;

    public string Name => Entry.Name;

    /// <summary>NAR size of all outputs: a version is some per cent larger or smaller than the one before.</summary>
    public long Bytes { get; } = (long)(Entry.Bytes * (1 + ((Noise.Hash(1, StableText.Hash(Entry.Name + Version)) % 61 - 20.0) / 1000)));

    /// <summary>The package itself and up to six more paths that come with it, each with its part of the size.</summary>
    public ImmutableArray<(StorePath Path, long Bytes)> Outputs
    {
        get
        {
            if (_outputs.IsDefault)
            {
                var more = OutputNames.Take((int)(Noise.Hash(2, StableText.Hash(Entry.Name)) % 7)).ToArray();
                _outputs = [(Path, Bytes - (Bytes / 9 * more.Length)), .. more.Select(output => (StoreHash.Of($"{Entry.Name}-{Version}-{output}", Path.Text), Bytes / 9))];
            }

            return _outputs;
        }
    }
}

/// <summary>All packages at the versions of one day, shared by all servers whose systems were made of it.</summary>
internal sealed class Release
{
    private readonly ConcurrentDictionary<(UnitTemplate Template, int Edits), UnitFile> _unitFiles = new();

    private Release(string label, string kernel, ImmutableSortedDictionary<string, Package> packages)
    {
        (Label, Kernel, Packages) = (label, kernel, packages);
        KernelPath = StoreHash.Of("linux-" + kernel, kernel);
        InitrdPath = StoreHash.Of("initrd-linux-" + kernel, KernelPath.Text, packages["systemd"].Version);
        SystemPath = StoreHash.Of("system-path", packages.Values.Select(static p => p.Path.Text));
    }

    /// <summary>Such as <c>26.05.20261117.1fab3c2</c>.</summary>
    public string Label { get; }

    /// <summary>Kernel release, such as <c>6.18.58</c>.</summary>
    public string Kernel { get; }

    /// <summary>PRETTY_NAME of its os-release.</summary>
    public string OsName
    {
        get
        {
            var series = Label[..5];
            var name = series switch { "25.05" => " (Warbler)", "25.11" => " (Xantusia)", "26.05" => " (Yarara)", _ => "" };
            return $"NixOS {series}{name}";
        }
    }

    /// <summary>As <c>systemctl --version</c> has it behind the name.</summary>
    public string SystemdVersion => $"{Packages["systemd"].Version.Split('.')[0]} ({Packages["systemd"].Version})";

    public StorePath KernelPath { get; }

    public StorePath InitrdPath { get; }

    public ImmutableSortedDictionary<string, Package> Packages { get; }

    /// <summary>All programs that are in the path of its users.</summary>
    public StorePath SystemPath { get; }

    public static Release First(string series, DateTimeOffset day, string kernel) =>
        new(LabelOf(series, day), kernel, Build(PackageTable.All.ToDictionary(static e => e.Name, static e => e.Version)));

    /// <summary>What a week brings: some packages newer, all that use them rebuilt, now and then a kernel.</summary>
    /// <param name="series">Such as <c>26.05</c>.</param>
    /// <param name="day">Its date.</param>
    /// <param name="random">Chooses.</param>
    /// <param name="packages">How many are newer.</param>
    /// <param name="large">With a kernel, and with packages that nearly all others are built against: most units change.</param>
    public Release NextWeek(string series, DateTimeOffset day, Random random, int packages, bool large)
    {
        // The agents come from their makers, not with the distribution: their versions change on their own days.
        var candidates = PackageTable.All.Where(e => !e.Uses.Contains("agent-runtime") && e.Name is not "glibc" && (large || !PackageTable.IsLow(e))).ToArray();
        var versions = Packages.Values.ToDictionary(static p => p.Name, static p => p.Version);
        foreach (var entry in random.GetItems(candidates, packages).Distinct())
        {
            versions[entry.Name] = CountUp(versions[entry.Name]);
        }

        return new Release(LabelOf(series, day), large ? CountUp(Kernel) : Kernel, Build(versions));
    }

    /// <summary>The same day with some packages at other versions, as a security update or a new agent brings them.</summary>
    public Release With(params IEnumerable<(string Package, string Version)> changes)
    {
        var versions = Packages.Values.ToDictionary(static p => p.Name, static p => p.Version);
        foreach (var (package, version) in changes)
        {
            versions[package] = version;
        }

        return new Release(Label, Kernel, Build(versions));
    }

    /// <summary>The next version of a package: its last number counted up.</summary>
    public string Newer(string package) => CountUp(Packages[package].Version);

    /// <summary>The file of a unit whose configuration was changed so many times. The same for all servers, so it is made once.</summary>
    public UnitFile UnitFileOf(UnitTemplate template, int edits) => _unitFiles.GetOrAdd((template, edits), key => new UnitFile(
        key.Template,
        StoreHash.Of("unit-" + key.Template.Name.Replace('@', '-'), key.Template.Package is { } package ? Packages[package].Path.Text : "", key.Edits.ToString())));

    private static string LabelOf(string series, DateTimeOffset day) => $"{series}.{day:yyyyMMdd}.{StoreHash.Hex(series + day.ToString("yyyyMMdd"), 7)}";

    private static string CountUp(string version)
    {
        var end = version.Length;
        while (end > 0 && !char.IsAsciiDigit(version[end - 1]))
        {
            end--;
        }

        var start = end;
        while (start > 0 && char.IsAsciiDigit(version[start - 1]))
        {
            start--;
        }

        var next = (long.Parse(version.AsSpan(start, end - start)) + 1).ToString().PadLeft(end - start, '0');
        return version[..start] + next + version[end..];
    }

    private static ImmutableSortedDictionary<string, Package> Build(Dictionary<string, string> versions)
    {
        var built = new SortedDictionary<string, Package>(StringComparer.Ordinal);
        var entries = PackageTable.All.ToDictionary(static e => e.Name);
        foreach (var entry in PackageTable.All)
        {
            BuildOne(entry);
        }

        return built.ToImmutableSortedDictionary(StringComparer.Ordinal);

        Package BuildOne(PackageEntry entry)
        {
            if (!built.TryGetValue(entry.Name, out var package))
            {
                var uses = entry.Uses.Select(name => BuildOne(entries[name]).Path.Text).ToList();
                package = new Package(entry, versions[entry.Name], StoreHash.Of($"{entry.Name}-{versions[entry.Name]}", uses));
                built.Add(entry.Name, package);
            }

            return package;
        }
    }
}
