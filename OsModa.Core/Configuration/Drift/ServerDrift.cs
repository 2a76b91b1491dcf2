using OsModa.Core.Nix;

namespace OsModa.Core.Configuration;

/// <summary>How what a server runs stands to what the repository says.</summary>
public enum DriftKind
{
    /// <summary>It runs what the newest commit comes to.</summary>
    InStep,
    /// <summary>It runs what an earlier commit comes to; newer ones that touch it were not deployed.</summary>
    Behind,
    /// <summary>Whether the newest commit comes to what runs is not known: it was not built for this server yet.</summary>
    NotBuilt,
    /// <summary>It runs what no commit came to: somebody switched it behind our back.</summary>
    Foreign,
    /// <summary>The server is not in the repository.</summary>
    NotAdopted,
    /// <summary>The server does not tell what it runs.</summary>
    NotHeard,
}

/// <summary>What a server runs, beside what the repository says.</summary>
/// <param name="Kind">How they stand to each other.</param>
/// <param name="Sentence">The same for people.</param>
/// <param name="Running">What runs; null when it is not heard.</param>
/// <param name="RunningFrom">The commit that what runs was built from; null when it is none of ours.</param>
/// <param name="Head">The newest commit.</param>
/// <param name="Wanted">What the newest commit comes to on this server; null until it was built.</param>
/// <param name="Revision">Revision that the running system names itself; null where its configuration sets none.</param>
/// <param name="IsDirty">It was built from a work tree with changes that were in no commit.</param>
/// <param name="DefaultDiffers">What starts at next boot is another system than the one that runs.</param>
public sealed record ServerDrift(DriftKind Kind, string Sentence, StorePath? Running, CommitId? RunningFrom, CommitId? Head, StorePath? Wanted, string? Revision, bool IsDirty, bool DefaultDiffers)
{
    /// <summary>The open proposal that takes over what was changed on the server; null for none.</summary>
    public Proposal? Waiting { get; init; }
}
