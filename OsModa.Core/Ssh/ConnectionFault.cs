namespace OsModa.Core.Ssh;

/// <summary>Why a server cannot be watched, in kinds that people can act on.</summary>
public enum ConnectionFaultKind
{
    /// <summary>No route, or nothing answered within the time of the phase.</summary>
    Unreachable,
    TimedOut,
    Refused,
    NameUnknown,
    HostKeyChanged,
    /// <summary>No key is pinned yet: the person has not accepted one.</summary>
    HostKeyUnknown,
    PermissionDenied,
    NoSudo,
    PasswordExpired,
    NotNixos,
    NixMissing,
    /// <summary>It sent more than it may, or lines that are not of the protocol.</summary>
    Misbehaving,
    /// <summary>An established connection ended.</summary>
    Lost,
    /// <summary>Our side: no ssh program, no key, no agent.</summary>
    Ours,
}

/// <param name="Kind">What kind.</param>
/// <param name="Detail">One plain sentence for a person: what happened and what can be done. Text of the server inside it is already made harmless.</param>
public sealed record ConnectionFault(ConnectionFaultKind Kind, string Detail)
{
    /// <summary>Trying again by itself can help. The others wait for a person.</summary>
    public bool Passes => Kind is not (ConnectionFaultKind.HostKeyChanged or ConnectionFaultKind.HostKeyUnknown);
}

/// <summary>Thrown where a connection to a server cannot be made or is lost.</summary>
public sealed class ConnectionException(ConnectionFault fault, Exception? inner = null) : Exception(fault.Detail, inner)
{
    public ConnectionFault Fault { get; } = fault;
}
