# Programs and files.
{ config, lib, ... }:
let
  inherit (builtins) attrNames listToAttrs map;
  inherit (lib) mkOption types;
  etc = config.environment.etc;
in
{
  options = {
    lab.slow = mkOption {
      type = types.nullOr (types.submodule {
        options = {
          seconds = mkOption { type = types.ints.unsigned; default = 5; description = "How long it takes to build."; };
          lines = mkOption { type = types.ints.positive; default = 5; description = "How many lines it tells meanwhile."; };
          fails = mkOption { type = types.str; default = ""; description = "The mistake that it ends with; empty for none."; };
          salt = mkOption { type = types.str; default = ""; description = "Makes another package of it."; };
        };
      });
      default = null;
      description = "A package that takes its time to build.";
    };
    environment.systemPackages = mkOption { type = types.listOf types.package; default = [ ]; description = "Programs that everybody on the server finds."; };
    environment.etc = mkOption {
      type = types.attrsOf (types.submodule { options.text = mkOption { type = types.lines; description = "What is in the file."; }; });
      default = { };
      description = "Files below /etc.";
    };
    users.motd = mkOption { type = types.nullOr types.lines; default = null; description = "What people read when they log in."; };
  };

  config.environment.systemPackages = lib.mkIf (config.lab.slow != null) [
    (config.lab.recipes.slow { inherit (config.lab.slow) fails salt; seconds = toString config.lab.slow.seconds; lines = toString config.lab.slow.lines; })
  ];
  config.lab.files = listToAttrs (map (name: { inherit name; value = etc.${name}.text; }) (attrNames etc)) // (if config.users.motd == null then { } else { motd = config.users.motd; });
}
