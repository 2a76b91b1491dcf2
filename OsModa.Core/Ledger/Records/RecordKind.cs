namespace OsModa.Core.Ledger.Records;

/// <summary>What a record is. The numbers are part of the format.</summary>
public enum RecordKind
{
    None = 0,
    /// <summary>An event of a server's own chain, hashed over its fields one after the other (osModa's older format).</summary>
    ConcatenatedEvent = 0x01,
    /// <summary>The same with <c>|</c> between the fields.</summary>
    PipedEvent = 0x02,
    /// <summary>Something is about to be done here.</summary>
    Intent = 0x10,
    /// <summary>What came of it.</summary>
    Outcome = 0x11,
    /// <summary>Something was noticed about a server or its chain.</summary>
    Notice = 0x12,
    /// <summary>A log goes on after a break, such as a restored backup.</summary>
    EpochStart = 0x13,
    /// <summary>Nothing happened, and that is stated.</summary>
    Heartbeat = 0x14,
    /// <summary>A body was deleted, by whom and why.</summary>
    Redaction = 0x15,
    /// <summary>The log is signed with another key from here on.</summary>
    KeyChange = 0x16,
    /// <summary>In the root log: a checkpoint of an organisation's log.</summary>
    Head = 0x17,
}
