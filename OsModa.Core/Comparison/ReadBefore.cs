namespace OsModa.Core.Comparison;

/// <summary>
/// What was read last, up to a number. A store path never changes what it means, but only on the server that said so: what one
/// server tells of a path is never shown for another, so the server is part of each key.
/// </summary>
internal sealed class ReadBefore<TKey, TValue>(int most)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _order = new();

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
        lock (_lock)
        {
            if (_nodes.Remove(key, out var known))
            {
                _order.Remove(known);
            }

            _nodes[key] = _order.AddFirst((key, value));
            if (_nodes.Count > most && _order.Last is { } oldest)
            {
                _nodes.Remove(oldest.Value.Key);
                _order.RemoveLast();
            }
        }
    }
}
