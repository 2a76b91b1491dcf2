using System.Collections.Immutable;
using FsCheck.Fluent;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Configuration;

public sealed class DefinitionLinesTests
{
    private const string Text = """
        # services.nginx.enable = false;
        { config, lib, pkgs, ... }:
        let port = 80; in
        {
          imports = [ ./hardware.nix ];
          services.nginx = {
            enable = lib.mkForce true; /* user = "x";
            */ user = "web";
            virtualHosts."example.org" = lib.mkIf (port == 80) {
              root = "/srv/${if true then "{" else "}"}";
              extraConfig = ''
                listen = ''${x};
                a = "b;
              '';
              forceSSL = true;
            };
          };
          config.users.motd = "hello";
          systemd.services = lib.mapAttrs (name: _: { }) { };
        }
        """;

    [Theory]
    [InlineData("services.nginx.enable", 7)]
    [InlineData("services.nginx.user", 8)]
    [InlineData("services.nginx.virtualHosts", 9)]
    [InlineData("services.nginx.virtualHosts.\"example.org\".forceSSL", 15)]
    [InlineData("services.nginx", 6)]
    [InlineData("users.motd", 18)]
    [InlineData("systemd.services.web.script", 19)]
    [InlineData("services.openssh.enable", null)]
    public void An_option_is_found_in_the_line_where_a_person_wrote_it(string option, int? line)
    {
        Assert.True(OptionPath.TryParse(option, out var path, out _));
        Assert.Equal(line, DefinitionLines.Find(Text, path));
    }

    [Fact]
    public void Any_text_can_be_read()
    {
        Assert.All(RandomValues.Text.Sample(2_000), text => DefinitionLines.Find(text + Text[..(text.Length % Text.Length)] + text, OptionPath.Of("a")));
        Assert.Null(DefinitionLines.Find(string.Concat(Enumerable.Repeat("\"${", 50_000)), OptionPath.Of("a")));
        Assert.Null(DefinitionLines.Find(new string('{', 100_000), OptionPath.Of("a")));
    }

    [Fact]
    public void Only_files_whose_text_is_known_get_lines()
    {
        var motd = OptionPath.Of("users", "motd");
        var here = ImmutableSortedDictionary.Create<OptionPath, ValueHere>(OptionPath.Order)
            .Add(motd, new ValueHere(motd, 100, [new SourcePlace("/etc/nixos/configuration.nix", null), new SourcePlace("/nix/store/x/y.nix", null)], null));

        var lined = DefinitionLines.In(here, file => file.StartsWith("/etc", StringComparison.Ordinal) ? Text : null);

        Assert.Equal([new SourcePlace("/etc/nixos/configuration.nix", 18), new SourcePlace("/nix/store/x/y.nix", null)], lined[motd].Files);
    }
}
