using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>A time-stamping authority (RFC 3161) that knows nothing of us: <c>openssl ts</c>, with a root of its own.</summary>
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
        File.WriteAllText(In("tsa.cnf"), Configuration);
        File.WriteAllText(In("serial"), "01");
        Run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "roots.pem", "-subj", "/CN=Root", "-days", "30");
        Run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=An openssl");
        Run("x509", "-req", "-in", "tsa.csr", "-CA", "roots.pem", "-CAkey", "root.key", "-CAcreateserial", "-out", "tsa.pem", "-days", "20", "-extfile", "tsa.cnf", "-extensions", "of_tsa");
    }

    /// <summary>PEM with its root.</summary>
    public string RootsFile => In("roots.pem");

    /// <summary>Answers over HTTP from now on.</summary>
    public Uri Listen()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var address = new Uri($"http://127.0.0.1:{port}/tsa/");
        _listener.Prefixes.Add(address.AbsoluteUri);
        _listener.Start();
        _ = AnswerAsync();
        return address;
    }

    /// <summary>What it answers to a question; both in DER.</summary>
    public byte[] Reply(byte[] question)
    {
        File.WriteAllBytes(In("query"), question);
        Run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "answer");
        return File.ReadAllBytes(In("answer"));
    }

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
                using var question = new MemoryStream();
                await asked.Request.InputStream.CopyToAsync(question);
                asked.Response.ContentType = "application/timestamp-reply";
                await asked.Response.OutputStream.WriteAsync(Reply(question.ToArray()));
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
