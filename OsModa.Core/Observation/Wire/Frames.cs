using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Nix;

namespace OsModa.Core.Observation.Wire;

/// <summary>The fields of each kind of frame, by Protocol.md, "Kinds".</summary>
internal static class Frames
{
    /// <summary>Characters of an entry of the journal that are kept.</summary>
    public const int WordsMost = 2_000;

    private const int OperationLineMost = 8 * 1_024;
    private const int SpecialisationsMost = 32;

    public static UnitChange? Unit(ref Fields fields)
    {
        var unit = default(UnitFields);
        while (fields.More)
        {
            var field = fields.Next();
            var equals = field.IndexOf((byte)'=');
            if (equals < 1)
            {
                continue;
            }

            var value = field[(equals + 1)..];
            if (value.IndexOf((byte)'\\') < 0)
            {
                unit.Take(field[..equals], value);
                continue;
            }

            var plain = new byte[value.Length + 4];
            unit.Take(field[..equals], plain.AsSpan(0, Escapes.Undo(value, plain)));
        }

        return unit.Change;
    }

    public static ServerEvent.LoadTold? Load(ref Fields fields, DateTimeOffset now)
    {
        var load1 = Numbers.Fraction(fields.Next());
        var (total, available, disk, free) = (fields.Number(), fields.Number(), fields.Number(), fields.Number());
        return load1 is null || total is null || available is null || disk is null || free is null
            ? null
            : new ServerEvent.LoadTold(now, new HostLoad(load1.Value, total.Value, available.Value, disk.Value, free.Value, null), fields.Moment());
    }

    public static SystemPins Pins(ref Fields fields)
    {
        var (current, booted, next) = (Path(ref fields), Path(ref fields), Path(ref fields));
        return new SystemPins(current, booted, next, Positive(fields.Next()), fields.Yes()) { Waiting = BootPartWords.Parse(fields.Text(100)) };
    }

    public static Generation? Generation(ref Fields fields)
    {
        var number = Positive(fields.Next());
        var system = Path(ref fields);
        var at = fields.Moment();
        if (number is null || system is null || at is null)
        {
            return null;
        }

        return new Generation
        {
            Number = number.Value,
            System = system.Value,
            ActivatedAt = at.Value,
            Label = TextOrNull(ref fields),
            KernelVersion = TextOrNull(ref fields),
            ConfigurationRevision = TextOrNull(ref fields),
            Specialisations = Specialisations(fields.Text(1_000)),
        };
    }

    public static Guid? BootId(ref Fields fields)
    {
        var text = fields.Next();
        return System.Buffers.Text.Utf8Parser.TryParse(text, out Guid id, out var read, 'D') && read == text.Length ? id : null;
    }

    public static JournalWords Words(ref Fields fields, UnitNames names)
    {
        var at = fields.Moment();
        var id = fields.Text(32);
        var unit = names.Find(fields.Next());
        var priority = Numbers.ReadInt(fields.Next()) is { } p and <= 7 ? p : 6;
        return new JournalWords(at, id, unit, priority, fields.Text(64), fields.Text(WordsMost));
    }

    public static JournalWords Words(JournalObject entry) =>
        new(entry.At, entry.MessageId, UnitName.TryParse(entry.Unit, out var unit) ? unit : null, entry.Priority, entry.Identifier, entry.Message);

    public static LoggedEntry? Logged(JournalObject entry) => entry is { Cursor: { } cursor, Boot: { } boot } ? new LoggedEntry(cursor, boot, entry.Program, entry.Uid, entry.Pid, Words(entry)) { Executable = entry.Executable } : null;

    /// <summary>The rest of an <c>op</c> frame: its line has TABs of its own.</summary>
    public static string Operation(ReadOnlySpan<byte> rest) => Encoding.UTF8.GetString(rest.Length > OperationLineMost ? rest[..OperationLineMost] : rest);

    private static StorePath? Path(ref Fields fields) => StorePath.TryParse(fields.Text(300), out var path) ? path : null;

    private static int? Positive(ReadOnlySpan<byte> text) => Numbers.ReadInt(text) is > 0 and var number ? number : null;

    private static string? TextOrNull(ref Fields fields) => fields.Text(120) is { Length: > 0 } text ? text : null;

    private static ImmutableArray<string> Specialisations(string text) =>
        text.Length == 0 ? [] : [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(SpecialisationsMost)];
}
