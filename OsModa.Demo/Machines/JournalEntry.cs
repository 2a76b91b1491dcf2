namespace OsModa.Demo.Machines;

/// <param name="At">In the agenda's microseconds; negative before it began.</param>
/// <param name="Unit">Unit that it is about; empty for none.</param>
/// <param name="MessageId">32 hexadecimal digits, empty for a message without.</param>
internal sealed record JournalEntry(long At, string Unit, int Priority, string Identifier, int Pid, string Text, string MessageId);

/// <summary>Message ids of systemd, from its sd-messages.h.</summary>
internal static class MessageIds
{
    public const string Starting = "7d4958e842da4a758f6c1cdc7b36dcc5";
    public const string Started = "39f53479d3a045ac8e11786248231fbf";
    public const string StartFailed = "be02cf6855d2428ba40df7e9d022f03d";
    public const string Stopping = "de5b426a63be47a7b6ac3eaac82e2f6f";
    public const string Stopped = "9d1aaa27d60140bd96365438aad20286";
    public const string RestartScheduled = "5eb03494b6584870a536b337290809b3";
    public const string ProcessExited = "98e322203f7a4ed290d09fe03c09fe15";
    public const string Failed = "d9b373ed55a64feb8242e02dbe79a49c";
    public const string Succeeded = "7ad2d189f7e94e70a38c781354912448";
}
