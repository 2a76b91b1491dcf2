# What every system has, and how it is put together.
{ config, lib, ... }:
let
  inherit (builtins) concatStringsSep filter foldl' isAttrs map mapAttrs trace;
  inherit (lib) mkOption types;
  failed = map (entry: entry.message) (filter (entry: !entry.assertion) config.assertions);
  warned = result: foldl' (rest: warning: trace "warning: ${warning}" rest) result config.warnings;
  merge = old: new: old // mapAttrs (name: value: if isAttrs value && isAttrs (old.${name} or null) && value.type or "" != "derivation" then merge old.${name} value else value) new;
  history = config.lab.history;
  generation = history // {
    units = p: merge ((history.units or (_: { })) p) config.systemd.units;
    files = history.files or { } // config.lab.files;
    more = p: (history.more or (_: [ ])) p ++ config.environment.systemPackages;
  } // (if config.boot.kernelVersion == null then { } else { kernel = config.boot.kernelVersion; })
    // (if config.system.configurationRevision == null then { } else { inherit (config.system) configurationRevision; });
in
{
  options = {
    lab.recipes = mkOption { type = types.unspecified; internal = true; };
    lab.generation = mkOption { type = types.ints.unsigned; default = 0; description = "Which generation of its history this system stands on; 0 for the one that a fresh server runs."; };
    lab.history = mkOption { type = types.unspecified; readOnly = true; internal = true; };
    lab.files = mkOption { type = types.attrsOf types.str; default = { }; internal = true; };
    assertions = mkOption { type = types.listOf types.unspecified; default = [ ]; internal = true; example = [{ assertion = false; message = "you can't enable this for that reason"; }]; description = "What has to hold before the system is built."; };
    warnings = mkOption { type = types.listOf types.str; default = [ ]; internal = true; description = "What is said when the system is built."; };
    boot.kernelVersion = mkOption { type = types.nullOr (types.enum [ "6.6.32" "6.6.94" ]); default = null; description = "Which kernel; null for the one of the release."; };
    systemd.units = mkOption { type = types.attrsOf types.attrs; default = { }; description = "Sections and keys of units, by the name of the unit."; };
    system.stateVersion = mkOption { type = types.str; default = "25.05"; description = "The release that this server was installed with."; };
    system.configurationRevision = mkOption { type = types.nullOr types.str; default = null; description = "The commit of the configuration."; };
    system.build.toplevel = mkOption { type = types.unspecified; readOnly = true; internal = true; };
  };

  config = {
    lab.history = config.lab.recipes.historyOf config.lab.generation;
    system.build.toplevel =
      if failed == [ ] then warned (config.lab.recipes.systemOf generation)
      else throw "\nFailed assertions:\n${concatStringsSep "\n" (map (message: "- ${message}") failed)}";
  };
}
