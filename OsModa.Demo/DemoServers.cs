namespace OsModa.Demo;

/// <summary>Simulated servers that live in this process.</summary>
public static class DemoServers
{
}
