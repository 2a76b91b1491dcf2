namespace OsModa.Core.Configuration;

/// <summary>Tells who looks at a proposal that something was done with it.</summary>
public sealed class ProposalNews
{
    private readonly Listeners<Guid> _done = new();

    /// <summary>Calls <paramref name="done"/> with the proposal once it is in the database, on the thread of whoever did it: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<Guid> done) => _done.Add(done);

    internal void Tell(Guid proposal) => _done.Tell(proposal);
}
