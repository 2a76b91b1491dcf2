using System.Text;

namespace OsModa.Tests.Observation;

/// <summary>Writes lines of the protocol with right stamps.</summary>
internal sealed class FrameLines(string boot = "5f3a9c01")
{
    private readonly Dictionary<char, int> _counts = [];

    public string BootId { get; } = $"{boot}-7a44-4e0f-9d0e-0c7b1d4f8e21";

    public byte[] this[string kind, params string[] fields] => Of('m', kind, fields);

    public byte[] Hello(bool mayAct = true) => this["hello", "1", BootId, "1763766601123456", "81234567", mayAct ? "0" : "1000", mayAct ? "1" : "0"];

    public byte[] Of(char writer, string kind, params string[] fields) =>
        Encoding.UTF8.GetBytes(string.Join('\t', [kind, $"{writer}{Count(writer)}", boot, .. fields]));

    public byte[] Passed(char writer, string kind, string text) => Encoding.UTF8.GetBytes($"={kind} {writer} {boot}:{Count(writer)}:{text}");

    private int Count(char writer) => _counts[writer] = _counts.GetValueOrDefault(writer) + 1;
}
