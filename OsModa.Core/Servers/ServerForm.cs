using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Storage;

namespace OsModa.Core.Servers;

/// <summary>What a person types about a server. Errors are named by these properties.</summary>
/// <param name="Name">See <see cref="ServerName"/>.</param>
/// <param name="Address">See <see cref="HostAddress"/>.</param>
/// <param name="Port">See <see cref="TcpPort"/>; empty is 22.</param>
/// <param name="Login">See <see cref="LoginName"/>.</param>
/// <param name="JumpThrough">Another server of the organisation to go through.</param>
/// <param name="Tags">With spaces or commas between them; see <see cref="Tag"/>.</param>
public sealed record ServerForm(string? Name, string? Address, string? Port, string? Login, ServerId? JumpThrough = null, string? Tags = null)
{
    /// <summary>The form of a server as it is now.</summary>
    public static ServerForm Of(Server server) =>
        new(server.Name, server.Address, server.Port.ToString(), server.Login, server.JumpThrough, string.Join(' ', server.Tags));

    /// <summary>
    /// What a person changed between <paramref name="seen"/> and this, put upon what is there <paramref name="now"/>: nobody takes back by an old
    /// page what somebody else has changed since. A field that both have changed is an error, and stays as it is here.
    /// </summary>
    public ServerForm Onto(ServerForm seen, ServerForm now, FieldErrors errors)
    {
        return new(
            Pick(nameof(Name), Name, seen.Name, now.Name),
            Pick(nameof(Address), Address, seen.Address, now.Address),
            Pick(nameof(Port), Port, seen.Port, now.Port),
            Pick(nameof(Login), Login, seen.Login, now.Login),
            Pick(nameof(JumpThrough), JumpThrough, seen.JumpThrough, now.JumpThrough, "Somebody else has chosen another way meanwhile. Save again to have yours."),
            Pick(nameof(Tags), Tags, seen.Tags, now.Tags));

        T Pick<T>(string field, T mine, T before, T there, string? why = null)
        {
            if (Equals(mine, before))
            {
                return there;
            }

            errors.Add(field, Equals(there, before) || Equals(there, mine) ? null : why ?? $"Somebody else has changed this to “{there}” meanwhile. Save again to have yours.");
            return mine;
        }
    }

    /// <summary>Checks every field, and what the fields mean together with the organisation's other servers.</summary>
    /// <param name="context">Of the organisation.</param>
    /// <param name="self">The server that is changed; null for a new one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<(CheckedServerForm? Form, FieldErrors Errors)> CheckAsync(DashboardContext context, ServerId? self, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var fits = ServerName.TryParse(Name, out var name, out var error);
        errors.Add(nameof(Name), error);
        fits &= HostAddress.TryParse(Address, out var address, out error);
        errors.Add(nameof(Address), error);
        fits &= TcpPort.TryParse(Port, out var port, out error);
        errors.Add(nameof(Port), error);
        fits &= LoginName.TryParse(Login, out var login, out error);
        errors.Add(nameof(Login), error);
        fits &= Tag.TryParseList(Tags, out var tags, out error);
        errors.Add(nameof(Tags), error);

        var others = await context.Servers.Where(s => s.Id != self).Select(s => new { s.Id, s.Name, s.JumpThrough }).ToListAsync(cancellationToken);
        if (name.Text is not null && others.Exists(o => string.Equals(o.Name, name.Text, StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add(nameof(Name), NameTaken(name));
        }

        errors.Add(nameof(JumpThrough), CheckJump(self, others.ToDictionary(o => o.Id, o => o.JumpThrough)));
        return fits && errors.None ? (new CheckedServerForm(name, address, port, login, JumpThrough, tags), errors) : (null, errors);
    }

    internal static string NameTaken(ServerName name) => $"Another server of the organisation is called {name}.";

    private string? CheckJump(ServerId? self, Dictionary<ServerId, ServerId?> ways)
    {
        var hops = 0;
        for (var next = JumpThrough; next is { } hop; next = ways[hop])
        {
            if (hop == self)
            {
                return hops == 0 ? "A server is not its own jump host." : "The jump hosts would go round in a circle.";
            }

            if (!ways.ContainsKey(hop))
            {
                return "The jump host is not among the organisation's servers.";
            }

            if (++hops > MaxJumps)
            {
                return $"The way has more than {MaxJumps} jump hosts.";
            }
        }

        return null;
    }

    /// <summary>Jump hosts in a row.</summary>
    internal const int MaxJumps = 4;
}

/// <summary>The same, checked.</summary>
internal sealed record CheckedServerForm(ServerName Name, HostAddress Address, TcpPort Port, LoginName Login, ServerId? JumpThrough, ImmutableArray<Tag> Tags);
