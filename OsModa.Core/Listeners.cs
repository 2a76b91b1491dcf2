using System.Collections.Immutable;

namespace OsModa.Core;

/// <summary>Who wants to hear of something. They are called on the teller's thread: they must only set a mark and return, and must not throw.</summary>
/// <typeparam name="T">What they are told.</typeparam>
internal sealed class Listeners<T>
{
    private ImmutableArray<Subscription> _all = [];

    /// <summary>Until the subscription is disposed of; once more does no harm.</summary>
    public IDisposable Add(Action<T> listener)
    {
        var subscription = new Subscription(this, listener);
        ImmutableInterlocked.Update(ref _all, static (all, one) => all.Add(one), subscription);
        return subscription;
    }

    public void Tell(T news)
    {
        foreach (var subscription in _all)
        {
            subscription.Listener(news);
        }
    }

    private sealed class Subscription(Listeners<T> listeners, Action<T> listener) : IDisposable
    {
        public Action<T> Listener => listener;

        public void Dispose() => ImmutableInterlocked.Update(ref listeners._all, static (all, one) => all.Remove(one), this);
    }
}
