using System.Collections.Immutable;

namespace OsModa.Dashboard.Live;

/// <summary>
/// The order of a live list in which nothing moves under the pointer: while it is held, what is shown keeps its place, what is
/// new comes at the end and what is gone goes; the due order comes when it is let go.
/// </summary>
public sealed class SteadyOrder<T, TKey>(Func<T, TKey> key) where TKey : notnull
{
    private ImmutableArray<T> _shown = [];

    /// <summary>The pointer or the focus is in the list; see <see cref="ListHold"/>.</summary>
    public bool Held { get; set; }

    /// <summary>The same items in the order to show.</summary>
    /// <param name="due">In the order in which they should stand.</param>
    public ImmutableArray<T> Arrange(ImmutableArray<T> due)
    {
        if (!Held)
        {
            return _shown = due;
        }

        var byKey = due.ToDictionary(key);
        var arranged = ImmutableArray.CreateBuilder<T>(due.Length);
        foreach (var shown in _shown)
        {
            if (byKey.Remove(key(shown), out var item))
            {
                arranged.Add(item);
            }
        }

        arranged.AddRange(due.Where(item => byKey.ContainsKey(key(item))));
        return _shown = arranged.ToImmutable();
    }
}
