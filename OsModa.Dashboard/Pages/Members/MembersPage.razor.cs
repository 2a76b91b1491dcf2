using Microsoft.AspNetCore.Components;
using OsModa.Core.Accounts;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Pages.Members;

/// <summary>Who belongs to the organisation; owners invite, change roles and take people out.</summary>
public sealed partial class MembersPage
{
    private static readonly Role[] Roles = Enum.GetValues<Role>();

    private readonly Invite _invite = new();
    private Caller? _caller;
    private IReadOnlyList<Member>? _members;
    private IReadOnlyList<PendingInvitation> _pending = [];
    private Guid? _leaving;
    private bool _inviting;
    private int _refusals;    // a browser keeps showing what was chosen and refused; a new element shows what is
    private string? _error;
    private string? _done;
    private string? _inviteError;
    private string? _invited;
    private string? _link;

    [Inject] private CurrentCaller Current { get; set; } = null!;

    [Inject] private Core.Accounts.People People { get; set; } = null!;

    [Inject] private InvitePerson InvitePerson { get; set; } = null!;

    [Inject] private ChangeMembership ChangeMembership { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    protected override Task OnInitializedAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        _caller = await Current.ReadAsync();
        if (_caller is null)
        {
            Navigation.NavigateTo(SignIn.Path, forceLoad: true);
            return;
        }

        _members = await People.ListAsync(_caller, CancellationToken.None);
        _pending = await People.PendingAsync(_caller, CancellationToken.None);
    }

    private Task ChangeAsync(Member member, ChangeEventArgs change) =>
        Enum.TryParse<Role>(change.Value as string, out var role) ? ApplyAsync(member, role) : ReadAsync();

    private Task RemoveAsync(Member member) => ApplyAsync(member, role: null);

    private async Task ApplyAsync(Member member, Role? role)
    {
        (_error, _done, _leaving) = (null, null, null);
        if (await Current.ReadAsync() is { } caller)
        {
            var result = await ChangeMembership.RunAsync(caller, member.PersonId, role, CancellationToken.None);
            _error = result.Errors[""];
            _refusals += result.Done ? 0 : 1;
            _done = !result.Done ? null : role is { } now ? $"{member.Name} is {Word(now).ToLowerInvariant()} now, also in pages that are open." : $"{member.Name} is out.";
        }

        await ReadAsync();
    }

    private async Task InviteAsync()
    {
        if (_inviting)
        {
            return;
        }

        (_inviting, _link, _inviteError) = (true, null, null);
        try
        {
            await MakeLinkAsync();
        }
        finally
        {
            _inviting = false;
        }

        await ReadAsync();
    }

    private async Task MakeLinkAsync()
    {
        if (await Current.ReadAsync() is { } caller)
        {
            var result = await InvitePerson.RunAsync(caller, _invite.Email, _invite.Role, CancellationToken.None);
            if (result.Done)
            {
                _invited = result.Value.Invitation.Email;
                _link = $"{Navigation.BaseUri}{Invitations.Path[1..]}?code={result.Value.Code.Text}";
                _invite.Email = "";
            }
            else
            {
                _inviteError = result.Errors.ByField.Values.First();
            }
        }
    }

    private async Task WithdrawAsync(PendingInvitation invitation)
    {
        if (await Current.ReadAsync() is { } caller)
        {
            await ChangeMembership.WithdrawAsync(caller, invitation.Id, CancellationToken.None);
            _link = invitation.Email == _invited ? null : _link;
        }

        await ReadAsync();
    }

    private static string Word(Role role) => role.ToString();

    private static string Says(Role role) => role switch
    {
        Role.Support => "sees everything; each look stands in the ledger",
        Role.Viewer => "sees everything",
        Role.Operator => "sees everything, rolls servers back",
        _ => "all that, and adds servers and people",
    };

    private sealed class Invite
    {
        public string? Email { get; set; }

        public Role Role { get; set; } = Role.Operator;
    }
}
