using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using OsModa.Core.Accounts;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>A package of a server's own nixpkgs.</summary>
/// <param name="Name">Below <c>pkgs</c>, with dots between.</param>
/// <param name="Version">Empty where it has none.</param>
/// <param name="About">One line of whoever packaged it; may be empty.</param>
public sealed record FoundPackage(string Name, string Version, string About);

/// <param name="All">The likeliest first, a few at most.</param>
public sealed record FoundPackages(ImmutableArray<FoundPackage> All);

/// <summary>Looks for packages in the nixpkgs that a server is evaluated with, so that their versions are those that it would get. A second or more: the server's own Nix reads its names.</summary>
public sealed partial class FindPackages(ServerDirectory servers, ConfiguredSource configured, ShellOf shells)
{
    private const int LongestWord = 64, LongestText = 200, Most = 24;

    /// <summary>The word is one that can be looked for: two signs or more.</summary>
    public static bool IsWord(string? word) => word is { Length: >= 2 and <= LongestWord } && Word().IsMatch(word);

    /// <param name="caller">Must be allowed to act on servers: it makes the server work.</param>
    /// <param name="server">Which one.</param>
    /// <param name="word">A part of a name, such as htop or python3Packages.requ.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public async Task<Result<FoundPackages>> RunAsync(Caller caller, ServerId server, string word, CancellationToken cancellationToken)
    {
        if (!caller.MayAct || await servers.FindAsync(caller, server, cancellationToken) is null)
        {
            return FieldErrors.Of("", "You may not look for packages on this server.");
        }

        if (!IsWord(word))
        {
            return new FoundPackages([]);
        }

        try
        {
            var commit = await configured.FindAsync(server, cancellationToken);
            var shell = await shells(commit?.Source.BuilderId ?? server, cancellationToken);
            return (commit ?? (await SourceOnServer.AskAsync(shell, cancellationToken)).Source) is { } source
                ? Understood(await SchemaReader.ReadPackagesAsync(shell, source, word, cancellationToken))
                : FieldErrors.Of("", "The server has no configuration whose packages could be looked at.");
        }
        catch (ConnectionException lost)
        {
            return FieldErrors.Of("", lost.Fault.Detail);
        }
        catch (RepositoryException broken)
        {
            return FieldErrors.Of("", broken.Message);
        }
        catch (JsonException)
        {
            return FieldErrors.Of("", "The server's answer about its packages makes no sense.");
        }
    }

    private static FoundPackages Understood(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        var found = ImmutableArray.CreateBuilder<FoundPackage>();
        foreach (var part in parts)
        {
            using var told = JsonDocument.Parse(part);
            if (told.RootElement.ValueKind == JsonValueKind.Array)
            {
                found.AddRange(told.RootElement.EnumerateArray().Take(Most)
                    .Where(package => package.ValueKind == JsonValueKind.Object)
                    .Select(package => new FoundPackage(Text(package, "name"), Text(package, "version"), Text(package, "about")))
                    .Where(package => package.Name.Length > 0));
            }
        }

        return new FoundPackages(found.ToImmutable());
    }

    private static string Text(JsonElement package, string name) =>
        package.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? ServerText.Harmless(text.GetString()!, LongestText) : "";

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.+\-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
