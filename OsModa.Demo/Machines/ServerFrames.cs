using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OsModa.Demo.Wire;

namespace OsModa.Demo.Machines;

/// <summary>The frames that tell of a server's state, as observe.sh writes them.</summary>
/// <param name="clock">Times of the server.</param>
internal sealed class ServerFrames(ServerClock clock)
{
    public void Hello(FrameStream to, long at, bool mayAct) =>
        to.Begin("hello"u8).Field("1"u8).Field(clock.BootId.ToString("D")).Field(clock.Epoch(at)).Field(clock.Mono(at)).Field(mayAct ? 0 : 1000).Field(mayAct ? 1 : 0).End();

    public void Beat(FrameStream to, long at) => to.Begin("beat"u8).Field(clock.Mono(at)).End();

    public void Lock(FrameStream to, bool held) => to.Begin("lock"u8).Field(held ? 1 : 0).End();

    /// <summary>The files of the chain that agentd keeps are others than they were.</summary>
    public void Ledger(FrameStream to, DatabaseFiles files) => to.Begin("ledger"u8).Field(files.DatabaseStat).Field(files.LogStat).End();

    public void Gone(FrameStream to, string unit) => to.Begin("gone"u8).Field(unit).End();

    public void Facts(FrameStream to, string hostName, Profile profile, int cores)
    {
        var release = profile.Booted.Release;
        Fact(to, "hostname"u8, hostName);
        Fact(to, "os"u8, profile.Current.Release.OsName);
        Fact(to, "os-id"u8, "nixos");
        Fact(to, "kernel"u8, release.Kernel);
        Fact(to, "machine"u8, "x86_64");
        to.Begin("fact"u8).Field("cores"u8).Field(cores).End();
        Fact(to, "systemd"u8, release.SystemdVersion);
        Fact(to, "nix"u8, profile.Current.Release.Packages["nix"].Version);
        to.Begin("fact"u8).Field("booted"u8).Field(clock.Epoch(clock.BootedAt)).End();
    }

    public void Pins(FrameStream to, Profile profile) =>
        to.Begin("pins"u8).Field(profile.Current.Path.Text).Field(profile.Booted.Path.Text).Field(profile.Linked.System.Path.Text)
            .Field(profile.Linked.Number).Field(profile.RebootNeeded ? 1 : 0).Field(profile.Current.BootPartsAfter(profile.Booted)).End();

    public void Generations(FrameStream to, Profile profile, long at)
    {
        to.BeginSet("generations"u8, clock.Mono(at));
        foreach (var generation in profile.Generations)
        {
            var system = generation.System;
            to.Begin("generation"u8).Field(generation.Number).Field(system.Path.Text).Field(clock.Epoch(generation.SetAt)).Field(system.Release.Label)
                .Field(system.Release.Kernel).Field(system.Plan.Revision).Field(string.Join(' ', system.Plan.Specialisations), 1500).End();
        }

        to.EndSet("generations"u8);
    }

    public void Units(FrameStream to, Systemd services, long at)
    {
        to.BeginSet("units"u8, clock.Mono(at));
        foreach (var unit in services.Units)
        {
            Unit(to, unit, at, whole: true);
        }

        to.EndSet("units"u8);
    }

