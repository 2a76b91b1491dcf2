using Microsoft.Extensions.Logging;

namespace OsModa.Core.Ssh;

/// <summary>What all connections of this process share.</summary>
internal sealed record SshClient(SshSettings Settings, SshPrograms Programs, SshFolder Folder, SshAgents Agents, AddressPolicy Addresses, TimeProvider Time, ILogger Log);
