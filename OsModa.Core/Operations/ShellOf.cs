using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Operations;

/// <summary>Where the shell of a server comes from: <see cref="RemoteShells.ForAsync"/>.</summary>
/// <exception cref="ConnectionException">There is no such server, or its entry makes no sense.</exception>
public delegate ValueTask<IRemoteShell> ShellOf(ServerId server, CancellationToken cancellationToken);
