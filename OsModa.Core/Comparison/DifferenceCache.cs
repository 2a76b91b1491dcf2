using OsModa.Core.Nix;
using OsModa.Core.Servers;

namespace OsModa.Core.Comparison;

/// <summary>
/// The differences that were read last. A store path never changes what it means, but only on the server that said so: what one
/// server tells of a path is never shown for another.
/// </summary>
internal sealed class DifferenceCache
{
    private const int Most = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(ServerId, StorePath, StorePath), LinkedListNode<((ServerId, StorePath, StorePath) Key, SystemDifference Value)>> _nodes = [];
    private readonly LinkedList<((ServerId, StorePath, StorePath) Key, SystemDifference Value)> _order = new();

    public SystemDifference? Find(ServerId server, StorePath from, StorePath to)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue((server, from, to), out var node))
            {
                return null;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Value;
        }
    }

    public void Keep(ServerId server, SystemDifference difference)
    {
        var key = (server, difference.From, difference.To);
        lock (_lock)
        {
            if (_nodes.Remove(key, out var known))
            {
                _order.Remove(known);
            }

            _nodes[key] = _order.AddFirst((key, difference));
            if (_nodes.Count > Most && _order.Last is { } oldest)
            {
                _nodes.Remove(oldest.Value.Key);
                _order.RemoveLast();
            }
        }
    }
}
