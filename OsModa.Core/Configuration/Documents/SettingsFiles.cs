using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>
/// A document as files: <c>settings.json</c>, and a file of Nix for each expression that a person typed, named by a hash of what is in it. The
/// document itself never holds code, only the names of these files.
/// </summary>
/// <param name="Json">UTF-8, one line a member, in the order of places, so that a difference of two commits reads well.</param>
/// <param name="Expressions">File names below <c>expressions/</c>, without <c>.nix</c>, and what is in them.</param>
public sealed record SettingsFiles(ImmutableArray<byte> Json, ImmutableSortedDictionary<string, string> Expressions)
{
    public const string Name = "settings.json", Module = "settings.nix", ExpressionFolder = "expressions";

    private const string Before = "{ config, lib, options, pkgs }:\n(\n", After = "\n)\n";

    private static readonly JsonWriterOptions Shape = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static SettingsFiles Of(SettingsDocument document)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var expressions = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        using (var json = new Utf8JsonWriter(bytes, Shape))
        {
            json.WriteStartObject();
            json.WriteNumber("format", 1);
            json.WriteStartArray("settings");
            foreach (var setting in document.Settings.Values)
            {
                json.WriteStartObject();
                json.WriteStartArray("path");
                foreach (var part in setting.Path.Parts)
                {
                    json.WriteStringValue(part);
                }

                json.WriteEndArray();
                json.WritePropertyName("value");
                ValueWriter.Write(json, setting.Value, code => Keep(expressions, code));
                if (setting.Priority != Setting.Plain)
                {
                    json.WriteNumber("priority", setting.Priority);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return new SettingsFiles([.. bytes.WrittenSpan], expressions.ToImmutable());
    }

    /// <summary>The expression within a file of it; null when it is none of ours.</summary>
    internal static NixExpression? Expression(string file) =>
        file.StartsWith(Before, StringComparison.Ordinal) && file.EndsWith(After, StringComparison.Ordinal) && file.Length >= Before.Length + After.Length
            ? new NixExpression(file[Before.Length..^After.Length])
            : null;

    /// <summary>Stands for the file of an expression where only its name is known.</summary>
    internal static string Stand(string name) => Before + name + After;

    private static string Keep(ImmutableSortedDictionary<string, string>.Builder expressions, NixExpression code)
    {
        var file = Before + code.Text + After;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file)).AsSpan(0, 8));
        expressions[name] = file;
        return name;
    }
}
