using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>A server that can be adopted: its <c>/etc/nixos</c> holds a file of Nix and a script.</summary>
public abstract class AdoptionRoom : ProposalRoom
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly CheckWatch _watch;

    protected AdoptionRoom()
    {
        Room.Shell.Answer = (script, _) => script == "adopt.sh"
            ? ["source\tchannel", "host\tweb1", "system\t/nix/store/00000000000000000000000000000000-nixos-system-web1-25.05", "=" + Packed(), "end\t2"]
            : [];
        _watch = new CheckWatch(Room.Fleet, Shells, Rows, new CheckHistory(Room.Database), new CopyClosure(Shells), Repositories, Room.Clock, NullLogger<CheckWatch>.Instance);
    }

    /// <summary>What the file of Nix says.</summary>
    protected string Text { get; set; } = "{ }\n";

    /// <summary>How it is called.</summary>
    protected string FileName { get; set; } = "configuration.nix";

    /// <summary>The script, <c>backup.sh</c>, is executable.</summary>
    protected bool IsExecutable { get; set; } = true;

    /// <summary>Only root reads the script.</summary>
    protected bool IsSecret { get; set; }

    protected AdoptServer Adopt => new(Room.Database, Shells, Repositories, Check, Room.Ledger.Writer, Room.Clock);

    protected TakeOverDrift TakeOver => new(Room.Database, Shells, Repositories, Check, new ProposalNews(), Room.Ledger.Writer, Room.Clock);

    protected RunCheck Check => new(Room.Database, Room.Fleet, Shells, Repositories, _watch, Rows, Room.Ledger.Writer, Room.Clock);

    private ShellOf Shells => (_, _) => ValueTask.FromResult<IRemoteShell>(Room.Shell);

    private CheckRows Rows => new(Room.Database, Room.Ledger.Writer, Room.Clock);

    public override async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<Result<Adoption>> TakeOverAsync(string reason = "", bool needsApproval = false) =>
        TakeOver.RunAsync(Room.Ann, new TakeOverForm { Server = Room.Server.Id, Title = TakeOverForm.TitleOf(Room.Server.Name), Reason = reason, NeedsApproval = needsApproval }, Stop);

    /// <summary>The proposal of what was taken over, merged by its author.</summary>
    protected async Task<CommitId> MergedAsync(Result<Adoption> taken) => Value(await Merge.RunAsync(Room.Ann, Assert.NotNull(Value(taken).Proposal), Stop)).Commit;

    protected async Task<IReadOnlyList<Commit>> HistoryAsync() => await (await SettingsAsync()).HistoryAsync(10);

    protected async Task AdoptedAsync() => Value(await Adopt.RunAsync(Room.Ann, Room.Server.Id, Stop));

    protected async Task<Proposal> OpenAsync(Result<Adoption> taken)
    {
        var proposal = (await List.FindAsync(Bob, Assert.NotNull(Value(taken).Proposal), Stop))?.Proposal;
        Assert.Equal(ProposalState.Open, proposal?.State);
        return proposal!;
    }

    private string Packed()
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"./{FileName}") { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Text)) });
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "./backup.sh") { DataStream = new MemoryStream([.. "#!/bin/sh\n"u8]), Mode = (IsSecret ? UnixFileMode.UserRead : ForAll) | (IsExecutable ? UnixFileMode.UserExecute : UnixFileMode.None) });
        }

        return Convert.ToBase64String(bytes.ToArray());
    }
}
