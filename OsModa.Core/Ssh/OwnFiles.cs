namespace OsModa.Core.Ssh;

/// <summary>Our own files for connections. What cannot be written is our trouble and is told as such; what cannot be deleted goes with the whole folder.</summary>
internal static class OwnFiles
{
    /// <exception cref="ConnectionException">It cannot be written.</exception>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            // By rename, since an ssh may be reading.
            await File.WriteAllTextAsync($"{path}.new", text, cancellationToken);
            File.Move($"{path}.new", path, overwrite: true);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw NotWritten(e);
        }
    }

    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            // The folder that it was in is gone, or will go.
        }
    }

    public static void DeleteFolder(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            // It is gone, or an ssh that is just being ended still writes there.
        }
    }

    public static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException;

    public static ConnectionException NotWritten(Exception e) => new(
        new ConnectionFault(ConnectionFaultKind.Ours, $"The dashboard cannot write its own files for connections: {SshFaults.Harmless(e.Message)} Make room where they are, and start the dashboard again if their folder is gone."), e);
}
