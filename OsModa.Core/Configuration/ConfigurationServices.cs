using Microsoft.Extensions.DependencyInjection;

namespace OsModa.Core.Configuration;

public static class ConfigurationServices
{
    /// <summary>
    /// Repositories and those of the customers' own, adoption, checks, proposals, deployments of what was built, drift. At start, once the database is up to date, the host calls <see cref="CheckWatch.ResumeAsync"/> and <see cref="RolloutWatch.ResumeAsync"/>.
    /// </summary>
    public static IServiceCollection AddConfiguration(this IServiceCollection services) => services
        .AddSingleton<RemoteNews>()
        .AddSingleton<Remotes>()
        .AddSingleton<ConfigurationRepositories>()
        .AddSingleton<RemoteWatch>()
        .AddSingleton<ShowRemoteKeys>()
        .AddSingleton<ReadExposed>()
        .AddSingleton<ConnectRemote>()
        .AddSingleton<DisconnectRemote>()
        .AddSingleton<FetchRemote>()
        .AddSingleton<AcceptRemoteKeys>()
        .AddSingleton<SeeRewritten>()
        .AddSingleton<ConfiguredSource>()
        .AddSingleton<ServerSchemas>()
        .AddSingleton<Drafts>()
        .AddSingleton<FindPackages>()
        .AddSingleton<Adopted>()
        .AddSingleton<CheckHistory>()
        .AddSingleton<CheckRows>()
        .AddSingleton<CopyClosure>()
        .AddSingleton<CheckWatch>()
        .AddSingleton<RunCheck>()
        .AddSingleton<AdoptServer>()
        .AddSingleton<ChangeServerSource>()
        .AddSingleton<DeployChecked>()
        .AddSingleton<RolloutRows>()
        .AddSingleton<RolloutWatch>()
        .AddSingleton<StartRollout>()
        .AddSingleton<ApplyRollout>()
        .AddSingleton<StopRollout>()
        .AddSingleton<ReadDrift>()
        .AddSingleton<TakeOverDrift>()
        .AddSingleton<ProposalNews>()
        .AddSingleton<ProposeChange>()
        .AddSingleton<CommentOnProposal>()
        .AddSingleton<ApproveProposal>()
        .AddSingleton<CloseProposal>()
        .AddSingleton<MergeProposal>()
        .AddSingleton<RevertChange>()
        .AddSingleton<ReadCommit>()
        .AddSingleton<SetUpSecrets>()
        .AddSingleton<ProposalList>();
}
