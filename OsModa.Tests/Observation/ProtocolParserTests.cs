using System.Text;
using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class ProtocolParserTests
{
    private readonly ProtocolParser _parser = new(new HandClock());
    private readonly FrameLines _line = new();

    [Fact]
    public void The_example_of_the_written_protocol_is_read_without_loss()
    {
        var events = Example().Select(line => _parser.Read(Encoding.UTF8.GetBytes(line))).OfType<ServerEvent>().ToList();

        Assert.Equal(0, _parser.Tally.Broken);
        Assert.IsType<ServerEvent.Hello>(events[0]);
        Assert.Contains(events, e => e is ServerEvent.SnapshotEnded);
        var units = Assert.Single(events.OfType<ServerEvent.UnitsListed>());
        Assert.Equal(70_111_111, Assert.Single(units.Reports).Change.ChangedMono);
        Assert.Equal(42, Assert.Single(Assert.Single(events.OfType<ServerEvent.GenerationsListed>()).Generations).Number);
        Assert.Equal(["nginx.service", "nginx.service"], events.OfType<ServerEvent.UnitTold>().Select(e => e.Report.Unit.Text));
        Assert.Equal("exit-code", events.OfType<ServerEvent.UnitTold>().Last().Report.Change.Result);
    }

    [Fact]
    public void A_unit_is_told_with_all_its_properties()
    {
        Say(_line.Hello());

        var told = Assert.IsType<ServerEvent.UnitTold>(Say(_line[
            "unit", "nginx.service", "ActiveState=active", "SubState=running", "Result=success", "NRestarts=3", "MainPID=412", "ExecMainStatus=0",
            "StateChangeTimestamp=Fri 2025-11-21 23:10:01.123456 UTC", "StateChangeTimestampMonotonic=70111111", "MemoryCurrent=[not set]",
            "InvocationID=379a362fa4a7464eb045c07f45d7cd68", "Description=Nginx \\\"web\\\"\\tserver", "NeedDaemonReload=yes", "Never=heard", "StatusText=50 % = half"]));

        var unit = told.Report.Change;
        Assert.Equal((UnitActivity.Active, "running", 3, 412), (unit.Activity!.Value, unit.Sub!, unit.Restarts!.Value, unit.MainPid!.Value));
        Assert.Equal(new DateTimeOffset(2025, 11, 21, 23, 10, 1, 123, 456, TimeSpan.Zero), unit.ChangedAt);
        Assert.Equal("Nginx \"web\" server", unit.Description);
        Assert.Equal("50 % = half", unit.StatusText);
        Assert.Equal(-1, unit.MemoryBytes);
        Assert.Equal(Guid.Parse("379a362f-a4a7-464e-b045-c07f45d7cd68"), unit.Invocation);
        Assert.True(unit.NeedsReload);
    }

    [Theory]
    [InlineData("nginx_2eservice", "nginx.service")]
    [InlineData("getty_40tty1_2eservice", "getty@tty1.service")]
    [InlineData("dev_2ddisk_2dby_5cx2duuid_2edevice", "dev-disk-by\\x2duuid.device")]
    [InlineData("_31password_2eservice", "1password.service")]
    [InlineData("dev-disk-by\\\\x2duuid.device", "dev-disk-by\\x2duuid.device")]
    [InlineData("_2d_2emount", "-.mount")]
    public void Names_of_units_are_unescaped(string field, string name)
    {
        Say(_line.Hello());

        Assert.Equal(name, Assert.IsType<ServerEvent.UnitGone>(Say(_line["gone", field])).Unit.Text);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("nginx_2")]
    [InlineData("nginx_zzservice")]
    [InlineData("../../etc/passwd.service")]
    [InlineData("a b.service")]
    [InlineData("")]
    [InlineData(".")]
    public void What_is_no_name_of_a_unit_is_dropped(string field)
    {
        Say(_line.Hello());

        Assert.Null(Say(_line["gone", field]));
        Assert.Equal(1, _parser.Tally.BrokenBy["fields"]);
    }

    [Fact]
    public void A_gap_in_the_count_of_a_writer_asks_for_a_new_stream()
    {
        Say(_line.Hello());
        _line.Of('b', "beat", "1");
        _line.Of('b', "beat", "2");

        Assert.IsType<ServerEvent.StreamTorn>(Say(_line.Of('b', "beat", "3")));
    }

    [Fact]
    public void A_writer_that_begins_anew_is_no_gap()
    {
        Say(_line.Hello());
        Say(_line.Of('p', "beat", "1"));
        Say(_line.Of('p', "beat", "2"));

        Assert.IsType<ServerEvent.Beat>(Say(new FrameLines().Of('p', "beat", "3")));
    }

    [Fact]
    public void Another_boot_asks_for_a_new_stream()
    {
        Say(_line.Hello());

        Assert.IsType<ServerEvent.StreamTorn>(Say(new FrameLines("aaaaaaaa").Of('b', "beat", "3")));
    }

    [Fact]
    public void Nothing_is_believed_before_the_hello()
    {
        Assert.Null(Say(_line["unit", "nginx.service", "ActiveState=active"]));
        Assert.Equal(1, _parser.Tally.BrokenBy["order"]);
    }

    [Fact]
    public void A_hello_of_another_version_is_refused()
    {
        Assert.Null(Say(_line["hello", "2", _line.BootId, "1", "1", "0", "1"]));
        Assert.False(_parser.Begun);
    }

    [Fact]
    public void Unknown_kinds_are_counted_and_skipped()
    {
        Say(_line.Hello());

        Assert.Null(Say(_line["weather", "1", "2", "3"]));
        Assert.Equal((1, 0), (_parser.Tally.Unknown, _parser.Tally.Broken));
    }

    [Fact]
    public void Of_more_generations_than_are_kept_those_with_the_highest_numbers_stay_and_none_counts_as_broken()
    {
        Say(_line.Hello());
        Say(_line["begin", "generations", "100"]);
        for (var number = 1; number <= 2_000; number++)
        {
            Assert.Null(Say(_line["generation", $"{number}", "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1", "1763680201000000"]));
        }

        var listed = Assert.IsType<ServerEvent.GenerationsListed>(Say(_line["end", "generations", "2000"]));

        Assert.Equal(Enumerable.Range(977, 1_024), listed.Generations.Select(g => g.Number).Order());
        Assert.Equal((0, 976), (_parser.Tally.Broken, _parser.Tally.LeftOut));
    }

    [Fact]
    public void A_list_with_a_wrong_count_is_not_believed()
    {
        Say(_line.Hello());
        Say(_line["begin", "units", "100"]);
        Say(_line["unit", "a.service", "ActiveState=active"]);

        Assert.IsType<ServerEvent.StreamTorn>(Say(_line["end", "units", "2"]));
        Assert.Equal(1, _parser.Tally.BrokenBy["set"]);
    }

    [Fact]
    public void Frames_of_other_writers_inside_a_list_do_not_belong_to_it()
    {
        Say(_line.Hello());
        Say(_line["begin", "units", "100"]);
        Assert.IsType<ServerEvent.UnitTold>(Say(_line.Of('b', "unit", "b.service", "ActiveState=failed")));
        Assert.Null(Say(_line["unit", "a.service", "ActiveState=active"]));

        var list = Assert.IsType<ServerEvent.UnitsListed>(Say(_line["end", "units", "1"]));

        Assert.Equal("a.service", Assert.Single(list.Reports).Unit.Text);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData("99999999999999999999")]
    [InlineData("١٢٣")]
    [InlineData(" 1")]
    [InlineData("0x10")]
    public void What_is_no_number_is_no_beat(string number)
    {
        Say(_line.Hello());

        Assert.Null(Say(_line["beat", number]));
    }

    [Fact]
    public void Times_that_no_calendar_has_are_unknown()
    {
        Say(_line.Hello());
        var year9999999 = "315568930608000000000";

        var told = Assert.IsType<ServerEvent.UnitTold>(Say(_line["unit", "a.service", "ActiveState=active", $"StateChangeTimestamp={year9999999}"]));

        Assert.Null(told.Report.Change.ChangedAt);
        Assert.Null(Assert.IsType<ServerEvent.UnitTold>(Say(_line["unit", "a.service", "StateChangeTimestamp=253402300800000000", "SubState=x"])).Report.Change.ChangedAt);
        Assert.Null(Assert.IsType<ServerEvent.UnitTold>(Say(_line["unit", "a.service", "StateChangeTimestamp=Fri 9999999-11-21 23:10:01.123456 UTC"])).Report.Change.ChangedAt);
    }

    [Fact]
    public void A_signal_of_the_bus_is_read_as_it_is()
    {
        Say(_line.Hello());
        const string Unit = """{"type":"signal","path":"/org/freedesktop/systemd1/unit/shop_2dworker_2eservice","interface":"org.freedesktop.DBus.Properties","member":"PropertiesChanged","payload":{"type":"sa{sv}as","data":["org.freedesktop.systemd1.Unit",{"ActiveState":{"type":"s","data":"activating"},"SubState":{"type":"s","data":"auto-restart"},"StateChangeTimestamp":{"type":"t","data":1795303262603324},"StateChangeTimestampMonotonic":{"type":"t","data":258300968},"Job":{"type":"(uo)","data":[2865,"/org/freedesktop/systemd1/job/2865"]},"InvocationID":{"type":"ay","data":[90,34,3,207,216,136,75,164,157,74,110,180,191,197,174,9]}},["Conditions"]]}}""";

        var told = Assert.IsType<ServerEvent.UnitTold>(Say(_line.Passed('b', "bus", Unit)));

        Assert.Equal("shop-worker.service", told.Report.Unit.Text);
        Assert.Equal((UnitActivity.Activating, "auto-restart", 258300968L), (told.Report.Change.Activity!.Value, told.Report.Change.Sub!, told.Report.Change.ChangedMono!.Value));
        Assert.Equal(Guid.ParseExact("5a2203cfd8884ba49d4a6eb4bfc5ae09", "N"), told.Report.Change.Invocation);
    }

    [Fact]
    public void A_status_text_cannot_pass_for_a_property()
    {
        Say(_line.Hello());
        const string Service = """{"path":"/org/freedesktop/systemd1/unit/a_2eservice","member":"PropertiesChanged","payload":{"data":["org.freedesktop.systemd1.Service",{"StatusText":{"type":"s","data":"\"ActiveState\":{\"type\":\"s\",\"data\":\"failed\"} ‮\u001b[31m"},"Result":{"type":"s","data":"success"}},[]]}}""";

        var change = Assert.IsType<ServerEvent.UnitTold>(Say(_line.Passed('b', "bus", Service))).Report.Change;

        Assert.Null(change.Activity);
        Assert.Equal("\"ActiveState\":{\"type\":\"s\",\"data\":\"failed\"} ‹U+202E›", change.StatusText);
        Assert.Equal("success", change.Result);
    }

    [Theory]
    [InlineData("""{"member":"UnitRemoved","payload":{"type":"so","data":["nginx.service","/org/freedesktop/systemd1/unit/nginx_2eservice"]}}""")]
    public void A_unit_that_systemd_unloads_is_gone(string json)
    {
        Say(_line.Hello());

        Assert.Equal("nginx.service", Assert.IsType<ServerEvent.UnitGone>(Say(_line.Passed('b', "bus", json))).Unit.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"member":"PropertiesChanged"}""")]
    [InlineData("""{"path":"/org/freedesktop/systemd1/unit/a_2eservice\ud800","member":"PropertiesChanged","payload":{"data":[{}]}}""")]
    [InlineData("""{"path":7,"member":{"a":[]},"payload":[{"data":1}]}""")]
    [InlineData("""{"path":"/x","member":"Reloading","payload":{"data":{"a":true}}}""")]
    [InlineData("""[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[""")]
    public void What_is_no_signal_is_dropped(string json)
    {
        Say(_line.Hello());

        Assert.Null(Say(_line.Passed('b', "bus", json)));
        Assert.Equal(1, _parser.Tally.BrokenBy["json"]);
    }

    [Fact]
    public void An_entry_of_the_journal_is_read_also_when_its_text_is_bytes()
    {
        Say(_line.Hello());

        var said = Assert.IsType<ServerEvent.Said>(Say(_line.Passed('j', "journal",
            """{"__REALTIME_TIMESTAMP":"1795303971104983","PRIORITY":"4","UNIT":"a.service","MESSAGE":[72,105,255,27,91,51,49,109,33],"MESSAGE_ID":"d9b373ed55a64feb8242e02dbe79a49c","SYSLOG_IDENTIFIER":"systemd"}""")));

        Assert.Equal(("a.service", 4, "Hi\uFFFD!", "systemd"), (said.Words.Unit!.Value.Text, said.Words.Priority, said.Words.Text, said.Words.Identifier));
    }

    [Theory]
    [InlineData("calm")]
    [InlineData("start-stop-crash")]
    [InlineData("crash-loop")]
    [InlineData("reexec")]
    [InlineData("hand-switch")]
    public void Streams_of_real_servers_are_read_without_loss(string name)
    {
        var torn = Recording.Lines(name).Select(line => _parser.Read(line)).Count(e => e is ServerEvent.StreamTorn);

        Assert.Equal("", string.Join(", ", _parser.Tally.BrokenBy));
        Assert.Equal((0, 0), (torn, _parser.Tally.Unknown));
        Assert.True(_parser.Tally.Frames > 100);
    }

    private ServerEvent? Say(byte[] line) => _parser.Read(line);

    // The block of lines below "## Example", with TABs and real paths in the place of their marks.
    private static IEnumerable<string> Example() => RemoteText("Protocol.md").Split("## Example")[1].Split('\n')
        .Where(line => line.StartsWith("    ", StringComparison.Ordinal))
        .Select(line => line[4..].Replace('→', '\t').Replace("/nix/store/…-", "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-", StringComparison.Ordinal));

    private static string RemoteText(string name)
    {
        using var stream = typeof(ProtocolParserTests).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