    /// <param name="whole">With what never changes while the unit is loaded.</param>
    public void Unit(FrameStream to, DemoUnit unit, long at, bool whole)
    {
        to.Begin("unit"u8).Field(unit.Name);
        if (whole)
        {
            to.Field("Description"u8, unit.Template.Description, 200).Field("LoadState"u8, "loaded").Field("UnitFileState"u8, "enabled")
                .Field("FragmentPath"u8, "/etc/systemd/system/" + unit.Name).Field("NeedDaemonReload"u8, "no");
            if (unit.Template.Marker is { } marker)
            {
                to.Field("Marker"u8, marker, 100);
            }
        }

        to.Field("ActiveState"u8, unit.Active).Field("SubState"u8, unit.Sub)
            .Field("StateChangeTimestamp"u8, clock.Epoch(unit.ChangedAt)).Field("StateChangeTimestampMonotonic"u8, clock.Mono(unit.ChangedAt))
            .Field("ActiveEnterTimestampMonotonic"u8, Math.Max(0, clock.Mono(unit.EnteredAt))).Field("InvocationID"u8, unit.InvocationId);
        if (unit.Template.IsService)
        {
            to.Field("Result"u8, unit.Result).Field("NRestarts"u8, unit.Restarts).Field("MainPID"u8, unit.MainPid)
                .Field("ExecMainCode"u8, unit.ExitStatus == 0 ? 0 : 1).Field("ExecMainStatus"u8, unit.ExitStatus)
                .Field("StatusText"u8, unit.IsUp ? unit.Template.Status : "");
            if (unit.MemoryAt(at) is { } memory)
            {
                to.Field("MemoryCurrent"u8, memory);
            }
        }

        to.End();
    }

    public void Load(FrameStream to, LoadFigures figures, long at)
    {
        var hundredths = (long)(figures.Load1 * 100);
        Span<byte> load = stackalloc byte[24];
        hundredths.TryFormat(load, out var length, "D3");
        // 1.23 from "123": two digits behind the point, as /proc/loadavg has them.
        load[(length - 2)..length].CopyTo(load[(length - 1)..]);
        load[length - 2] = (byte)'.';
        to.Begin("load"u8).Field(load[..(length + 1)]).Field(figures.MemoryTotal).Field(figures.MemoryAvailable)
            .Field(figures.DiskTotal).Field(figures.DiskFree).Field(clock.Epoch(at)).End();
    }

    public void Words(FrameStream to, JournalEntry entry) =>
        to.Begin("words"u8).Field(clock.Epoch(entry.At)).Field(entry.MessageId).Field(entry.Unit).Field(entry.Priority).Field(entry.Identifier).Field(entry.Text, 2000).End();

    /// <summary>An entry about something that was done on the server, as <c>journalctl -o json</c> prints it.</summary>
    /// <param name="number">Its place in the journal.</param>
    public void Event(FrameStream to, JournalEntry entry, long number)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("__CURSOR"u8, Cursor(number, entry.At));
            json.WriteString("__REALTIME_TIMESTAMP"u8, Digits(clock.Epoch(entry.At)));
            json.WriteString("_BOOT_ID"u8, clock.BootId.ToString("N"));
            json.WriteString("_UID"u8, "0"u8);
            json.WriteString("_PID"u8, Digits(entry.Pid));
            json.WriteString("_COMM"u8, entry.Identifier);
            json.WriteString("SYSLOG_IDENTIFIER"u8, entry.Identifier);
            json.WriteString("MESSAGE_ID"u8, entry.MessageId);
            json.WriteString("UNIT"u8, entry.Unit);
            json.WriteString("MESSAGE"u8, entry.Text);
            json.WriteEndObject();
        }

        to.Pass("event"u8, line.WrittenSpan);
    }

    /// <summary>From here on the journal is told.</summary>
    public void Mark(FrameStream to, long number, long at) => to.Begin("mark"u8).Field(Cursor(number, at)).End();

    private string Cursor(long number, long at) => $"s={clock.BootId:N};i={number:x};b={clock.BootId:N};t={clock.Epoch(at):x}";

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Fact(FrameStream to, ReadOnlySpan<byte> key, string value) => to.Begin("fact"u8).Field(key).Field(value).End();
}

/// <summary>A server's own clocks, which begin anew when it boots.</summary>
internal sealed class ServerClock(Time.Agenda agenda)
{
    public Guid BootId { get; private set; }

    /// <summary>In the agenda's microseconds; negative before it began.</summary>
    public long BootedAt { get; private set; }

    public void Boot(Guid id, long at) => (BootId, BootedAt) = (id, at);

    /// <summary>CLOCK_MONOTONIC of the server, in microseconds.</summary>
    public long Mono(long at) => at - BootedAt;

    /// <summary>Microseconds since 1970.</summary>
    public long Epoch(long at) => agenda.EpochAt(at);
}
