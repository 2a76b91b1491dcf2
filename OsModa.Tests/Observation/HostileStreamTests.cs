using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Observation;

/// <summary>Whatever a server sends: no exception, no lie about other servers, no growth without end.</summary>
public sealed class HostileStreamTests
{
    private static readonly byte[][] Real = [.. Recording.Lines("start-stop-crash").Concat(Recording.Lines("hand-switch"))];

    public static TheoryData<byte[]> Corpus => new(
    [
        [],
        [0],
        [0xFF, 0xFE, 0xC0, 0x80],
        "=\n"u8.ToArray(),
        "= "u8.ToArray(),
        "=bus"u8.ToArray(),
        "=bus b 5f3a9c01"u8.ToArray(),
        "=bus b 5f3a9c01:"u8.ToArray(),
        "=bus b 5f3a9c01::"u8.ToArray(),
        "=bus b 5f3a9c01:1:"u8.ToArray(),
        "=bus B 5f3a9c01:1:{}"u8.ToArray(),
        "\t\t\t\t\t\t\t\t"u8.ToArray(),
        "unit\tm2"u8.ToArray(),
        "unit\tm2\t5f3a9c01"u8.ToArray(),
        "unit\tm2\t5f3a9c01\t"u8.ToArray(),
        "unit\tm2\t5f3a9c01\ta.service\t=\t==\tActiveState\tActiveState=\t=x"u8.ToArray(),
        "unit\tm9223372036854775807\t5f3a9c01\ta.service\tNRestarts=2147483648"u8.ToArray(),
        "unit\tm9223372036854775808\t5f3a9c01\ta.service\tActiveState=active"u8.ToArray(),
        "beat\tm-1\t5f3a9c01\t1"u8.ToArray(),
        "beat\t\u00E92\t5f3a9c01\t1"u8.ToArray(),
        "end\tm2\t5f3a9c01\tunits\t0"u8.ToArray(),
        "begin\tm2\t5f3a9c01\tunits\t-5"u8.ToArray(),
        "begin\tm2\t5f3a9c01\tunits"u8.ToArray(),
        "load\tm2\t5f3a9c01\tNaN\t1\t1\t1\t1\t1"u8.ToArray(),
        "load\tm2\t5f3a9c01\t1e308\t9223372036854775807\t9223372036854775807\t9223372036854775807\t9223372036854775807\t9223372036854775807"u8.ToArray(),
        "pins\tm2\t5f3a9c01\t/nix/store/../../etc/passwd\t\u0000\t\\u0000\t99999999999\t2"u8.ToArray(),
        "generation\tm2\t5f3a9c01\t1\t/nix/store/0123456789abcdfghijklmnpqrsvwxyz-a\t1"u8.ToArray(),
        "fact\tm2\t5f3a9c01\tcores\t99999999999999999999"u8.ToArray(),
        "fact\tm2\t5f3a9c01\tbooted\t9223372036854775807"u8.ToArray(),
        "words\tm2\t5f3a9c01\t1\t\\\t\\u\t\\ud83d\\u\t\\ud83d\\ud83d\t\\"u8.ToArray(),
        "op\tm2\t5f3a9c01\tJ\tnot-an-id\t0"u8.ToArray(),
        "=op o 5f3a9c01:1:J\t0198c0de-0000-7000-8000-000000000001\t-1\t99999999999999999\tbegin"u8.ToArray(),
        "=journal j 5f3a9c01:1:{\"MESSAGE\":[256,-1,1e400,\"a\",[]],\"__REALTIME_TIMESTAMP\":\"-7\",\"PRIORITY\":\"99\"}"u8.ToArray(),
        "=bus b 5f3a9c01:1:{\"path\":\"/org/freedesktop/systemd1/unit/\",\"member\":\"PropertiesChanged\",\"payload\":{\"data\":[{\"InvocationID\":{\"data\":[1,2]}}]}}"u8.ToArray(),
        Encoding.UTF8.GetBytes("unit\tm2\t5f3a9c01\ta.service\t" + string.Join('\t', Enumerable.Repeat("Description=x", 100_000))),
        [.. Enumerable.Repeat((byte)'\\', 60_000)],
        [.. Enumerable.Repeat((byte)'\t', 60_000)],
        [.. Enumerable.Repeat((byte)'a', RemoteLimits.LineBytes)],
    ]);

