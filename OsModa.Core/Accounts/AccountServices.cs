using Microsoft.Extensions.DependencyInjection;

namespace OsModa.Core.Accounts;

public static class AccountServices
{
    /// <summary>The verbs on people and organisations. The host adds an <c>IPasswordHasher&lt;Person&gt;</c>.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddSingleton<Callers>()
        .AddSingleton<EndedSessions>()
        .AddSingleton<SignInTries>()
        .AddSingleton<SupportViews>()
        .AddSingleton<CreateOrganisation>()
        .AddSingleton<AddPerson>()
        .AddSingleton<FirstRun>()
        .AddSingleton<People>()
        .AddSingleton<InvitePerson>()
        .AddSingleton<AcceptInvitation>()
        .AddSingleton<ChangeMembership>();
}
