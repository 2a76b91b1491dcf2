using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>osModa's own watchdog, which has a deployment open, or had one: what answers at its socket does so in its words.</summary>
[Trait("Tier", "lab")]
public sealed class UpstreamWatchLabTests(SafeSwitchLab lab) : IClassFixture<SafeSwitchLab>, IAsyncLifetime
{
    private const string Session = """{"id":"5a0c","plan":"shop 2","ttl_secs":120,"health_checks":[],"started_at":"2026-01-01T00:00:00Z","previous_generation":"system-7-link","status":STATUS}""";

    public async ValueTask InitializeAsync() => await lab.StartAfreshAsync();

    public async ValueTask DisposeAsync()
    {
        await lab.Machine.ShellAsync("systemctl stop osmoda-watch.socket 'osmoda-watch@*'; rm -f /run/systemd/system/osmoda-watch* /run/osmoda/watch.sock; systemctl daemon-reload; systemctl reset-failed");
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("""{"state":"probation"}""", "osmoda-watch has a deployment of its own on probation: two watchdogs on one switch would work against each other.")]
    [InlineData("""{ "state" : "probation" }""", "osmoda-watch has a deployment of its own on probation: two watchdogs on one switch would work against each other.")]
    [InlineData("", "osmoda-watch does not answer, as when it is just deploying something itself: two watchdogs on one switch would work against each other.")]
    public async Task While_it_watches_a_switch_of_its_own_nothing_is_touched(string status, string why)
    {
        await AnswersAsync(status);

        var progress = await lab.RunAsync("unit");

        Assert.Equal((SwitchVerdict.Refused, why), (progress.Outcome!.Verdict, progress.Outcome.Detail));
        Assert.DoesNotContain(progress.Stages, stage => stage.Name == "activate");
        await lab.AssertHealthyAsync();
    }

    [Theory]
    [InlineData("""{"state":"committed","committed_at":"2026-01-01T00:02:00Z"}""")]
    [InlineData("""{"state":"rolled_back","reason":"probation timed out","rolled_back_at":"2026-01-01T00:02:00Z"}""")]
    public async Task What_it_has_brought_to_an_end_is_in_nobodys_way(string status)
    {
        await AnswersAsync(status);

        var progress = await lab.RunAsync("unit");

        Assert.True(progress.Outcome!.Verified, $"{progress.Outcome}");
        Assert.Contains(progress.Notes, note => note is { Kind: "upstream", State: CheckState.Ok });
    }

    /// <summary>GET /switch/list with one session; with no status, the daemon takes the connection and says nothing.</summary>
    private Task<string> AnswersAsync(string status)
    {
        var body = $"[{Session.Replace("STATUS", status, StringComparison.Ordinal)}]";
        var answer = status.Length == 0 ? "exec /run/current-system/sw/bin/sleep 60" : $"""
            while IFS= read -r line && [ "$line" != "$(printf '\r')" ]; do :; done
            printf 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\n\r\n%s' '{body}'
            """;
        return lab.Machine.ShellAsync($"""
            mkdir -p /run/osmoda
            cat >/run/systemd/system/osmoda-watch.sh <<'END'
            {answer}
            END
            printf '[Socket]\nListenStream=/run/osmoda/watch.sock\nAccept=yes\n' >/run/systemd/system/osmoda-watch.socket
            printf '[Unit]\nCollectMode=inactive-or-failed\n[Service]\nExecStart=/bin/sh /run/systemd/system/osmoda-watch.sh\nStandardInput=socket\nStandardOutput=socket\n' >/run/systemd/system/osmoda-watch@.service
            systemctl daemon-reload
            systemctl start osmoda-watch.socket
            """);
    }
}
