using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OsModa.Core.Configuration;

/// <summary>
/// Secrets that stand in a value as they are. What the form sets lies in Git, in the database and in the Nix store, where everybody on the server can
/// read it: a secret is named by the file that holds it instead.
/// </summary>
public static partial class PlainSecret
{
    private const string Instead = "Everybody on the server could read it, and everybody with the repository. Keep it as a secret of sops or agenix (topic Secrets, which also says how to add them), and name the file that it becomes";

    // A program that asks for one, a name of a thing that holds one, and where nginx passes a request on to.
    private static readonly ImmutableHashSet<string> NoSecrets = ["askPassword", "existingSecret", "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"];

    /// <summary>Where in a value there are some, with what to do instead.</summary>
    /// <param name="option">Names of the option.</param>
    /// <param name="value">What it is set to.</param>
    public static IEnumerable<DocumentFault> Faults(ImmutableArray<string> option, NixValue value) => value switch
    {
        NixText(var text) when Fault(option, text) is { } fault => [new DocumentFault(option, fault)],
        NixExpression(var code) when IsInCode(option, code) => [new DocumentFault(option, $"There is a secret in this expression. {Instead}.")],
        NixSet(var members) => members.SelectMany(member => Faults(option.Add(member.Key), member.Value)),
        NixList(var items) => items.SelectMany((item, at) => Faults(option.Add($"{at}"), item)),
        _ => [],
    };

    /// <summary>Whether a sentence is one of <see cref="Faults"/>: the topic Secrets leads on from it.</summary>
    public static bool IsSaid(string sentence) => sentence.Contains(Instead, StringComparison.Ordinal);

    /// <summary>Whether there is one in a file that is none of Nix. What sops has encrypted is none.</summary>
    public static bool IsIn(string text) => Key().IsMatch(text) || Assignment().Matches(text).Any(set => !Reference().IsMatch(set.Groups["value"].ValueSpan));

    /// <summary>The value as it may be shown and kept: secrets are left out.</summary>
    public static NixValue Masked(ImmutableArray<string> option, NixValue value)
    {
        var mask = new NixOther("secret");
        return With(option, value, mask) ?? mask;
    }

    /// <summary>A document as it may be shown.</summary>
    public static SettingsDocument Masked(SettingsDocument document) => SettingsDocument.Of(document.Settings.Values.Select(static setting => setting with { Value = Masked(setting.Path.Parts, setting.Value) }));

    /// <summary>What is left of a document for a draft: secrets that are in no commit yet stay in the window where they were typed.</summary>
    public static SettingsDocument Left(SettingsDocument document, SettingsDocument basis) => document.Settings.Values.Where(setting => basis[setting.Path] != setting).Aggregate(document, static (left, setting) =>
        With(setting.Path.Parts, setting.Value, null) is not { } value ? left.Without(setting.Path) : value == setting.Value ? left : left.With(setting with { Value = value }));

    // Something else instead of each secret; with nothing, it goes.
    private static NixValue? With(ImmutableArray<string> option, NixValue value, NixValue? instead) => value switch
    {
        NixSet(var members) => NixSet.Of(members.Select(member => KeyValuePair.Create(member.Key, With(option.Add(member.Key), member.Value, instead))).Where(member => member.Value is not null)!),
        NixList(var items) => new NixList([.. items.Select((item, at) => With(option.Add($"{at}"), item, instead)).OfType<NixValue>()]),
        _ => Faults(option, value).Any() ? instead : value,
    };

    private static string? Fault(ImmutableArray<string> at, string text)
    {
        var name = at[^1];
        return Key().IsMatch(text) ? $"This is a secret. {Instead}."
            : text.Length < 2 || Reference().IsMatch(text) ? null    // ! and * stand for no password
            : at.Length > 1 && at[^2] is "environment" or "variables" or "sessionVariables" ? Variable().IsMatch(name) ? OfVariable(name) : null
            : at.Length > 1 && at[^2] == "basicAuth" && name != "username" ? $"A secret cannot stand here. {Instead}, such as with basicAuthFile."    // of each person by name
            : Assignment().Matches(text).FirstOrDefault(set => !Reference().IsMatch(set.Groups["value"].ValueSpan)) is { } assigned ? OfVariable(assigned.Groups["name"].Value)
            : Name().IsMatch(name) && !NoSecrets.Contains(name) ? $"A secret cannot stand here. {Instead}, such as with {name}File."
            : null;
    }

    private static string OfVariable(string name) => $"{name} is a secret. {Instead}: a service reads such a file with EnvironmentFile.";

    // A file, a name of the environment, of a file of wpa_supplicant, a place of another option, or what sops has encrypted.
    [GeneratedRegex(@"\A([/<@]|\$([_{]|[A-Z])|%d/|https?://|ext:|ENC\[)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    // In one case with a dash, a line or nothing before it; in camel case at the end of any name.
    [GeneratedRegex(@"\A(.*[_-])?(password|passwd|passphrase|secret|token|psk|psk[_-]?raw|api[_-]?key|private[_-]?key|secret[_-]?key|access[_-]?key|pre[_-]?shared[_-]?key|pass|pwd)\z|\A.+(?-i:Password|Passwd|Passphrase|Secret|Token|Psk|PSK|ApiKey|APIKey|PrivateKey|SecretKey|AccessKey|Pre[Ss]haredKey)\z|\A(.*(initial|hashed|admin|root|database|user|basic)[_-]?)password\z", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    // The shell's own PWD is where it is.
    [GeneratedRegex(@"(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|SECRET_?KEY|ACCESS_?KEY|CREDENTIALS|PSK)\z|(\A|_)PASS\z|_PWD\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    // As systemd's Environment and scripts have it. What a shell works out first, such as $(cat FILE), is no secret yet.
    [GeneratedRegex(@"(\A|[\s""';])(?<name>[A-Z0-9_]*(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|SECRET_?KEY|ACCESS_?KEY|CREDENTIALS|PSK|_PASS|_PWD)|PASS)=[""']?(?<value>[^\s""'$`=;)][^\s""';)]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();

    // Keys that tell by their look what they are: of PEM, age, OpenAI and Anthropic, GitHub, GitLab, Slack, AWS, and a password in an address.
    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----|AGE-SECRET-KEY-1[A-Z0-9]{10}|\bsk-[A-Za-z0-9_-]{20}|\bgh[pousr]_[A-Za-z0-9]{30}|\bgithub_pat_[A-Za-z0-9_]{30}|\bglpat-[A-Za-z0-9_-]{16}|\bxox[abprs]-[A-Za-z0-9-]{10}|\bAKIA[A-Z0-9]{16}|://[^/\s:@$""']+:[^/\s:@$""'{}]{2,}@", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
