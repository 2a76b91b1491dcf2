namespace OsModa.Core.Comparison;

/// <summary>A service's settings of systemd.exec(5) as far as they fence it in, with what <c>DynamicUser</c> brings by itself.</summary>
internal sealed class UnitFences(UnitFile unit)
{
    public const string Root = "root";

    private const string Service = "Service";

    // systemd.exec(5), DynamicUser: these cannot be switched off beside it.
    private static readonly string[] OfDynamicUser = ["PrivateTmp", "RemoveIPC", "NoNewPrivileges", "RestrictSUIDSGID"];

    private bool IsDynamic => Of("DynamicUser") == "yes";

    /// <summary>As whom it runs.</summary>
    public string User => Set("User") is [.., { Length: > 0 } user] ? user : IsDynamic ? "a user of its own" : Root;

    /// <summary>A fence as it is written: <c>no</c>, <c>yes</c>, or a word of its own such as <c>strict</c>.</summary>
    public string Of(string key) => Set(key) is [.., var last] ? Word(last) : "no";

    /// <summary>There is such a fence, whatever kind of it.</summary>
    public bool Has(string key) => Of(key) != "no" || (OfDynamicUser.Contains(key) && IsDynamic);

    /// <summary>How far up a ladder, of which each step holds the ones before it.</summary>
    public int Step(string key, string[] steps) => Math.Max(Array.IndexOf(steps, Of(key)), IsDynamic ? Array.IndexOf(steps, key == "ProtectSystem" ? "strict" : "read-only") : 0);

    /// <summary>
    /// The values of a list, those left out that an empty one takes back; empty where the last one does, null without the key: for
    /// <c>CapabilityBoundingSet</c> these are none at all and every one.
    /// </summary>
    public IReadOnlyList<string>? Set(string key) => unit.Section(Service).ContainsKey(key)
        ? [.. unit.Values(Service, key).Reverse().TakeWhile(value => value.Length > 0).Reverse()]
        : null;

    // systemd.syntax(7), booleans.
    private static string Word(string value) => value switch
    {
        "1" or "yes" or "y" or "true" or "t" or "on" => "yes",
        "" or "0" or "no" or "n" or "false" or "f" or "off" => "no",
        _ => value,
    };
}
