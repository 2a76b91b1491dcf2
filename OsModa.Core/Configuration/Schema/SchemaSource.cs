namespace OsModa.Core.Configuration;

/// <summary>Where on a server its system is evaluated from.</summary>
public abstract record SchemaSource
{
    internal abstract IReadOnlyList<string> Arguments { get; }
}

/// <summary>A flake with <c>nixosConfigurations.NAME</c>.</summary>
/// <param name="Place">Its folder on the server, absolute, or its address.</param>
/// <param name="Name">Of the system in it.</param>
public sealed record FlakeSource(string Place, string Name) : SchemaSource
{
    internal override IReadOnlyList<string> Arguments => ["flake", Place, Name];
}

/// <summary>A file that is a function of nothing with an attribute <c>options</c>.</summary>
/// <param name="Place">Absolute.</param>
public sealed record FileSource(string Place) : SchemaSource
{
    internal override IReadOnlyList<string> Arguments => ["file", Place];
}

/// <summary>The server's channel and its <c>/etc/nixos/configuration.nix</c>, as <c>nixos-rebuild</c> takes them without flakes.</summary>
public sealed record ChannelSource : SchemaSource
{
    internal override IReadOnlyList<string> Arguments => ["channel"];
}

/// <summary>A server's configuration as a commit has it: what will be deployed, whatever lies on the server. The files travel with the question.</summary>
/// <param name="Source">How its system comes out of the files.</param>
/// <param name="Folder">Of the server, from the root of the repository.</param>
/// <param name="Commit">Which.</param>
/// <param name="Packed">All files, as <see cref="CheckOrder.Pack"/> makes it; only made when it is sent. Throws <see cref="RepositoryException"/> when they are too many.</param>
/// <param name="Configuration">A hash of all that the server's values can come from: what the form says of other servers is left out.</param>
/// <param name="Declarations">The same without what the form writes, which declares nothing: options need not be read again when only that has changed.</param>
public sealed record CommitSource(ServerSource Source, string Folder, CommitId Commit, Lazy<string> Packed, string Configuration, string Declarations) : SchemaSource
{
    internal override IReadOnlyList<string> Arguments =>
    [
        Source.Kind == SourceKind.Flake ? "flake" : "channel",
        Source is { Kind: SourceKind.Flake, OwnFlake: false } ? "" : Folder,
        Source.FlakeName,
        Source is { Kind: SourceKind.Flake, OwnFlake: true } ? $"{Folder}/{SettingsFiles.Module}" : "",
        Packed.Value,
    ];
}
