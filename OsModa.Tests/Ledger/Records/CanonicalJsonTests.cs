using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Ledger.Records;
using Xunit;

namespace OsModa.Tests.Ledger.Records;

public sealed class CanonicalJsonTests
{
    /// <summary>RFC 8785, appendix B: numbers by their IEEE 754 bits.</summary>
    [Theory]
    [InlineData(0x0000000000000000UL, "0")]
    [InlineData(0x8000000000000000UL, "0")]
    [InlineData(0x0000000000000001UL, "5e-324")]
    [InlineData(0x8000000000000001UL, "-5e-324")]
    [InlineData(0x7fefffffffffffffUL, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffffUL, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000UL, "9007199254740992")]
    [InlineData(0xc340000000000000UL, "-9007199254740992")]
    [InlineData(0x4430000000000000UL, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5UL, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6UL, "1e+23")]
    [InlineData(0x44b52d02c7e14af7UL, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4eUL, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4fUL, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50UL, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8cUL, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8dUL, "0.000001")]
    [InlineData(0x41b3de4355555553UL, "333333333.3333332")]
    [InlineData(0x41b3de4355555554UL, "333333333.33333325")]
    [InlineData(0x41b3de4355555555UL, "333333333.3333333")]
    [InlineData(0x41b3de4355555556UL, "333333333.3333334")]
    [InlineData(0x41b3de4355555557UL, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696UL, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959UL, "1424953923781206.2")]
    public void Numbers_are_written_as_ECMAScript_does(ulong bits, string text) =>
        Assert.Equal(text, Canonical(BitConverter.UInt64BitsToDouble(bits).ToString("R")));

    /// <summary>RFC 8785, section 3.2.2 and 3.2.3.</summary>
    [Fact]
    public void The_sample_of_the_RFC_comes_out_byte_for_byte()
    {
        const string sample =
            """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;

        Assert.Equal("""{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""", Canonical(sample));
    }

    [Fact]
    public void Names_are_in_the_order_of_their_UTF_16_units() =>
        Assert.Equal(
            "[\"\\r\",\"1\",\"\u0080\",\"ö\",\"€\",\"😀\",\"\ufb33\"]",
            Canonical("[" + string.Join(',', System.Text.Json.JsonDocument.Parse(Canonical("{\"\u20ac\":1,\"\\r\":1,\"\ufb33\":1,\"1\":1,\"\U0001f600\":1,\"\u0080\":1,\"\u00f6\":1}")!).RootElement.EnumerateObject().Select(p => p.Name == "\r" ? "\"\\r\"" : $"\"{p.Name}\"")) + "]"));

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("1e999")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void What_has_no_canonical_form_is_refused(string json) => Assert.Null(Canonical(json));

    [Fact]
    public void An_action_is_read_as_it_was_written()
    {
        var body = new ActionBody
        {
            Action = Guid.CreateVersion7(),
            Verb = "server.roll-back",
            WhoId = Guid.CreateVersion7(),
            Who = "Ann \ud800",
            For = "Bob",
            Why = "it broke\n\"again\"",
            From = "203.0.113.5",
            Server = Guid.CreateVersion7(),
            Outcome = "done",
            Text = "Verified.",
            Details = new Dictionary<string, string> { ["generation"] = "42" }.ToImmutableSortedDictionary(),
        };
        var json = body.ToCanonicalJson();
        var read = ActionBody.Parse(json)!;

        Assert.True(CanonicalJson.IsCanonical(json));
        Assert.Equal(body with { Who = "Ann \ufffd", Details = read.Details }, read);
        Assert.Equal("42", read.Details["generation"]);
        Assert.Null(ActionBody.Parse("[]"u8.ToArray()));
        Assert.Null(ActionBody.Parse("{\"verb\":\"\\ud800\"}"u8.ToArray()));
        Assert.Null(ActionBody.Parse("no"u8.ToArray()));
    }

    private static string? Canonical(string json) => CanonicalJson.TryCanonicalise(Encoding.UTF8.GetBytes(json), out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
