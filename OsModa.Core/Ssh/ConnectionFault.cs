using System.Collections.Immutable;
using OsModa.Core.Servers;

namespace OsModa.Core.Ssh;

/// <summary>Why a server cannot be watched, in kinds that people can act on.</summary>
public enum ConnectionFaultKind
{
    /// <summary>No route to it.</summary>
    Unreachable,
    /// <summary>Nothing, or nothing more, came within the time of the phase.</summary>
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
    /// <summary>It sent more than it may, or what is not of the protocol.</summary>
    Misbehaving,
    /// <summary>An established connection ended.</summary>
    Lost,
    /// <summary>Our side: no ssh program, no key, no agent, an address that is not allowed.</summary>
    Ours,
}

/// <param name="Kind">What kind.</param>
/// <param name="Detail">Plain sentences for a person: what happened and what can be done. Text of the server inside it is already made harmless.</param>
public sealed record ConnectionFault(ConnectionFaultKind Kind, string Detail)
{
    /// <summary>Trying again by itself can help. The others wait for a person.</summary>
    public bool Passes => Kind is not (ConnectionFaultKind.HostKeyChanged or ConnectionFaultKind.HostKeyUnknown);

    /// <summary>It was noticed here, before anything of the command was sent: nothing of it can have begun.</summary>
    public bool NothingSent { get; init; }

    /// <summary>For <see cref="ConnectionFaultKind.HostKeyChanged"/> and <see cref="ConnectionFaultKind.HostKeyUnknown"/>: which server's key it is, which may be a jump host's. Null otherwise.</summary>
    public ServerId? KeyOf { get; init; }

    /// <summary>For <see cref="ConnectionFaultKind.HostKeyChanged"/>: fingerprints of the keys that it shows now, best kind first; empty when they could not be read.</summary>
    public ImmutableArray<string> Offered { get; init; } = [];

    /// <summary>For <see cref="ConnectionFaultKind.HostKeyChanged"/>: ssh found no accepted key of the kind that is shown, rather than another one. It says the same when it finds no file.</summary>
    internal bool KeyNotFound { get; init; }
}

/// <summary>Thrown where a connection to a server cannot be made or is lost.</summary>
public sealed class ConnectionException(ConnectionFault fault, Exception? inner = null) : Exception(fault.Detail, inner)
{
    public ConnectionFault Fault { get; } = fault;
}
