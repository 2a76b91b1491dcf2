using OsModa.Core.Ssh;

namespace OsModa.Dashboard.Components;

/// <summary>Why a server cannot be watched, in the few words that fit a line of a table; the whole sentence is the fault's detail.</summary>
public static class FaultWords
{
    public static string Short(ConnectionFault fault)
    {
        var what = fault.Kind switch
        {
            ConnectionFaultKind.Unreachable => "does not answer",
            ConnectionFaultKind.TimedOut => "connection timed out",
            ConnectionFaultKind.Refused => "connection refused",
            ConnectionFaultKind.NameUnknown => "its name is not known",
            ConnectionFaultKind.HostKeyChanged => "host key changed, not connected",
            ConnectionFaultKind.HostKeyUnknown => "host key not accepted yet",
            ConnectionFaultKind.PermissionDenied => "permission denied",
            ConnectionFaultKind.NoSudo => "sudo asks for a password",
            ConnectionFaultKind.PasswordExpired => "password expired",
            ConnectionFaultKind.NotNixos => "not NixOS",
            ConnectionFaultKind.NixMissing => "Nix is missing",
            ConnectionFaultKind.Misbehaving => "sends what it should not",
            ConnectionFaultKind.Lost => "connection lost",
            _ => "the dashboard cannot connect",
        };
        return fault.Passes ? what + ", trying again" : what;
    }
}
