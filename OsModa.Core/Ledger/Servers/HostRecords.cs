using System.Globalization;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Servers;

/// <summary>What the ledger says of one server's journal: an entry that tells something becomes a record, as far as the server has its allowance, and what it has not is counted.</summary>
internal sealed class HostRecords(ServerId server, Fleet fleet, TimeProvider time)
{
    private static readonly TimeSpan LeftOutPause = TimeSpan.FromMinutes(1);

    private readonly HostAllowance _allowance = new(time);
    private long _leftOut;
    private DateTimeOffset _leftOutAt;

    /// <summary>Adds what is told of an entry, if anything.</summary>
    /// <param name="records">What is to be appended.</param>
    /// <param name="mark">Where the journal was read to.</param>
    /// <param name="entry">The next one.</param>
    /// <returns>Where it is read to now.</returns>
    public HostMark Add(List<NewRecord> records, HostMark mark, LoggedEntry entry)
    {
        if (mark.Boot != entry.Boot)
        {
            if (mark.Boot != Guid.Empty)
            {
                Keep(records, entry, new HostEvent(HostVerbs.Boot, "", "The server has started.", LedgerVerbs.Details(("boot", entry.Boot.ToString("D")))));
            }

            mark = mark with { Boot = entry.Boot };
        }

        if (JournalEvents.Read(entry) is { } happened && !_allowance.IsRepeated(happened, entry))
        {
            (happened, var system) = WithGenerations(happened, mark.System);
            mark = mark with { System = system };
            Keep(records, entry, happened);
        }

        TellLeftOut(records);
        return mark with { Cursor = entry.Cursor };
    }

    /// <summary>Adds how many were left out since that was told last, though it is not long ago.</summary>
    public void TellLastLeftOut(List<NewRecord> records)
    {
        _leftOutAt = DateTimeOffset.MinValue;
        TellLeftOut(records);
    }

    // The journal names systems; people name generations. Which way it went is known from the switch before.
    private (HostEvent Happened, string System) WithGenerations(HostEvent happened, string before)
    {
        if (happened.Verb is not (HostVerbs.Switch or HostVerbs.SwitchFailed))
        {
            return (happened, before);
        }

        var system = happened.Details["system"];
        var (from, to) = (Number(before), Number(system));
        var details = happened.Details;
        details = to is { } t ? details.SetItem("to", t.ToString(CultureInfo.InvariantCulture)) : details;
        details = from is { } f && before != system ? details.SetItem("from", f.ToString(CultureInfo.InvariantCulture)) : details;
        return happened.Verb == HostVerbs.SwitchFailed
            ? (happened with { Details = details }, before)
            : (happened with { Verb = to < from ? HostVerbs.RollBack : HostVerbs.Switch, Details = details }, system);
    }

    private int? Number(string system) => fleet[server].Generations.Where(g => g.System.Text == system).Select(g => (int?)g.Number).Max();

    private void Keep(List<NewRecord> records, LoggedEntry entry, HostEvent happened)
    {
        if (!_allowance.Take())
        {
            _leftOut++;
            return;
        }

        var details = happened.Details.SetItem("source", ServerRecording.Source);
        details = entry.Words.At is { } at ? details.SetItem("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)) : details;
        records.Add(Notice(happened with { Details = details }));
    }

    private void TellLeftOut(List<NewRecord> records)
    {
        if (_leftOut == 0 || time.GetUtcNow() - _leftOutAt < LeftOutPause)
        {
            return;
        }

        records.Add(Notice(new HostEvent(HostVerbs.LeftOut, "", $"{_leftOut} entries of its journal are not in the ledger: it writes more than a server may.", LedgerVerbs.Details(("count", $"{_leftOut}"), ("source", ServerRecording.Source)))));
        (_leftOut, _leftOutAt) = (0, time.GetUtcNow());
    }

    private NewRecord Notice(HostEvent happened) => NewRecord.Salted(
        RecordKind.Notice,
        new ActionBody { Verb = happened.Verb, Who = happened.Who, From = happened.From, Server = server.Value, Text = happened.Text, Details = happened.Details },
        server.Value,
        time.GetUtcNow());
}
