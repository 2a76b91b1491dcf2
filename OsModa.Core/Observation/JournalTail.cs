using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>An entry of a unit's journal.</summary>
/// <param name="At">By the server's clock; null when it names no possible time.</param>
/// <param name="Priority">0 emergency to 7 debugging.</param>
/// <param name="Pid">The process that wrote it.</param>
/// <param name="Identifier">What the process calls itself.</param>
/// <param name="Text">Harmless text.</param>
public sealed record JournalEntry(DateTimeOffset? At, int Priority, int? Pid, string Identifier, string Text)
{
    /// <summary>So many entries came before this one faster than they could be shown, and were left out.</summary>
    public int LeftOut { get; init; }
}

/// <summary>The live journal of one unit.</summary>
public sealed class JournalTail(ShellOf shells, TimeProvider time)
{
    /// <summary>Entries of the past that can be asked for.</summary>
    public const int LinesMost = 1_000;

    /// <summary>Characters of an entry that are kept.</summary>
    public const int TextMost = 4_000;

    /// <summary>Journals of one server that are read at the same time. A connection has nine places, and what people do must find one.</summary>
    public const int MostAtOnce = 5;

    private const int EntriesASecond = 200;

    private readonly ConcurrentDictionary<ServerId, int> _open = new();

    /// <summary>
    /// The newest <paramref name="lines"/> entries, oldest first, then each new one as it is written, until cancelled. More than
    /// 200 a second are left out, and how many is told with the next.
    /// </summary>
    /// <exception cref="ConnectionException">No connection, it was lost, or <see cref="MostAtOnce"/> are read already.</exception>
    public async IAsyncEnumerable<JournalEntry> ReadAsync(ServerId server, UnitName unit, int lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var place = Take(server);
        var shell = await shells(server, cancellationToken);
        var run = await shell.StartAsync(RemoteScript.Embedded("journal.sh"), [unit.Text, Math.Clamp(lines, 0, LinesMost).ToString()], cancellationToken);
        await using (run)
        {
            // The past comes at once and is not cut by the rate.
            double allowed = LinesMost + EntriesASecond;
            var (leftOut, filledAt) = (0, time.GetTimestamp());
            await foreach (var line in run.ReadLinesAsync(cancellationToken))
            {
                if (line.IsEmpty)
                {
                    continue;
                }

                var now = time.GetTimestamp();
                allowed = Math.Min(LinesMost + EntriesASecond, allowed + (time.GetElapsedTime(filledAt, now).TotalSeconds * EntriesASecond));
                filledAt = now;
                if (allowed < 1)
                {
                    leftOut++;
                    continue;
                }

                if (!JournalObject.TryRead(line.Span, TextMost, out var entry))
                {
                    continue;
                }

                allowed--;
                yield return new JournalEntry(entry.At, entry.Priority, entry.Pid, entry.Identifier, entry.Message) { LeftOut = leftOut };
                leftOut = 0;
            }
        }
    }

    private Place Take(ServerId server)
    {
        var place = new Place(() => _open.AddOrUpdate(server, 0, static (_, count) => count - 1));
        if (_open.AddOrUpdate(server, 1, static (_, count) => count + 1) > MostAtOnce)
        {
            place.Dispose();
            throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Refused, $"{MostAtOnce} journals of this server are read already, here or by others. Close one, then try again."));
        }

        return place;
    }

    private sealed class Place(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
