namespace OsModa.Demo.Life;

/// <summary>Settings of the simulated fleet, section <c>Demo</c>.</summary>
public sealed class DemoSettings
{
    /// <summary>How many servers in all, 1 to 20,000. Beyond the named ones they are plain: all well, and a unit changes every ten seconds.</summary>
    public int? Servers { get; set; }

    /// <summary>Nothing befalls the servers, for load tests: all of them are plain ones.</summary>
    public bool Quiet { get; set; }

    /// <summary>The same seed makes the same fleet and the same fates.</summary>
    public int Seed { get; set; } = 41;

    /// <summary>Password of all accounts, 12 characters at least. Null: a new one at each fresh start, shown in the terminal.</summary>
    public string? Password { get; set; }

    /// <summary>Keep the data folder of the last start with what people did in it; otherwise every start is fresh.</summary>
    public bool Keep { get; set; }
}
