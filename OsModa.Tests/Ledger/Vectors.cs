using System.Text;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Tests.Ledger;

/// <summary>Three events of a server, computed by a program of its own in another language: pre-images, chain hashes, records, leaves and roots.</summary>
internal static class Vectors
{
    public static readonly (long Id, string Ts, string Type, string Actor, string Payload)[] Events =
    [
        (1, "2026-01-02T03:04:05.678Z", "system.boot", "agentd", "{}"),
        (2, "2026-01-02T03:04:06.000Z", "nixos.switch", "osmoda-watch", """{"from":41,"to":42,"note":"a|b"}"""),
        (3, "2026-01-02T03:04:07.001Z", "memory.store", "agentd", """{"summary":"café ☕"}"""),
    ];

    public static readonly string[] Concatenated =
    [
        "b31ecfbd033c49a4b615d4c85b243af1fffe7f59aa9327f6751ec2d02eafdeb9",
        "4355e1feffdfcc2db16457589ba3024f0ef46a62b848e9dc411d49bf1e86bbf6",
        "99487d9221942d6fae3364cf10081d027fa2830231d12b3b32e3482365dbe278",
    ];

    public static readonly string[] Piped =
    [
        "dc41776a10a421d4cf43e0466b168ccb3e77e21ae7e32688a3f5077a36de3a1c",
        "42975948cd56112706053a979d2c9dfbbc62eadecf1898474ed1c987293978d6",
        "3a02e5f72e0f37e81d3152956298fa04d2c82c8b77bae3d14a0587ea09689f8d",
    ];

    public static readonly string[] Leaves =
    [
        "1201e9edc0a46a05bd48bf79c700e91d3b5fd60f693f2567830e356b83ab5f3b",
        "125e7ed40477c954e0d81667b2c6a1e9c0364d803a639de6bf1a36c43bf235fb",
        "464a861cf92cb686816463ce30bb2cf20f136a1973b9846ab638fd1807c8824c",
    ];

    public static readonly Guid Source = new("00010203-0405-0607-0809-0a0b0c0d0e0f");

    /// <summary>Unix time, in ms, at which event 0 would have been received; event n came n ms later.</summary>
    public const long ReceivedAt = 1_767_323_045_678;

    public static readonly byte[][] Records = [Record(0), Record(1), Record(2)];

    public static TreeHash Root2 { get; } = Hex("ecb2e515d22de9ac4eb8337b959101a83e27afbb2a20e9ad8118f326bd30b0dc");

    public static TreeHash Root3 { get; } = Hex("070c2a58aa421ce62f5c9d3c3f8cadd9585dca497e842de55537b0fd2a98e864");

    public static TreeHash Hex(string text) => TreeHash.From(Convert.FromHexString(text));

    public static byte[] PreImage(int i)
    {
        var e = Events[i];
        return Encoding.UTF8.GetBytes($"{e.Id}|{e.Ts}|{e.Type}|{e.Actor}|{e.Payload}|{(i == 0 ? new string('0', 64) : Piped[i - 1])}");
    }

    private static byte[] Record(int i)
    {
        var time = BitConverter.GetBytes(ReceivedAt + Events[i].Id);
        Array.Reverse(time);
        return [1, 2, .. Source.ToByteArray(bigEndian: true), 0, 0, 0, 1, .. time, .. Convert.FromHexString(Piped[i]), .. PreImage(i)];
    }
}
