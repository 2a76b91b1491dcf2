using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class PlainSecretTests
{
    [Theory]
    [InlineData("users.users.ann.initialPassword", "hunter22")]
    [InlineData("users.users.ann.hashedPassword", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7")]
    [InlineData("services.grafana.settings.security.admin_password", "hunter22")]
    [InlineData("services.bot.apiKey", "0123456789")]
    [InlineData("systemd.services.bot.environment.OPENAI_API_KEY", "whatever")]
    [InlineData("systemd.services.bot.environment.GITHUB_TOKEN", "whatever")]
    [InlineData("services.bot.extra", "key = sk-abcdefghijklmnopqrstuvwxyz012345")]
    [InlineData("services.bot.url", "postgres://bot:hunter22@db.example.org/bot")]
    [InlineData("services.bot.extra", "-----BEGIN OPENSSH PRIVATE KEY-----")]
    [InlineData("networking.wireless.networks.home.psk", "hunter2222")]
    [InlineData("networking.wireless.networks.home.pskRaw", "0123456789abcdef")]
    [InlineData("networking.wireguard.interfaces.wg0.peers.0.presharedKey", "rVXs/Ni9tu3oDBLS4hOyAUAa1qTWVA3loR8eL20os3I=")]
    [InlineData("services.bot.wpaPassword", "hunter22")]
    [InlineData("services.bot.clientSecret", "hunter22")]
    [InlineData("services.bot.jwtSecret", "hunter22")]
    [InlineData("services.bot.authToken", "hunter22")]
    [InlineData("services.bot.botToken", "hunter22")]
    [InlineData("services.bot.bindPassword", "hunter22")]
    [InlineData("services.bot.smtpPassword", "hunter22")]
    [InlineData("services.bot.dbPassword", "hunter22")]
    [InlineData("services.bot.openaiApiKey", "hunter22")]
    [InlineData("systemd.services.bot.serviceConfig.Environment", "DB_PASSWORD=hunter22")]
    [InlineData("systemd.services.bot.serviceConfig.Environment.1", "PORT=80 \"BOT_TOKEN=hunter22\"")]
    [InlineData("systemd.services.bot.script", "export API_KEY='hunter22'\nexec bot")]
    [InlineData("systemd.services.bot.environment.SMTP_PASS", "hunter22")]
    [InlineData("systemd.services.bot.environment.PASS", "hunter22")]
    [InlineData("systemd.services.bot.environment.MAIL_PWD", "hunter22")]
    [InlineData("systemd.services.bot.serviceConfig.Environment", "PORT=80 DB_PASS=hunter22")]
    [InlineData("systemd.services.bot.script", "export MAIL_PWD='hunter22'\nPASS=hunter22 exec bot")]
    [InlineData("services.bot.settings.smtp.pass", "hunter22")]
    [InlineData("services.bot.settings.smtp_pwd", "hunter22")]
    [InlineData("services.nginx.virtualHosts.x.basicAuth.alice", "hunter2")]
    public void A_secret_as_it_is_is_refused_and_not_shown(string option, string text)
    {
        var path = Path(option);

        var fault = Assert.Single(PlainSecret.Faults(path.Parts, new NixText(text)));
        Assert.Equal(path.Parts, fault.At);
        Assert.Contains("topic Secrets", fault.Sentence, StringComparison.Ordinal);
        Assert.Equal(new NixOther("secret"), PlainSecret.Masked(path.Parts, new NixText(text)));
    }

    [Theory]
    [InlineData("users.users.ann.hashedPasswordFile", "/run/secrets/ann")]
    [InlineData("users.users.ann.hashedPassword", "!")]
    [InlineData("users.users.ann.description", "the password of the day")]
    [InlineData("services.bot.password", "/run/secrets/bot")]
    [InlineData("services.bot.password", "$__file{/run/secrets/bot}")]
    [InlineData("services.bot.tokenFile", "x")]
    [InlineData("services.bot.secretName", "bot-tls")]
    [InlineData("programs.ssh.askPassword", "ksshaskpass")]
    [InlineData("systemd.services.bot.environment.TOKEN", "")]
    [InlineData("systemd.services.bot.environment.OPENAI_API_KEY", "/run/secrets/openai")]
    [InlineData("systemd.services.bot.environment.PORT", "8080")]
    [InlineData("services.bot.url", "https://db.example.org:8443/path@2")]
    [InlineData("users.users.ann.openssh.authorizedKeys.keys.0", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq0 ann@example.org")]
    [InlineData("services.bot.dbPasswordFile", "x")]
    [InlineData("services.bot.clientSecretPath", "x")]
    [InlineData("services.openssh.settings.passwordAuthentication", "yes")]
    [InlineData("services.bot.dbPassword", "/run/secrets/bot")]
    [InlineData("services.bot.existingSecret", "bot-tls")]
    [InlineData("networking.wireless.networks.home.psk", "ext:psk_home")]
    [InlineData("systemd.services.bot.serviceConfig.Environment", "DB_PASSWORD_FILE=/run/secrets/bot PORT=80")]
    [InlineData("systemd.services.bot.serviceConfig.Environment", "DB_PASSWORD=%d/password")]
    [InlineData("systemd.services.bot.script", "export DB_PASSWORD=\"$(cat /run/secrets/bot)\" TOKEN=$1 PASSWORD=\nexec bot")]
    [InlineData("systemd.services.bot.environment.SMTP_PASS", "/run/secrets/smtp")]
    [InlineData("systemd.services.bot.environment.PWD", "state")]
    [InlineData("systemd.services.bot.environment.BYPASS", "localhost")]
    [InlineData("systemd.services.bot.script", "BYPASS=local OLDPWD=home exec bot")]
    [InlineData("services.bot.settings.bypass", "localhost")]
    [InlineData("services.bot.settings.proxy_pass", "backend")]
    [InlineData("services.nginx.virtualHosts.x.basicAuthFile", "/run/secrets/users")]
    public void What_names_a_secret_or_is_none_passes(string option, string text)
    {
        Assert.Empty(PlainSecret.Faults(Path(option).Parts, new NixText(text)));
        Assert.Equal(new NixText(text), PlainSecret.Masked(Path(option).Parts, new NixText(text)));
    }

    [Theory]
    [InlineData("users.users.ann.initialPassword", "\"hunter22\"")]
    [InlineData("users.users.ann.initialPassword", "lib.mkForce \"hunter22\"")]
    [InlineData("users.users.ann.initialPassword", "if config.networking.hostName == \"web1\" then \"hunter22\" else null")]
    [InlineData("services.bot", "{ password = \"x1y2z3\"; } // { }")]
    [InlineData("services.bot.settings", "{ password = \"hunter22\"; }")]
    [InlineData("systemd.services.bot.environment", "{ OPENAI_API_KEY = \"whatever\"; } // { }")]
    [InlineData("systemd.services.bot.script", "\"export API_KEY=hunter22; exec ${pkgs.bot}/bin/bot\"")]
    [InlineData("services.bot.settings", "{ }\n# password = \"hunter22\"")]
    public void A_secret_that_is_written_as_Nix_is_refused_not_shown_and_not_kept(string option, string code)
    {
        var path = Path(option);
        var value = new NixExpression(code);

        Assert.Equal(path.Parts, Assert.Single(PlainSecret.Faults(path.Parts, value)).At);
        Assert.Equal(new NixOther("secret"), PlainSecret.Masked(path.Parts, value));
        Assert.Empty(PlainSecret.Left(SettingsDocument.Empty.With(new Setting(path, value)), SettingsDocument.Empty).Settings);
    }

    [Theory]
    [InlineData("users.users.ann.hashedPasswordFile", "config.sops.secrets.ann.path")]
    [InlineData("services.bot.password", "config.sops.secrets.\"bot-password\".path")]
    [InlineData("services.bot.password", "builtins.readFile \"/run/secrets/bot\"")]
    [InlineData("services.bot.password", "\"${config.sops.placeholder.bot}\"")]
    [InlineData("services.bot.package", "\"${pkgs.hello}/bin/hello\"")]
    [InlineData("services.bot", "{ passwordFile = \"/run/secrets/bot\"; user = lib.mkDefault \"bot\"; }")]
    [InlineData("services.bot.motd", "lib.mkForce \"hunter22\"")]
    public void Nix_that_names_a_secret_or_has_none_passes(string option, string code) => Assert.Empty(PlainSecret.Faults(Path(option).Parts, new NixExpression(code)));

    [Theory]
    [InlineData("  users.users.ann.initialPassword = \"hunter22\";", "  users.users.ann.initialPassword = \"<secret>\";")]
    [InlineData("    SMTP_PASS = \"hunter22\";", "    SMTP_PASS = \"<secret>\";")]
    [InlineData("{ \"password\": \"hunter22\", \"port\": 80 }", "{ \"password\": \"<secret>\", \"port\": 80 }")]
    [InlineData("export DB_PASSWORD=hunter22 PORT=80", "export DB_PASSWORD=<secret> PORT=80")]
    [InlineData("  url = \"postgres://bot:hunter22@db/bot\";", "  <secret>")]
    [InlineData("a\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza\n-----END OPENSSH PRIVATE KEY-----\nz", "a\n<secret>\n<secret>\n<secret>\nz")]
    [InlineData("  passwordFile = \"/run/secrets/bot\";\n  SMTP_PASS = \"${x}\";", "  passwordFile = \"/run/secrets/bot\";\n  SMTP_PASS = \"${x}\";")]
    [InlineData("services.nginx.enable = true; # \"password\"", "services.nginx.enable = true; # \"password\"")]
    public void A_file_that_people_wrote_is_shown_without_what_looks_like_a_secret(string text, string shown) => Assert.Equal(shown, PlainSecret.MaskedFile(text));

    [Fact]
    public void It_is_found_wherever_it_stands_in_a_value()
    {
        var users = NixSet.Of([KeyValuePair.Create<string, NixValue>("ann", NixSet.Of([KeyValuePair.Create<string, NixValue>("initialPassword", new NixText("hunter22")), KeyValuePair.Create<string, NixValue>("uid", new NixInteger(1000))]))]);

        Assert.Equal(["users", "users", "ann", "initialPassword"], Assert.Single(PlainSecret.Faults(["users", "users"], users)).At);
        Assert.Equal("{ ann = { initialPassword = <secret>; uid = 1000; }; }", NixWriter.Inline(PlainSecret.Masked(["users", "users"], users)));
        Assert.Single(PlainSecret.Faults(["services", "x"], new NixExpression("{ key = \"AKIAABCDEFGHIJKLMNOP\"; }")));
    }

    [Fact]
    public void A_draft_is_kept_without_the_secret_that_was_typed_and_with_all_else()
    {
        var committed = new Setting(Path("services.old.token"), new NixText("of an earlier commit"));
        var basis = SettingsDocument.Empty.With(committed);
        var ann = NixSet.Of([KeyValuePair.Create<string, NixValue>("initialPassword", new NixText("hunter22")), KeyValuePair.Create<string, NixValue>("uid", new NixInteger(1000))]);
        var document = basis.With(new Setting(Path("users.users.ann"), ann)).With(new Setting(Path("services.bot.token"), new NixText("hunter22"))).With(new Setting(Path("services.bot.port"), new NixInteger(1)));

        var left = PlainSecret.Left(document, basis);

        Assert.Equal("{ uid = 1000; }", NixWriter.Inline(left.ValueAt(Path("users.users.ann"))!));
        Assert.Null(left.ValueAt(Path("services.bot.token")));
        Assert.Equal(new NixInteger(1), left.ValueAt(Path("services.bot.port")));
        Assert.Equal(committed.Value, left.ValueAt(committed.Path));
    }

    [Fact]
    public void A_document_is_shown_without_its_secrets()
    {
        var shown = PlainSecret.Masked(SettingsDocument.Empty.With(new Setting(Path("services.bot.token"), new NixText("hunter22"), Setting.Force)).With(new Setting(Path("services.bot.port"), new NixInteger(1))));

        Assert.Equal(new Setting(Path("services.bot.token"), new NixOther("secret"), Setting.Force), shown[Path("services.bot.token")]);
        Assert.Equal(new NixInteger(1), shown.ValueAt(Path("services.bot.port")));
    }

    private static OptionPath Path(string text) => OptionPath.TryParse(text, out var path, out var error) ? path : throw new FormatException(error);
}
