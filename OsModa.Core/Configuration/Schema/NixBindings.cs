using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>Names that a file of Nix gives values to, with their lines. Looks at brackets, strings and comments only: any text can be read, also one with mistakes.</summary>
internal sealed class NixBindings
{
    private const int Most = 20_000, Deepest = 64;

    private readonly string _text;
    private readonly List<Binding> _found = [];
    private readonly Stack<(ImmutableArray<string> Scope, ImmutableArray<string>? Named)> _outer = new();
    private readonly List<string> _name = [];
    private ImmutableArray<string> _scope = [];
    private ImmutableArray<string>? _named;
    private int _at, _line = 1, _nameLine = 1;
    private bool _dot;

    private NixBindings(string text) => _text = text;

    public static IReadOnlyList<Binding> Read(string text)
    {
        var reader = new NixBindings(text);
        while (reader._at < text.Length && reader._found.Count < Most)
        {
            reader.Step();
        }

        return reader._found;
    }

    private void Step()
    {
        var c = _text[_at];
        if (char.IsWhiteSpace(c))
        {
            Pass(1);
        }
        else if (c == '#')
        {
            Pass((_text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length) - _at);
        }
        else if (At("/*"))
        {
            Pass((_text.IndexOf("*/", _at + 2, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : _text.Length) - _at);
        }
        else if (c == '"' || At("''"))
        {
            var (line, from) = (_line, _at);
            PassString(0);
            Name(c == '"' && _at - from >= 2 ? _text[(from + 1)..(_at - 1)] : "", line);
        }
        else if (char.IsAsciiLetter(c) || c == '_')
        {
            var from = _at;
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or '\''))
            {
                _at++;
            }

            Name(_text[from.._at], _line);
        }
        else
        {
            Sign(c);
        }
    }

    private void Name(string part, int line)
    {
        if (!_dot || _name.Count == 0)
        {
            _name.Clear();
            _nameLine = line;
        }

        _name.Add(part);
        _dot = false;
    }

    private void Sign(char sign)
    {
        switch (sign)
        {
            case '.':
                _dot = true;
                Pass(1);
                return;
            case '=' when At("=="):
                Pass(1);
                break;
            case '=' when _name.Count > 0 && _text[_at - 1] is not ('!' or '<' or '>'):
                _named = [.. _scope, .. _name];
                _found.Add(new Binding(_named is ["config", .. var inner] && inner.Length > 0 ? inner : _named.Value, _nameLine));
                break;
            case '{':
                _outer.Push((_scope, _named));
                _scope = _outer.Count <= Deepest ? _named ?? _scope : _scope;
                _named = null;
                break;
            case '}' when _outer.Count > 0:
                (_scope, _named) = _outer.Pop();
                break;
            case ';':
                _named = null;
                break;
        }

        _name.Clear();
        _dot = false;
        Pass(1);
    }

    private void PassString(int depth)
    {
        var indented = _text[_at] == '\'';
        Pass(indented ? 2 : 1);
        while (_at < _text.Length)
        {
            if (indented ? At("''") && !(_at + 2 < _text.Length && _text[_at + 2] is '\'' or '$' or '\\') : _text[_at] == '"')
            {
                Pass(indented ? 2 : 1);
                return;
            }

            if (At("${"))
            {
                Pass(2);
                PassExpression(depth);
            }
            else
            {
                Pass(indented && At("''") ? 3 : (!indented && _text[_at] == '\\') || At("$$") ? 2 : 1);
            }
        }
    }

    private void PassExpression(int depth)
    {
        for (var open = 1; open > 0 && _at < _text.Length;)
        {
            if (depth < Deepest && (_text[_at] == '"' || At("''")))
            {
                PassString(depth + 1);
                continue;
            }

            open += _text[_at] switch { '{' => 1, '}' => -1, _ => 0 };
            Pass(1);
        }
    }

    private bool At(string sign) => string.CompareOrdinal(_text, _at, sign, 0, sign.Length) == 0;

    private void Pass(int signs)
    {
        signs = Math.Min(signs, _text.Length - _at);
        _line += _text.AsSpan(_at, signs).Count('\n');
        _at += signs;
    }
}
