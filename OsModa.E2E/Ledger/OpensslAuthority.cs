using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OsModa.E2E.Ledger;

/// <summary>A time-stamping authority (RFC 3161) on this machine: <c>openssl ts</c> behind HTTP, with a root of its own.</summary>
internal sealed class OpensslAuthority : IDisposable
{
    private const string Configuration =
        """
        [ tsa ]
        default_tsa = here
        [ here ]
        serial = serial
        signer_cert = tsa.pem
        signer_key = tsa.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        ess_cert_id_alg = sha256
        [ of_tsa ]
        basicConstraints = critical, CA:FALSE
        extendedKeyUsage = critical, timeStamping
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-tsa-");
    private readonly HttpListener _listener = new();

    public OpensslAuthority()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/tsa/");
        }

        File.WriteAllText(In("tsa.cnf"), Configuration);
        File.WriteAllText(In("serial"), "01");
        Run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "roots.pem", "-subj", "/CN=Root", "-days", "30");
        Run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Harbour Time");
        Run("x509", "-req", "-in", "tsa.csr", "-CA", "roots.pem", "-CAkey", "root.key", "-CAcreateserial", "-out", "tsa.pem", "-days", "20", "-extfile", "tsa.cnf", "-extensions", "of_tsa");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = AnswerAsync();
    }

    public Uri Address { get; }

    /// <summary>PEM with its root.</summary>
    public string RootsFile => In("roots.pem");

    public void Dispose()
    {
        _listener.Close();
        _folder.Delete(recursive: true);
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var asked = await _listener.GetContextAsync();
                await using (var query = File.Create(In("query")))
                {
                    await asked.Request.InputStream.CopyToAsync(query);
                }

                Run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "answer");
                asked.Response.ContentType = "application/timestamp-reply";
                await asked.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(In("answer")));
                asked.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
        }
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private void Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEnd() + said.GetAwaiter().GetResult();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"openssl {string.Join(' ', arguments)}: {complained}");
        }
    }
}
