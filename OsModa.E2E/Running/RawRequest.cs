using System.Net.Sockets;
using System.Text;

namespace OsModa.E2E.Running;

/// <summary>A GET written by hand, byte for byte: no library tidies the address up before it is sent.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Headers">As sent.</param>
/// <param name="Body">The same, perhaps in chunks.</param>
public sealed record RawRequest(int Status, string Headers, string Body)
{
    private static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(20);

    /// <param name="product">Whom it is sent to.</param>
    /// <param name="target">What stands between GET and HTTP/1.1, without a space or a line break.</param>
    /// <param name="cookies">As in the header.</param>
    public static async Task<RawRequest> GetAsync(Product product, string target, string cookies)
    {
        using var ceiling = new CancellationTokenSource(Ceiling);
        using var connection = new TcpClient();
        await connection.ConnectAsync(product.Address.Host, product.Address.Port, ceiling.Token);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"GET {target} HTTP/1.1\r\nHost: {product.Address.Authority}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n"), ceiling.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(ceiling.Token);
        var parts = answer.Split("\r\n\r\n", 2);
        return new RawRequest(int.Parse(answer.Split(' ')[1]), parts[0], parts[^1]);
    }
}
