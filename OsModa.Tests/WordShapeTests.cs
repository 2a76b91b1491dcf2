using System.Text.RegularExpressions;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests;

/// <summary>What a word of each kind may look like, said once more as a regular expression: both have to agree on every text.</summary>
public sealed class WordShapeTests
{
    private const int Texts = 40_000;
    private const string Letters = "aZ09._-:@\\/ \t\n,(\"é\u00a0\u200d\ud83d";

    [Fact]
    public void Unit() => Agree(
        @"\A(-\.(mount|slice)|[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@\-]{0,243}\.(service|socket|target|timer|mount|automount|path|slice|scope|device|swap))\z",
        static text => UnitName.TryParse(text, out _), ["", ".service", ".slice", ".mount", ".timer", ".Service", ".services"], 250);

    [Fact]
    public void Server_name() => Agree(@"\A[A-Za-z0-9][A-Za-z0-9._\-]{0,62}\z", static text => ServerName.TryParse(text, out _, out _), [""], 70, static text => text.Trim());

    [Fact]
    public void Login() => Agree(@"\A[A-Za-z_][A-Za-z0-9_.\-]{0,31}\z", static text => LoginName.TryParse(text, out _, out _), [""], 40, static text => text.Trim());

    [Fact]
    public void Tag_of_a_server() => Agree(@"\A[a-z0-9][a-z0-9\-]{0,29}\z", static text => Tag.TryParse(text, out _, out _), [""], 40, static text => text.Trim().ToLowerInvariant());

    [Fact]
    public void Check() => Agree(@"\A[A-Za-z0-9][A-Za-z0-9._\-]{0,39}\z", static text => HealthCheckName.TryParse(text, out _, out _), [""], 50, static text => text.Trim());

    [Fact]
    public void Address_of_a_person() => Agree(
        @"\A[^@\s\p{C}""<>(),:;\\\[\]]{1,64}@[^@\s\p{C}""<>(),:;\\\[\]]{1,189}\z",
        static text => EmailAddress.TryParse(text, out _, out _), ["@example.org", "@a", "@", "b@c@d"], 80, static text => text.Trim());

    private static void Agree(string pattern, Func<string, bool> admits, string[] ends, int longest, Func<string, string>? seen = null)
    {
        var (shape, random) = (new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking), new Random(7));
        var admitted = 0;
        for (var i = 0; i < Texts; i++)
        {
            // Mostly of what is admitted and short, now and then of anything and long.
            var letters = random.Next(4) == 0 ? Letters : "az09AZ_";
            var length = random.Next(20) == 0 ? random.Next(longest - 8, longest + 8) : random.Next(6);
            var text = string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)])) + ends[random.Next(ends.Length)];
            var expected = shape.IsMatch(seen?.Invoke(text) ?? text);
            Assert.True(expected == admits(text), $"'{text}' should be {(expected ? "admitted" : "refused")}");
            admitted += expected ? 1 : 0;
        }

        Assert.InRange(admitted, Texts / 20, Texts * 19 / 20);
    }
}
