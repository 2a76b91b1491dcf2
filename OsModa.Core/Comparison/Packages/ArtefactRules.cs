using System.Collections.Immutable;
using static OsModa.Core.Comparison.Packages.ArtefactKind;

namespace OsModa.Core.Comparison.Packages;

/// <summary>All names by which an artefact of the configuration is known, one rule a row, the first that fits counts.</summary>
public static class ArtefactRules
{
    /// <summary>The name of the tree that <c>environment.systemPackages</c> becomes.</summary>
    public const string SystemPathName = "system-path";

    public static ImmutableArray<ArtefactRule> All { get; } =
    [
        new(ArtefactKind.System, "nixos-system-", Versioned: true),               // top-level: host name and label of the version
        new(SystemPath, SystemPathName, Whole: true),                             // buildEnv of environment.systemPackages

        new(UnitScripts, "unit-script-"),                                         // script, preStart, postStop of a service: before "unit-"
        new(Units, "unit-"),                                                      // one folder a unit, with the file of that name in it
        new(Triggers, "X-Restart-Triggers-"),                                     // restartTriggers: a file whose hash is the trigger
        new(Triggers, "X-Reload-Triggers-"),                                      // reloadTriggers, likewise
        new(Units, "system-units", Whole: true),                                  // the folders of links to units
        new(Units, "user-units", Whole: true),
        new(Units, "initrd-units", Whole: true),
        new(Units, "system-generators", Whole: true),                             // systemd.generators
        new(Units, "user-generators", Whole: true),
        new(Units, "system-shutdown", Whole: true),                               // systemd.shutdown
        new(Units, Suffix: ".service", OnlyWithoutVersion: true),                 // units and D-Bus services written as plain files
        new(Units, Suffix: ".socket", OnlyWithoutVersion: true),
        new(Units, Suffix: ".timer", OnlyWithoutVersion: true),
        new(Units, Suffix: ".mount", OnlyWithoutVersion: true),
        new(Units, Suffix: ".target", OnlyWithoutVersion: true),

        new(Users, "users-groups.json", Whole: true),                             // what update-users-groups.pl reads: users.users, users.groups
        new(Users, Suffix: ".pam", OnlyWithoutVersion: true),                     // security.pam.services

        new(Etc, "etc", Whole: true),                                             // the tree of links below /etc
        new(Etc, "etc-"),                                                         // environment.etc with a text
        new(Etc, "dbus-1", Whole: true),                                          // tree of services.dbus.packages
        new(Etc, "udev-rules", Whole: true),                                      // tree of services.udev.packages
        new(Etc, "hwdb.bin", Whole: true),                                        // udev's data base made of them
        new(Etc, "tmpfiles.d", Whole: true),                                      // systemd.tmpfiles
        new(Etc, "set-environment", Whole: true),                                 // environment.variables

        new(Home, "hm_"),                                                         // home.file with a text: "hm_" and its path
        new(Home, "home-manager-files", Whole: true),
        new(Home, "home-manager-path", Whole: true),
        new(Home, "home-manager-generation", Whole: true),

        new(Activation, "stage-1-init.sh", Whole: true),                          // boot.initrd, without systemd in it
        new(Activation, "stage-2-init.sh", Whole: true),                          // boot.postBootCommands
        new(Activation, "local-cmds", Whole: true),
        new(Activation, "activation-script", Whole: true),                        // home-manager
        new(Activation, "boot.json", Whole: true),                                // bootspec
        new(Activation, "ensure-all-wrappers-paths-exist", Whole: true),          // security.wrappers

        new(UnitScripts, Suffix: "-start", OnlyWithoutVersion: true),             // pre-start and post-start too
        new(UnitScripts, Suffix: "-stop", OnlyWithoutVersion: true),
        new(UnitScripts, Suffix: "-reload", OnlyWithoutVersion: true),

        new(Settings, Suffix: ".conf-final", OnlyWithoutVersion: true),           // sshd.conf after its check
        new(Settings, Suffix: ".conf", OnlyWithoutVersion: true),                 // pkgs.writeText and pkgs.formats by what programs read
        new(Settings, Suffix: ".rules", OnlyWithoutVersion: true),
        new(Settings, Suffix: ".json", OnlyWithoutVersion: true),
        new(Settings, Suffix: ".yaml", OnlyWithoutVersion: true),
        new(Settings, Suffix: ".yml", OnlyWithoutVersion: true),
        new(Settings, Suffix: ".toml", OnlyWithoutVersion: true),
        new(Settings, Suffix: ".ini", OnlyWithoutVersion: true),
        new(Settings, Suffix: ".cfg", OnlyWithoutVersion: true),
    ];

    /// <summary>The rule for a name; null for the name of a package.</summary>
    public static ArtefactRule? Find(ReadOnlySpan<char> name)
    {
        foreach (var rule in All)
        {
            if (rule.Fits(name))
            {
                return rule;
            }
        }

        return null;
    }
}
