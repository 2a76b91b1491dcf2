using System.Collections.Immutable;

namespace OsModa.Core.Comparison.Texts;

/// <summary>Cuts two texts, whose lines stand beside each other, into what is shown and what is folded away.</summary>
internal sealed class TextParts(SourceLine[] from, SourceLine[] to, List<LineStep> steps, Func<LineStep, bool> isSame, TextRows rows, TextLimits limits)
{
    // The note about a fold takes a line itself.
    private const int SmallestFold = 2;

    private readonly ImmutableArray<TextPart>.Builder _parts = ImmutableArray.CreateBuilder<TextPart>();
    private int _fromLine = 1;
    private int _toLine = 1;
    private string? _section;

    public ImmutableArray<TextPart> Cut()
    {
        var done = 0;
        while (NextChange(done) is { } first)
        {
            var start = Math.Max(done, first - limits.Context);
            start = start - done < SmallestFold ? done : start;
            Fold(done, start, isLast: false);
            done = EndOfHunk(first);
            Show(start, done);
        }

        Fold(done, steps.Count, isLast: true);
        return _parts.ToImmutable();
    }

    private int? NextChange(int start)
    {
        var at = start < steps.Count ? steps.FindIndex(start, step => !isSame(step)) : -1;
        return at < 0 ? null : at;
    }

    private int EndOfHunk(int change)
    {
        while (true)
        {
            var end = change + 1;
            if (NextChange(end) is not { } next)
            {
                var last = Math.Min(steps.Count, end + limits.Context);
                return steps.Count - last < SmallestFold ? steps.Count : last;
            }

            if (next - end - 2 * limits.Context >= SmallestFold)
            {
                return end + limits.Context;
            }

            change = next;
        }
    }

    private void Fold(int start, int end, bool isLast)
    {
        if (start == end)
        {
            return;
        }

        var (fromLine, toLine) = (_fromLine, _toLine);
        Pass(start, end);
        _parts.Add(new TextFold(fromLine, toLine, isLast ? null : _section, end - start));
    }

    private void Show(int start, int end)
    {
        var (fromLine, toLine, section) = (_fromLine, _toLine, _section);
        Pass(start, end);
        _parts.Add(new TextHunk(fromLine, toLine, section, [.. steps[start..end].Select(rows.Of)]));
    }

    private void Pass(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            _fromLine += steps[i].From >= 0 ? 1 : 0;
            _toLine += steps[i].To >= 0 ? 1 : 0;
            var line = (steps[i].To >= 0 ? to[steps[i].To] : from[steps[i].From]).Text;
            _section = SectionHeader.Is(line) ? line : _section;
        }
    }
}
