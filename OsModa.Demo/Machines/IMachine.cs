namespace OsModa.Demo.Machines;

/// <summary>What the service manager needs of the server that it runs on.</summary>
internal interface IMachine
{
    /// <summary>Lets something happen later, unless the server has restarted by then.</summary>
    void Later(long at, Action<long> happens);

    /// <param name="isNew">Nobody has heard of it yet.</param>
    void UnitChanged(DemoUnit unit, long at, bool isNew);

    void UnitGone(string name, long at);

    void Say(JournalEntry entry);

    Random Random { get; }
}
