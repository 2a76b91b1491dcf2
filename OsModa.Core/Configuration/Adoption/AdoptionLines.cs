using System.Text;
using OsModa.Core.Nix;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Configuration;

/// <summary>Takes the lines of adopt.sh one by one.</summary>
internal sealed class AdoptionLines
{
    /// <summary>As adopt.sh tells them.</summary>
    public const int MostLeft = 100;

    public StringBuilder Packed { get; } = new();

    public List<FileLeft> Left { get; } = [];

    public SourceKind? Kind { get; private set; }

    public string Host { get; private set; } = "";

    public StorePath? System { get; private set; }

    public string? Failure { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>False when it is more than is taken.</summary>
    public bool Take(ReadOnlySpan<byte> line, int mostPacked)
    {
        if (line is [(byte)'=', .. var piece])
        {
            Packed.Append(Encoding.ASCII.GetString(piece));
            return Packed.Length <= mostPacked / 3 * 4;
        }

        switch (Encoding.UTF8.GetString(line).Split('\t'))
        {
            case ["source", var kind]:
                Kind = kind == "flake" ? SourceKind.Flake : SourceKind.Channel;
                break;
            case ["host", var host]:
                Host = host;
                break;
            case ["system", var path] when StorePath.TryParse(path, out var system):
                System = system;
                break;
            case ["left", var why, var path] when Left.Count < MostLeft:
                Left.Add(new FileLeft(ServerText.Harmless(path, 400), ServerText.Harmless(why, 200)));
                break;
            case ["failed", var why]:
                Failure = why;
                break;
            case ["end", _]:
                Ended = true;
                break;
        }

        return true;
    }
}
