using System.Collections.Immutable;
using System.Text.Json;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Configuration;

/// <summary>
/// What Nix tells of its work with <c>--log-format internal-json</c>: lines that begin with <c>@nix</c> and hold one object. Numbers of kinds are those
/// of <c>ActivityType</c> and <c>ResultType</c> (nix, src/libutil/logging.hh); what is not known there is left out.
/// </summary>
internal sealed class NixActivities
{
    private const string Mark = "@nix ";
    private const int MostActivities = 512, MostText = 2_000, MostShown = 16, MostErrors = 50;
    private const int CopyPath = 100, FileTransfer = 101, CopyPaths = 103, Builds = 104, Build = 105, Substitute = 108;
    private const int BuildLogLine = 101, SetPhase = 104, Progress = 105, SetExpected = 106, PostBuildLogLine = 107;
    private static readonly JsonDocumentOptions Shape = new() { MaxDepth = 8 };

    private readonly Dictionary<ulong, Activity> _open = [];
    private readonly Dictionary<ulong, (long Done, long Expected)> _transfers = [];
    private readonly Dictionary<ulong, long> _expectedBytes = [];
    private long _fetchedBefore;

    /// <summary>How far it is; never changed, only replaced.</summary>
    public BuildProgress Newest { get; private set; } = BuildProgress.Nothing;

    /// <summary>Errors of Nix itself, oldest first.</summary>
    public ImmutableList<string> Errors { get; private set; } = [];

    /// <summary>False for a line that is none of Nix's.</summary>
    public bool Take(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("@cut"u8))
        {
            Newest = Newest with { IsCut = true };
            return true;
        }

        if (!line.StartsWith("@nix "u8))
        {
            return false;
        }

        try
        {
            using var json = JsonDocument.Parse(line[Mark.Length..].ToArray(), Shape);
            Take(json.RootElement);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Cut off, or of a Nix that we do not know: one step of progress is lost, no more.
        }

        return true;
    }

    private void Take(JsonElement said)
    {
        switch (said.GetProperty("action").GetString())
        {
            case "start":
                Start(said);
                break;
            case "stop":
                Stop(said.GetProperty("id").GetUInt64());
                break;
            case "result":
                Result(said.GetProperty("id").GetUInt64(), said.GetProperty("type").GetInt32(), said.GetProperty("fields"));
                break;
            case "msg":
                var level = said.GetProperty("level").GetInt32();
                var text = said.TryGetProperty("raw_msg", out var raw) ? raw.GetString()! : said.GetProperty("msg").GetString()!;
                Say(text);
                if (level == 0 && Errors.Count < MostErrors)
                {
                    Errors = Errors.Add(OptionJson.Lines(text, 16_384));
                }

                break;
        }
    }

    private void Start(JsonElement said)
    {
        var type = said.GetProperty("type").GetInt32();
        if (_open.Count >= MostActivities)
        {
            return;
        }

        var id = said.GetProperty("id").GetUInt64();
        var fields = said.TryGetProperty("fields", out var told) ? told : default;
        _open[id] = new Activity(type, type is Build or CopyPath or Substitute && FirstText(fields) is { } path ? NameOf(path) : "");
        Show();
    }

    private void Stop(ulong id)
    {
        if (_open.Remove(id) && _transfers.Remove(id, out var transfer))
        {
            _fetchedBefore += transfer.Done;
        }

        Show();
    }

    private void Result(ulong id, int kind, JsonElement fields)
    {
        switch (kind)
        {
            case BuildLogLine or PostBuildLogLine when FirstText(fields) is { } text:
                Say(text);
                break;
            case SetPhase when FirstText(fields) is { } phase && _open.TryGetValue(id, out var building):
                _open[id] = building with { Phase = ServerText.Harmless(phase, 40) };
                Show();
                break;
            case SetExpected when fields[0].GetInt32() == FileTransfer:
                _expectedBytes[id] = Amount(fields[1]);
                Newest = Newest with { ToFetchBytes = _expectedBytes.Values.Sum() };
                break;
            case Progress when _open.TryGetValue(id, out var activity):
                Move(id, activity.Type, Amount(fields[0]), Amount(fields[1]), fields.GetArrayLength() > 3 ? Amount(fields[3]) : 0);
                break;
        }
    }

    private void Move(ulong id, int type, long done, long expected, long failed)
    {
        switch (type)
        {
            case Builds:
                Newest = Newest with { Built = Count(done), ToBuild = Count(expected), Failed = Count(failed) };
                break;
            case CopyPaths:
                Newest = Newest with { Fetched = Count(done), ToFetch = Count(expected) };
                break;
            case FileTransfer:
                _transfers[id] = (done, expected);
                Newest = Newest with { FetchedBytes = _fetchedBefore + _transfers.Values.Sum(transfer => transfer.Done) };
                break;
        }
    }

    private void Say(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (ServerText.Harmless(line, MostText) is { } harmless && harmless.AsSpan().Trim().Length > 0)
            {
                Newest = Newest with { Log = Kept(Newest.Log.Add(harmless), BuildProgress.MostLines) };
            }
        }
    }

    private void Show() => Newest = Newest with
    {
        Now = [.. _open.Values.Where(activity => activity.Name.Length > 0).Take(MostShown).Select(activity => new BuildActivity(activity.Name, activity.Type != Build, activity.Phase)).Distinct()],
    };

    private static ImmutableList<string> Kept(ImmutableList<string> lines, int most) => lines.Count > most ? lines.RemoveRange(0, lines.Count - most) : lines;

    private static string? FirstText(JsonElement fields) =>
        fields.ValueKind == JsonValueKind.Array && fields.GetArrayLength() > 0 && fields[0].ValueKind == JsonValueKind.String ? fields[0].GetString() : null;

    private static long Amount(JsonElement number) => number.TryGetInt64(out var amount) ? Math.Clamp(amount, 0, long.MaxValue / 1024) : 0;

    private static int Count(long amount) => (int)Math.Min(amount, 10_000_000);

    // /nix/store/HASH-nginx-1.28.0.drv is nginx-1.28.0.
    private static string NameOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        name = name.Length > 33 && name[32] == '-' ? name[33..] : name;
        return ServerText.Harmless(name.EndsWith(".drv", StringComparison.Ordinal) ? name[..^4] : name, 200);
    }

    private readonly record struct Activity(int Type, string Name, string Phase = "");
}
