using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OsModa.Core.Nix;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Configuration;

/// <summary>Reads the journal of check.sh line by line into the state of a run. Every line is hostile; what makes no sense is passed over.</summary>
/// <param name="run">Which.</param>
/// <param name="fields">The settings that were looked at, in the order of the order.</param>
/// <param name="hasBuilder">Another machine than its server builds: the system is copied afterwards.</param>
internal sealed class CheckJournal(Guid run, ImmutableArray<OptionPath> fields, bool hasBuilder)
{
    private const int MostSaid = 500, MostAnswer = 4 * 1024 * 1024, MostFindings = 100, LinesOfAnEnd = 20;
    private readonly string _folder = $"{CheckOrder.Folder}/{run:D}/source";
    private readonly NixActivities _nix = new();
    private readonly List<string> _said = [];
    private ArrayBufferWriter<byte> _answer = new();
    private OptionPath? _field;
    private bool _fails, _isLock;
    private double _began;

    /// <summary>Lines taken, so that reading can go on behind them.</summary>
    public long Lines { get; private set; }

    public CheckProgress Newest { get; private set; } = CheckSteps.Begin(run, hasBuilder);

    /// <summary>The flake had no lock file, or one without some of its inputs; this is the one that was made for it.</summary>
    public byte[]? Lock { get; private set; }

    /// <summary>The last line has been read.</summary>
    public bool IsOver { get; private set; }

    public void Take(ReadOnlySpan<byte> line)
    {
        Lines++;
        if (IsOver)
        {
            return;
        }

        if (line is [(byte)'=', .. var piece])
        {
            Answer(piece);
        }
        else if (_nix.Take(line))
        {
            Newest = Newest with { Build = _nix.Newest };
        }
        else
        {
            var words = Encoding.UTF8.GetString(line).Split('\t', 4);
            if (words.Length >= 2 && double.TryParse(words[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var at))
            {
                Event(at, words[1], words.ElementAtOrDefault(2) ?? "", words.ElementAtOrDefault(3) ?? "");
            }
        }
    }

    private void Event(double at, string word, string one, string two)
    {
        switch (word)
        {
            case "step" when CheckSteps.Named(one) is { } step:
                (_began, _field, _fails) = (at, null, false);
                _said.Clear();
                Newest = Newest.With(step, StepState.Running);
                break;
            case "ended" when CheckSteps.Named(one) is { } step:
                End(step, one: one, good: two == "ok", TimeSpan.FromSeconds(Math.Clamp(at - _began, 0, 1e6)));
                break;
            case "option":
                Tell();
                _field = int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < fields.Length ? fields[number] : null;
                _fails = true;
                break;
            case "said":
                if (_said.Count < MostSaid)
                {
                    _said.Add(ServerText.Harmless(two.Length > 0 ? $"{one}\t{two}" : one, 2_000));
                }

                break;
            case "lock":
                _isLock = true;
                break;
            case "system" when StorePath.TryParse(one, out var built):
                Newest = Newest with { System = built };
                break;
            case "done":
                IsOver = true;
                Newest = CheckSteps.Over(Newest, one, ServerText.Harmless(two, 500), _nix.Errors);
                break;
        }
    }

    private void End(CheckStep step, string one, bool good, TimeSpan took)
    {
        _fails |= !good && _said.Count > 0 && step != CheckStep.Build;
        // Printed, a warning of several lines is read to the end of its first: the answer had it whole.
        foreach (var warning in good ? NixMistake.Warnings(_said).Select(text => NixMistake.OfModule(text, isWarning: true, fields)) : [])
        {
            if (!Found.Any(other => other.IsWarning && other.Sentence.StartsWith(warning.Sentence, StringComparison.Ordinal)))
            {
                Find(warning);
            }
        }

        Tell();
        // What failed is said first; that others needed it comes after.
        if (step == CheckStep.Build && !good && (_nix.Errors.Find(error => !error.Contains(" dependenc", StringComparison.Ordinal)) ?? _nix.Errors.LastOrDefault()) is { } error)
        {
            // Nix tells what a builder said apart from why the build failed.
            var ending = _nix.Newest.Log.TakeLast(LinesOfAnEnd).ToList();
            Find(NixMistake.Read([.. error.Split('\n'), .. NixMistake.TellsNoRoom(ending) ? ending : []], null, fields, _folder));
        }

        Newest = Newest.With(step, good ? StepState.Passed : StepState.Failed, took);
    }

    // What Nix said of the last option, or of the step. Where assertions failed it said nothing of a mistake.
    private void Tell()
    {
        if (_fails && _said.Count > 0 && (_field is not null || Found.All(static finding => finding.IsWarning)))
        {
            Find(NixMistake.Read(_said, _field, fields, _folder));
        }

        _said.Clear();
        _fails = false;
    }

    private ImmutableArray<CheckFinding> Found => Newest.Running?.Findings ?? [];

    private void Find(CheckFinding finding)
    {
        if (Newest.Running is { } step && step.Findings.Length < MostFindings && !step.Findings.Any(other => other.Sentence == finding.Sentence && (finding.IsWarning || Equals(other.Field, finding.Field))))
        {
            Newest = Newest.With(step.Step, finding);
        }
    }

    private void Answer(ReadOnlySpan<byte> piece)
    {
        if (!piece.IsEmpty)
        {
            if (_answer.WrittenCount + piece.Length <= MostAnswer)
            {
                _answer.Write(piece);
            }

            return;
        }

        var answer = _answer.WrittenMemory;
        _answer = new ArrayBufferWriter<byte>();
        if (_isLock)
        {
            // Lines were put together again without their ends, which JSON does not need.
            (Lock, _isLock) = (answer.ToArray(), false);
            return;
        }

        foreach (var finding in Messages(answer))
        {
            Find(finding);
        }
    }

    private List<CheckFinding> Messages(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 8 });
            return [.. Texts(json.RootElement, "failed").Select(text => NixMistake.OfModule(text, isWarning: false, fields)), .. Texts(json.RootElement, "warnings").Select(text => NixMistake.OfModule(text, isWarning: true, fields))];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static List<string> Texts(JsonElement answer, string name) => answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Where(text => text.ValueKind == JsonValueKind.String).Take(MostFindings).Select(text => OptionJson.Lines(text.GetString()!, 4_000))]
        : [];
}
