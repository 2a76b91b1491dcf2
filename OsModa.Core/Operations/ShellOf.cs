using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Operations;

/// <summary>The shell of a server that is watched; null for one that is not (removed, or of another node).</summary>
public delegate IRemoteShell? ShellOf(ServerId server);
