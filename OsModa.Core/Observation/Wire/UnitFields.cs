namespace OsModa.Core.Observation.Wire;

/// <summary>Collects properties of one unit, from fields of a frame or from a message of the bus, which name them alike.</summary>
internal struct UnitFields
{
    private const int DescriptionMost = 200, StatusMost = 300, PathMost = 400, WordMost = 40, MarkerMost = 64;

    /// <summary>What was collected; null when no property was known.</summary>
    public UnitChange? Change { get; private set; }

    /// <summary>Takes a property by its name and value, which is unescaped. Names that are not known are passed over.</summary>
    public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Known.Find(name) is { } property)
        {
            Take(Change ??= new UnitChange(), property, value);
        }
    }

    private static void Take(UnitChange to, Property property, ReadOnlySpan<byte> value)
    {
        switch (property)
        {
            case Property.ActiveState: to.Activity = ActivityOf(value); break;
            case Property.SubState: to.Sub = ServerText.Read(value, WordMost); break;
            case Property.StateChangeTimestamp: to.ChangedAt = Numbers.Moment(value); break;
            case Property.StateChangeTimestampMonotonic: to.ChangedMono = Numbers.Read(value); break;
            case Property.ActiveEnterTimestampMonotonic: to.ActiveSinceMono = Numbers.Read(value); break;
            case Property.Result: to.Result = ServerText.Read(value, WordMost); break;
            case Property.NRestarts: to.Restarts = Numbers.ReadInt(value); break;
            case Property.MainPID: to.MainPid = Numbers.ReadInt(value) is > 0 and var pid ? pid : -1; break;
            case Property.ExecMainCode: to.ExitCode = Numbers.ReadInt(value); break;
            case Property.ExecMainStatus: to.ExitStatus = Numbers.ReadInt(value); break;
            case Property.StatusText: to.StatusText = ServerText.Read(value, StatusMost); break;
            case Property.LoadState: to.Load = ServerText.Read(value, WordMost); break;
            case Property.Description: to.Description = ServerText.Read(value, DescriptionMost); break;
            case Property.MemoryCurrent: to.MemoryBytes = Numbers.Read(value) ?? -1; break;
            case Property.InvocationID: to.Invocation = InvocationOf(value); break;
            case Property.FragmentPath: to.UnitFile = ServerText.Read(value, PathMost); break;
            case Property.NeedDaemonReload: to.NeedsReload = value.SequenceEqual("yes"u8) || value.SequenceEqual("true"u8); break;
            case Property.UnitFileState: to.Enablement = ServerText.Read(value, WordMost); break;
            case Property.Marker: to.Marker = ServerText.Read(value, MarkerMost); break;
        }
    }

    private static Guid? InvocationOf(ReadOnlySpan<byte> hex) =>
        hex.Length == 32 && System.Buffers.Text.Utf8Parser.TryParse(hex, out Guid id, out var read, 'N') && read == 32 ? id : null;

    private static UnitActivity ActivityOf(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("active"u8) => UnitActivity.Active,
        _ when word.SequenceEqual("inactive"u8) => UnitActivity.Inactive,
        _ when word.SequenceEqual("failed"u8) => UnitActivity.Failed,
        _ when word.SequenceEqual("activating"u8) => UnitActivity.Activating,
        _ when word.SequenceEqual("deactivating"u8) => UnitActivity.Deactivating,
        _ when word.SequenceEqual("reloading"u8) || word.SequenceEqual("refreshing"u8) => UnitActivity.Reloading,
        _ when word.SequenceEqual("maintenance"u8) => UnitActivity.Maintenance,
        _ => UnitActivity.Unknown,
    };

    // Named as systemd names them, so that the names themselves are the table.
    private enum Property
    {
        ActiveState,
        SubState,
        StateChangeTimestamp,
        StateChangeTimestampMonotonic,
        ActiveEnterTimestampMonotonic,
        Result,
        NRestarts,
        MainPID,
        ExecMainCode,
        ExecMainStatus,
        StatusText,
        LoadState,
        Description,
        MemoryCurrent,
        InvocationID,
        FragmentPath,
        NeedDaemonReload,
        UnitFileState,
        Marker,
    }

    private static class Known
    {
        private const int Longest = 40;

        private static readonly Dictionary<string, Property>.AlternateLookup<ReadOnlySpan<char>> ByName =
            Enum.GetValues<Property>().ToDictionary(static p => p.ToString(), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        public static Property? Find(ReadOnlySpan<byte> name)
        {
            if (name.Length > Longest)
            {
                return null;
            }

            Span<char> text = stackalloc char[Longest];
            return ByName.TryGetValue(text[..System.Text.Encoding.Latin1.GetChars(name, text)], out var property) ? property : null;
        }
    }
}
