namespace OsModa.Core.Comparison.Texts;

/// <summary>Makes rows of lines that stand beside each other.</summary>
internal sealed class TextRows(SourceLine[] from, SourceLine[] to, bool hashes)
{
    public TextRow Of(LineStep step)
    {
        if (step.From < 0)
        {
            return new TextRow(TextRowKind.Added, null, Alone(to, step.To, TextSegmentKind.Changed));
        }

        if (step.To < 0)
        {
            return new TextRow(TextRowKind.Removed, Alone(from, step.From, TextSegmentKind.Changed), null);
        }

        var (one, other) = (from[step.From], to[step.To]);
        if (one == other)
        {
            var line = Alone(from, step.From, TextSegmentKind.Same);
            return new TextRow(TextRowKind.Same, line, line with { Number = step.To + 1 });
        }

        var (left, right) = WordDifference.Between(one.Text, other.Text, hashes);
        var rebuilt = hashes && one.Ending == other.Ending && HashMark.Without(one.Text) == HashMark.Without(other.Text);
        return new TextRow(
            rebuilt ? TextRowKind.Rebuilt : TextRowKind.Changed,
            new TextLine(step.From + 1, one.Text, one.Ending, left),
            new TextLine(step.To + 1, other.Text, other.Ending, right));
    }

    private TextLine Alone(SourceLine[] lines, int index, TextSegmentKind kind) =>
        new(index + 1, lines[index].Text, lines[index].Ending, WordDifference.Alone(lines[index].Text, kind, hashes));
}
