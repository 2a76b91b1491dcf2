namespace OsModa.Core.Configuration;

/// <summary>Tells who looks at a proposal that something was done with it.</summary>
public sealed class ProposalNews
{
    private readonly Listeners<(Guid Organisation, Guid Proposal)> _done = new();

    /// <summary>Calls <paramref name="done"/> with the organisation and the proposal once it is in the database, on the thread of whoever did it: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<Guid, Guid> done) => _done.Add(told => done(told.Organisation, told.Proposal));

    internal void Tell(Proposal proposal) => _done.Tell((proposal.OrganisationId, proposal.Id));
}
