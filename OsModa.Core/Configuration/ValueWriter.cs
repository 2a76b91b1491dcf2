using System.Globalization;
using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>
/// Writes values as JSON. What JSON does not have is an object with one member whose name begins with <c>$</c>; a name of a set's own that
/// begins so has one <c>$</c> more. Floats always have a point or an exponent, because Nix tells whole numbers and floats apart by that.
/// </summary>
internal static class ValueWriter
{
    public const string Package = "$package", Expression = "$expression", Other = "$other";

    /// <param name="json">Where to.</param>
    /// <param name="value">What.</param>
    /// <param name="expression">Gives the name under which an expression is kept.</param>
    public static void Write(Utf8JsonWriter json, NixValue value, Func<NixExpression, string> expression)
    {
        switch (value)
        {
            case NixBool(var yes):
                json.WriteBooleanValue(yes);
                break;
            case NixInteger(var whole):
                json.WriteNumberValue(whole);
                break;
            case NixFloat(var real):
                json.WriteRawValue(Float(real));
                break;
            case NixText(var text):
                json.WriteStringValue(text);
                break;
            case NixList(var items):
                json.WriteStartArray();
                foreach (var item in items)
                {
                    Write(json, item, expression);
                }

                json.WriteEndArray();
                break;
            case NixSet(var members):
                json.WriteStartObject();
                foreach (var (name, member) in members)
                {
                    json.WritePropertyName(name.StartsWith('$') ? "$" + name : name);
                    Write(json, member, expression);
                }

                json.WriteEndObject();
                break;
            case NixPackage(var path):
                json.WriteStartObject();
                json.WriteStartArray(Package);
                foreach (var part in path)
                {
                    json.WriteStringValue(part);
                }

                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case NixExpression code:
                json.WriteStartObject();
                json.WriteString(Expression, expression(code));
                json.WriteEndObject();
                break;
            case NixOther(var what, var name):
                json.WriteStartObject();
                json.WriteString(Other, what);
                if (name is not null)
                {
                    json.WriteString("name", name);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    /// <summary>The shortest text that reads back as the same number, never one of a whole number.</summary>
    public static string Float(double real)
    {
        var text = real.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }
}
