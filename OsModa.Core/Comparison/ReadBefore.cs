namespace OsModa.Core.Comparison;

/// <summary>
/// What was read last, up to a number and up to a size: servers choose how much they tell. A store path never changes what it means,
/// but only on the server that said so: what one server tells of a path is never shown for another, so the server is part of each key.
/// </summary>
/// <param name="most">How many are kept.</param>
/// <param name="mostBytes">How much memory all of them take; what takes more by itself is not kept.</param>
/// <param name="size">How much one of them takes, about, in bytes.</param>
internal sealed class ReadBefore<TKey, TValue>(int most, long mostBytes, Func<TValue, long> size)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Kept>> _nodes = [];
    private readonly LinkedList<Kept> _order = new();
    private long _bytes;

    public TValue? Find(TKey key)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node))
            {
                return null;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Value;
        }
    }

    public void Keep(TKey key, TValue value)
    {
        var bytes = size(value);
        lock (_lock)
        {
            Drop(key);
            if (bytes > mostBytes)
            {
                return;
            }

            _nodes[key] = _order.AddFirst(new Kept(key, value, bytes));
            _bytes += bytes;
            while ((_nodes.Count > most || _bytes > mostBytes) && _order.Last is { } oldest)
            {
                Drop(oldest.Value.Key);
            }
        }
    }

    private void Drop(TKey key)
    {
        if (_nodes.Remove(key, out var known))
        {
            _order.Remove(known);
            _bytes -= known.Value.Bytes;
        }
    }

    private sealed record Kept(TKey Key, TValue Value, long Bytes);
}
