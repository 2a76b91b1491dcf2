namespace OsModa.Core.Servers;

/// <summary>Identity of a server, made by us; never taken from what a server says of itself.</summary>
public readonly record struct ServerId(Guid Value)
{
    public static ServerId New() => new(Guid.CreateVersion7());

    public override string ToString() => Value.ToString("D");
}
