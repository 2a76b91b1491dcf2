using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>What a person says of how a server's system is evaluated and where it is built.</summary>
/// <param name="Kind">With a flake or without.</param>
/// <param name="OwnFlake">The flake lies in the server's folder; else it is that of the repository.</param>
/// <param name="FlakeName">Of the system in the flake.</param>
/// <param name="Builder">Where it is built; null: on itself.</param>
public sealed record ServerSourceForm(SourceKind Kind, bool OwnFlake, string FlakeName, ServerId? Builder);

/// <summary>Changes how an adopted server's system is evaluated, or where it is built.</summary>
public sealed class ChangeServerSource(Database database, LedgerWriter ledger)
{
    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="server">Which one.</param>
    /// <param name="form">Errors are named by its properties; the empty name is about the whole.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    public async Task<Result<ServerSource>> RunAsync(Caller caller, ServerId server, ServerSourceForm form, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at this configuration, not change it. Somebody with the role operator can.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.ServerSources.SingleOrDefaultAsync(s => s.ServerId == server, cancellationToken) is not { } source)
            {
                return FieldErrors.Of("", "The server is not in the repository yet. Adopt it first.");
            }

            var name = form.FlakeName.Trim();
            var errors = new FieldErrors();
            errors.Add(nameof(ServerSourceForm.FlakeName), form.Kind != SourceKind.Flake || ServerName.TryParse(name, out _, out _) ? null : "Enter the name of the system in the flake: what stands behind nixosConfigurations.");
            errors.Add(nameof(ServerSourceForm.Builder), form.Builder is not { } builder || await context.Servers.AnyAsync(s => s.Id == builder, cancellationToken) ? null : "Your organisation has no such server to build on.");
            if (!errors.None)
            {
                return errors;
            }

            (source.Kind, source.OwnFlake, source.FlakeName) = (form.Kind, form.Kind == SourceKind.Flake && form.OwnFlake, form.Kind == SourceKind.Flake ? name : "");
            source.BuilderId = form.Builder == server ? null : form.Builder;
            return await ledger.DoAsync<ServerSource>(
                caller,
                "configuration.change-source",
                async () =>
                {
                    await context.SaveChangesAsync(CancellationToken.None);
                    return source;
                },
                server,
                details: LedgerVerbs.Details(("kind", source.Kind.ToString()), ("flake", source.FlakeName), ("builder", source.BuilderId?.ToString())),
                cancellationToken: cancellationToken);
        }
    }
}
