using System.Text;

namespace OsModa.Tests.Identity;

/// <summary>A terminal that tests read.</summary>
internal sealed class ReadTerminal : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Part, TaskCompletionSource<string> Seen)> _waiting = [];

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>All that was written, once it contains this.</summary>
    public Task<string> SaidAsync(string part)
    {
        lock (_lock)
        {
            var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((part, seen));
            Tell();
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_lock)
        {
            _text.Append(value);
            Tell();
        }
    }

    public override Task WriteLineAsync(string? value)
    {
        Write(value + "\n");
        return Task.CompletedTask;
    }

    private void Tell()
    {
        foreach (var (_, seen) in _waiting.Where(w => _text.ToString().Contains(w.Part, StringComparison.Ordinal)))
        {
            seen.TrySetResult(_text.ToString());
        }
    }
}
