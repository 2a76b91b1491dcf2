using System.Collections.Immutable;
using OsModa.Core.Configuration;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Shell;

/// <summary>Answers adopt.sh: what lies in /etc/nixos, packed as the script packs it.</summary>
internal static class AdoptAnswer
{
    private const int Piece = 32_768;

    public static DemoRun To(DemoServer server)
    {
        string system;
        ImmutableSortedDictionary<string, byte[]> files;
        lock (server.Gate)
        {
            (system, files) = (server.Profile.Current.Path.Text, server.Files);
        }

        return DemoRun.Of(
        [
            "source\tchannel",
            $"host\t{server.Name}",
            $"system\t{system}",
            .. CheckOrder.Pack(files, ImmutableHashSet<string>.Empty)!.Chunk(Piece).Select(piece => "=" + new string(piece)),
            $"end\t{files.Count}",
        ]);
    }
}
