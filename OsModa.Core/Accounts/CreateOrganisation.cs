using OsModa.Core.Storage;

namespace OsModa.Core.Accounts;

/// <summary>Makes an organisation without people or servers. Asks for no rights: whoever calls it has made sure of them.</summary>
public sealed class CreateOrganisation(Database database, TimeProvider time)
{
    public async Task<Result<Organisation>> RunAsync(string? name, CancellationToken cancellationToken)
    {
        var result = Make(name);
        if (result.Done)
        {
            var context = database.OpenFor(result.Value.Id);
            await using (context)
            {
                context.Organisations.Add(result.Value);
                await context.SaveChangesAsync(cancellationToken);
            }
        }

        return result;
    }

    internal Result<Organisation> Make(string? name) => PlainName.TryParse(name, out var checkedName, out var error)
        ? new Organisation { Id = Guid.CreateVersion7(), Name = checkedName, CreatedAt = time.GetUtcNow() }
        : FieldErrors.Of(nameof(Organisation.Name), error);
}
