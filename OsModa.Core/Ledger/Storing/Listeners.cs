using System.Collections.Immutable;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Who wants to hear of something. They are called on the teller's thread: they must only set a mark and return.</summary>
internal sealed class Listeners<T>
{
    private ImmutableArray<Action<T>> _all = [];

    public IDisposable Add(Action<T> listener)
    {
        ImmutableInterlocked.Update(ref _all, static (all, one) => all.Add(one), listener);
        return new Subscription(this, listener);
    }

    public void Tell(T news)
    {
        foreach (var listener in _all)
        {
            listener(news);
        }
    }

    private sealed class Subscription(Listeners<T> listeners, Action<T> listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref listeners._all, static (all, one) => all.Remove(one), listener);
    }
}
