namespace OsModa.Core.Configuration;

/// <summary>Tells who looks at an organisation's remote repository that something is new with it.</summary>
public sealed class RemoteNews
{
    private readonly Listeners<Guid> _changed = new();

    /// <summary>Calls <paramref name="changed"/> with the organisation, on the thread of whoever did it: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<Guid> changed) => _changed.Add(changed);

    internal void Tell(Guid organisation) => _changed.Tell(organisation);
}
