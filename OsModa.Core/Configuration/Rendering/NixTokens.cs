namespace OsModa.Core.Configuration;

internal enum NixTokenKind
{
    End,

    /// <summary>A name, or several with dots between.</summary>
    Word,
    Number,

    /// <summary>A string, its escapes undone.</summary>
    Text,

    /// <summary>A bracket, an operator.</summary>
    Sign,
}

internal readonly record struct NixToken(NixTokenKind Kind, string Text, int Line);

/// <summary>Cuts Nix into words, as far as plain data has them (Nix, src/libexpr/lexer.l).</summary>
internal sealed class NixTokens
{
    private readonly string _text;
    private int _at;
    private int _line = 1;

    public NixTokens(string text)
    {
        _text = text;
        Current = Next();
    }

    public NixToken Current { get; private set; }

    public NixToken Take()
    {
        var taken = Current;
        if (taken.Kind != NixTokenKind.End)
        {
            Current = Next();
        }

        return taken;
    }

    public bool TryTake(string sign)
    {
        if (Current.Kind == NixTokenKind.End && (sign is "}" or "]"))
        {
            throw Wrong($"comes before a closing {sign}");
        }

        if (Current.Kind != NixTokenKind.Sign || Current.Text != sign)
        {
            return false;
        }

        Take();
        return true;
    }

    public void Expect(string what)
    {
        if (Current.Kind is not (NixTokenKind.Sign or NixTokenKind.Word) || Current.Text != what)
        {
            throw Wrong($"stands where '{what}' is expected");
        }

        Take();
    }

    public void Expect(NixTokenKind kind, string what)
    {
        if (Current.Kind != kind)
        {
            throw Wrong($"stands where {what} is expected");
        }
    }

    /// <summary>Whether the bracket that is current opens <c>{ lib, ... }:</c> and not a set.</summary>
    public bool LooksLikeArguments()
    {
        var close = _text.IndexOf('}', _at);
        var inner = close < 0 ? "" : _text[_at..close];
        return close >= 0 && !inner.Contains('=', StringComparison.Ordinal) && !inner.Contains('"', StringComparison.Ordinal) && _text.AsSpan(close + 1).TrimStart().StartsWith(":");
    }

    public FormatException Wrong(string why, NixToken? what = null)
    {
        var token = what ?? Current;
        var shown = token.Kind == NixTokenKind.End ? "the end" : token.Text.Length > 40 ? $"'{token.Text[..40]}…'" : $"'{token.Text}'";
        return new FormatException($"Line {token.Line}: {shown} {why}.");
    }

    private NixToken Next()
    {
        SkipSpace();
        if (_at >= _text.Length)
        {
            return new NixToken(NixTokenKind.End, "", _line);
        }

        var (line, c) = (_line, _text[_at]);
        if (c == '"')
        {
            return new NixToken(NixTokenKind.Text, NixStrings.Quoted(_text, ref _at, ref _line), line);
        }

        if (c == '\'' && _at + 1 < _text.Length && _text[_at + 1] == '\'')
        {
            return new NixToken(NixTokenKind.Text, NixStrings.Indented(_text, ref _at, ref _line), line);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            return new NixToken(NixTokenKind.Word, Run(static (c, next) => IsNamed(c) || (c == '.' && (char.IsAsciiLetter(next) || next == '_'))), line);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
        {
            return new NixToken(NixTokenKind.Number, NumberText(), line);
        }

        _at++;
        return new NixToken(NixTokenKind.Sign, c.ToString(), line);
    }

    private static bool IsNamed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '\'';

    private string NumberText()
    {
        var start = _at;
        Digits();
        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            Digits();
            if (_at < _text.Length && (_text[_at] is 'e' or 'E'))
            {
                _at++;
                _at += _at < _text.Length && (_text[_at] is '+' or '-') ? 1 : 0;
                Digits();
            }
        }

        return _text[start.._at];
    }

    private void Digits()
    {
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }
    }

    private string Run(Func<char, char, bool> belongs)
    {
        var start = _at;
        while (_at < _text.Length && belongs(_text[_at], _at + 1 < _text.Length ? _text[_at + 1] : ' '))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private void SkipSpace()
    {
        while (_at < _text.Length)
        {
            if (char.IsWhiteSpace(_text[_at]))
            {
                _line += _text[_at] == '\n' ? 1 : 0;
                _at++;
            }
            else if (_text[_at] == '#')
            {
                _at = _text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length;
            }
            else if (_text.AsSpan(_at).StartsWith("/*"))
            {
                var end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                end = end < 0 ? _text.Length : end + 2;
                _line += _text.AsSpan(_at, end - _at).Count('\n');
                _at = end;
            }
            else
            {
                return;
            }
        }
    }
}
