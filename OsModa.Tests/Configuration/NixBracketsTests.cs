using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class NixBracketsTests
{
    [Theory]
    [InlineData("pkgs.htop")]
    [InlineData("let x'' = 1; in [ x'' (builtins.foldl' (a: b: a) 0 [ ]) ]")]
    [InlineData("[ (a: { b = a; }) ]")]
    [InlineData("\"${pkgs.htop}/bin ${toString { a = \"}\"; }.a}\"")]
    [InlineData("''\n  one ''${not} '' + '''' + \"'' (\"")]
    [InlineData("''two ''' quotes ''\\n and ${\"nested ''\"} ''")]
    [InlineData("# ( in a comment\n1")]
    [InlineData("/* [ \n */ 2")]
    [InlineData("\"\\\"(\" + \"$${\"")]
    public void What_Nix_can_parse_passes(string text) => Assert.Null(NixBrackets.Fault(text));

    [Theory]
    [InlineData("(1", "Line 1: '(' is never closed.")]
    [InlineData("1)", "Line 1: ')' closes nothing.")]
    [InlineData("[\n 1 }", "Line 2: '}' comes before '[' of line 1 is closed.")]
    [InlineData("1\n+ \"two", "Line 2: '\"' is never closed.")]
    [InlineData("''one", "Line 1: '''' is never closed.")]
    [InlineData("\"${a\"", "Line 1: '\"' is never closed.")]
    [InlineData("/* never", "Line 1: the comment never ends.")]
    public void What_it_cannot_says_where(string text, string fault) => Assert.Equal(fault, NixBrackets.Fault(text));
}