    [Theory]
    [MemberData(nameof(Corpus))]
    public void No_line_is_an_exception(byte[] line)
    {
        foreach (var begun in new[] { false, true })
        {
            var (parser, state) = Start(begun);
            for (var i = 0; i < 3; i++)
            {
                state = parser.Read(line) is { } told ? state.Apply(told) : state;
            }

            Assert.True(state.Units.Count <= 1);
        }
    }

    [Fact]
    public void No_bytes_at_all_are_an_exception() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3_000),
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var (parser, state) = Start(begun: bytes.Length % 2 == 0);
            return parser.Read(bytes) is not { } told || state.Apply(told) is not null;
        }));

    [Fact]
    public void Real_lines_that_were_damaged_are_no_exception() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3_000),
        Prop.ForAll(Damaged().ToArbitrary(), lines =>
        {
            var (parser, state) = Start(begun: true);
            foreach (var line in lines)
            {
                state = parser.Read(line) is { } told ? state.Apply(told) : state;
            }

            return state.Units.Values.All(unit => unit.Description.Length <= 200 && unit.StatusText.Length <= 300 && unit.RestartsSeen.Length <= 5);
        }));

    [Fact]
    public void A_stream_cut_anywhere_and_taken_up_by_a_new_one_ends_in_the_same_state()
    {
        var lines = Recording.Lines("start-stop-crash");
        var whole = Recording.Replay(lines, new HandClock()).Last();
        foreach (var cut in new[] { 1, 40, 160, 290, lines.Count / 2, lines.Count - 1 })
        {
            var clock = new HandClock();
            var before = Recording.Replay(lines.Take(cut).Append([.. lines[cut].Take(lines[cut].Length / 2)]), clock).LastOrDefault();

            var after = Recording.Replay(lines, clock, before).Last();

            Assert.Equal(Essence(whole), Essence(after));
        }
    }

    [Fact]
    public void A_flood_of_new_units_is_cut_off()
    {
        var (parser, state) = Start(begun: true);
        var line = new FrameLines();
        line.Hello();
        for (var i = 0; i < 6_000; i++)
        {
            state = parser.Read(line["unit", $"flood-{i}.service", "ActiveState=active"]) is { } told ? state.Apply(told) : state;
        }

        Assert.Equal(4_096, state.Units.Count);
    }

    private static Gen<byte[][]> Damaged() =>
        from start in Gen.Choose(0, Real.Length - 40)
        from harms in Gen.ListOf(from line in Gen.Choose(0, 39) from at in Gen.Choose(0, 1_500) from how in Gen.Choose(0, 6) select (line, at, how), 12)
        select Harm([.. Real.Skip(start).Take(40).Select(line => (byte[])line.Clone())], harms);

    private static byte[][] Harm(byte[][] lines, IEnumerable<(int Line, int At, int How)> harms)
    {
        foreach (var (n, place, how) in harms)
        {
            var line = lines[n];
            var at = line.Length == 0 ? 0 : place % line.Length;
            lines[n] = how switch
            {
                0 => line[..at],
                1 => line[at..],
                2 => [.. line[..at], 0xFF, 0x00, .. line[at..]],
                3 => [.. line[..at], (byte)'\t', .. line[at..]],
                4 => [.. line[..at], (byte)'"', .. line[at..]],
                5 => [.. line, .. lines[(n + 1) % lines.Length]],
                _ => [.. line[..at], .. "99999999999999999999"u8, .. line[at..]],
            };
        }

        return lines;
    }

    private static (ProtocolParser Parser, ServerState State) Start(bool begun)
    {
        var parser = new ProtocolParser(new HandClock());
        var state = new ServerState { Server = ServerId.New() };
        return begun ? (parser, state.Apply(parser.Read(new FrameLines().Hello())!)) : (parser, state);
    }

    private static string Essence(ServerState state) => string.Join('\n', state.Units.Values
        .Select(u => $"{u.Name} {u.Description} {u.Activity} {u.Sub} {u.Result} {u.Restarts} {u.ExitStatus} {u.MainPid} {u.Agent}")
        .Concat(state.Generations.Select(g => $"{g.Number} {g.System} {g.Label} {g.GoneAt}"))
        .Append($"{state.Pins} {state.Reach} {state.Host}"));
}
