using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Reading;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>What people do at the door stands in the ledger of their organisation.</summary>
public sealed class SignInNotesTests : IAsyncLifetime
{
    private readonly ProductInProcess _product = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _product.InitializeAsync();

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task The_first_setup_stands_in_the_ledger()
    {
        var code = await _product.SetupCodeAsync();
        using var browser = _product.Stranger();
        await ProductInProcess.PostAsync(browser, $"/setup?code={code}", "/setup", ("code", code), ("organisation", "Acme"), ("name", "Ada"), ("email", "ada@example.org"), ("password", ProductInProcess.Password));

        var organisation = Assert.Single(await _product.Services.GetRequiredService<Callers>().OrganisationsOfAsync(Person("ada@example.org"), Stop));
        Assert.Equal(["organisation.set-up"], Verbs(organisation.Id));
    }

    [Fact]
    public async Task Signing_in_and_out_and_a_new_password_stand_in_the_ledger()
    {
        var organisation = await _product.OrganisationAsync("Acme");
        await _product.PersonAsync(organisation, Role.Owner, "ada@example.org");
        using var browser = await _product.SignedInAsync("ada@example.org");
        await ProductInProcess.PostAsync(browser, "/account", "/account/password", ("current", ProductInProcess.Password), ("password", "another horse battery staple"));
        await ProductInProcess.PostAsync(browser, "/", "/sign-out");

        Assert.Equal(["person.sign-out", "person.change-password", "person.sign-in"], Verbs(organisation.Id));
    }

    private IEnumerable<string> Verbs(Guid organisation) => _product.Services.GetRequiredService<LedgerQueries>().Page(organisation, LedgerFilter.Everything).Lines.Select(line => line.Type);

    private Guid Person(string email)
    {
        using var context = _product.Services.GetRequiredService<OsModa.Core.Storage.Database>().OpenForAll();
        return context.Users.Single(person => person.Email == email).Id;
    }
}
