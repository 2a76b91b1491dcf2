using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.SafeSwitch;

public sealed class RecoveryTimesTests
{
    private const string Old = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-42";
    private const string New = "/nix/store/1123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-43";
    private static readonly Guid Id = Guid.Parse("0198c0de-0000-7000-8000-00000000000a");
    private static readonly string Begin = $"1\t10\tbegin\t2\t{Id:D}\tnow\t{New}\t43\t{Old}\t42\t5d0c2f4e-1111-4222-8333-444455556666\t10\t30";

    private static readonly string[] Crash =
    [
        Begin, "2\t10\tstage\tactivate", "400\t10\ttrouble\tcrash\tscout.service\t300\tIt crashed.", "410\t10\ttrouble\tcrash-loop\tscout.service\t405\tAgain.",
        "420\t10\tverdict\tbad\tscout.service\tIt crashed.", "430\t10\tended\tactivate\tfailed\t", "440\t10\tstage\tback", "900\t10\tended\tback\tok\t", "910\t10\tstage\trecheck", "1200\t10\tended\trecheck\tok\t",
    ];

    [Fact]
    public void The_four_times_count_from_the_moment_of_the_first_crash()
    {
        var times = RecoveryTimes.From(Read([.. Crash, $"1210\t10\tdone\trolled-back\t0\t{Old}\t{Old}\t42\t"]));

        Assert.Equal(new RecoveryTimes(Micro(100), Micro(120), Micro(600), Micro(900)), times);
    }

    [Fact]
    public void A_server_that_did_not_come_back_wholly_has_no_times()
    {
        Assert.Null(RecoveryTimes.From(Read([.. Crash, $"1210\t10\tdone\tperson\t0\t{Old}\t{Old}\t42\t"])));
        Assert.Null(RecoveryTimes.From(Read(Crash)));
        Assert.Null(RecoveryTimes.From(Read([Begin, $"5\t10\tdone\tverified\t0\t{New}\t{New}\t43\t"])));
    }

    [Fact]
    public void What_a_standing_watch_undoes_counts_from_the_trouble_too()
    {
        var undo = Guid.NewGuid();
        var times = RecoveryTimes.From(Read(
        [
            Begin, $"1\t10\tcause\tstanding\t{undo:D}", "250\t10\ttrouble\tcrash-loop\tscout.service\t0\tTwice.", "260\t10\tverdict\tbad\tscout.service\tTwice.", "270\t10\tstage\tactivate", "700\t10\tended\tactivate\tok\t",
            "710\t10\tstage\tprobation", "800\t10\tended\tprobation\tok\t", $"900\t10\tdone\tverified\t0\t{New}\t{New}\t43\t",
        ]));

        Assert.Equal(new RecoveryTimes(Micro(250), Micro(260), Micro(700), Micro(800)), times);
    }

    private static TimeSpan Micro(int count) => TimeSpan.FromMicroseconds(count);

    private static SwitchProgress Read(params string[] lines) => lines.Aggregate((SwitchProgress?)null, (progress, line) => SwitchJournal.Apply(progress, Id, line))!;
}
