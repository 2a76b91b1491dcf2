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
