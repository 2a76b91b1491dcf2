using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OsModa.Core.Configuration;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>What Nix would make of a configuration.</summary>
/// <param name="Mistakes">Options that have no value, by their place in the order, and what is said of each.</param>
/// <param name="Failed">Assertions of modules that do not hold.</param>
/// <param name="System">What comes of it; null where something is wrong.</param>
internal sealed record Evaluated(ImmutableArray<(int Option, string Said)> Mistakes, ImmutableArray<string> Failed, DemoSystem? System);

/// <summary>
/// Makes a simulated system of a configuration: of the system that runs, with what the form sets in the place of what it set before. The same configuration on the same
/// system is the same path. Nothing is evaluated; a few mistakes that people make are found as Nix finds them.
/// </summary>
internal static class Evaluation
{
    private static readonly OptionPath
        Certificates = OptionPath.Of("security", "acme", "acceptTerms"),
        Databases = OptionPath.Of("services", "postgresql", "ensureDatabases"),
        Users = OptionPath.Of("services", "postgresql", "ensureUsers");

    private static readonly HashSet<string> Packages = PackageTable.All.Select(static entry => entry.Name).ToHashSet(StringComparer.Ordinal);

    /// <param name="server">Where; its gate is held.</param>
    /// <param name="order">As start-check.sh takes it.</param>
    /// <param name="packed">All files, as start-check.sh takes them.</param>
    /// <exception cref="FormatException">That is no order, or no configuration that the form wrote.</exception>
    public static Evaluated Of(DemoServer server, string order, string packed)
    {
        var lines = order.Split('\n').Select(static line => line.Split('\t')).Where(static words => words.Length == 2).ToLookup(static words => words[0], static words => words[1], StringComparer.Ordinal);
        var settings = lines["settings"].FirstOrDefault() ?? throw new FormatException("The order names no settings.");
        var folder = settings[..(settings.LastIndexOf('/') + 1)];
        var files = PackedFiles.Read(packed).Where(file => file.Key.StartsWith(folder, StringComparison.Ordinal)).ToImmutableSortedDictionary(file => file.Key[folder.Length..], static file => file.Value, StringComparer.Ordinal);
        var form = files.TryGetValue(SettingsFiles.Name, out var json)
            ? SettingsReader.Read(json, name => files.TryGetValue($"{SettingsFiles.ExpressionFolder}/{name}.nix", out var text) ? Encoding.UTF8.GetString(text) : null)
            : SettingsDocument.Empty;
        var mistakes = lines["path"].Select(path => form.ValueAt(OptionPath.Of(JsonSerializer.Deserialize<string[]>(path)!)))
            .Select(static (value, option) => (option, Said: value is null ? null : Mistake(value))).Where(static told => told.Said is not null).Select(static told => (told.option, told.Said!)).ToImmutableArray();
        var failed = mistakes.IsEmpty ? Assertions(form).ToImmutableArray() : [];
        var byHand = files.Where(static file => file.Key is not (SettingsFiles.Name or SettingsFiles.Module or "default.nix") && !file.Key.StartsWith(SettingsFiles.ExpressionFolder + "/", StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return new Evaluated(mistakes, failed, mistakes.IsEmpty && failed.IsEmpty ? Build(server, form, byHand) : null);
    }

    private static DemoSystem Build(DemoServer server, SettingsDocument form, ImmutableSortedDictionary<string, byte[]> byHand)
    {
        var before = server.Before;
        var (from, other) = Same(byHand, server.Files) ? (server.Profile.Current, "") : Same(byHand, before.Files) ? (before.System, "") : (server.Profile.Current, Hash(byHand));
        var system = new DemoSystem(from.Release, server.With(from.Plan with { ByHand = other }, form));
        return server.Profile.Find(system.Path.Text) ?? system;
    }

    private static string? Mistake(NixValue value) => value switch
    {
        NixExpression => "This server is simulated: it has no Nix that could evaluate an expression. Choose a plain value.",
        NixPackage(var path) when !Packages.Contains(string.Join('.', path)) => $"There is no package pkgs.{string.Join('.', path)}.",
        NixList(var items) => items.Select(Mistake).FirstOrDefault(static said => said is not null),
        NixSet(var members) => members.Values.Select(Mistake).FirstOrDefault(static said => said is not null),
        _ => null,
    };

    private static IEnumerable<string> Assertions(SettingsDocument form)
    {
        var databases = form.ValueAt(Databases) is NixList(var named) ? named : [];
        foreach (var user in form.ValueAt(Users) is NixList(var users) ? users.OfType<NixSet>() : [])
        {
            if (user.Members.GetValueOrDefault("ensureDBOwnership") is NixBool(true) && user.Members.GetValueOrDefault("name") is NixText name && !databases.Contains(name))
            {
                yield return $"For each database user defined with `services.postgresql.ensureUsers` and `ensureDBOwnership = true;`, a database of the same name must be defined in `services.postgresql.ensureDatabases`. Offender: {name.Value} has not been found among databases.";
            }
        }

        if (form.Settings.Values.Any(static setting => setting.Path.Text.StartsWith("services.nginx.virtualHosts", StringComparison.Ordinal) && HasCertificate(setting.Path, setting.Value)) && form.ValueAt(Certificates) is not NixBool(true))
        {
            yield return "You must accept the CA's terms of service before using the ACME module by setting `security.acme.acceptTerms` to `true`.";
        }
    }

    private static bool HasCertificate(OptionPath path, NixValue value) =>
        (path.Parts[^1] == "enableACME" && value is NixBool(true)) || (value is NixSet(var members) && members.Any(member => HasCertificate(path.Below(member.Key), member.Value)));

    private static bool Same(ImmutableSortedDictionary<string, byte[]> one, ImmutableSortedDictionary<string, byte[]> other) =>
        one.Count == other.Count && one.All(file => other.TryGetValue(file.Key, out var there) && there.AsSpan().SequenceEqual(file.Value));

    private static string Hash(ImmutableSortedDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, contents) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{contents.Length}\0"));
            hash.AppendData(contents);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
