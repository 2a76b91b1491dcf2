# Programs and files.
{ config, lib, ... }:
let
  inherit (builtins) attrNames listToAttrs map;
  inherit (lib) mkOption types;
  etc = config.environment.etc;
in
{
  options = {
    environment.systemPackages = mkOption { type = types.listOf types.package; default = [ ]; description = "Programs that everybody on the server finds."; };
    environment.etc = mkOption {
      type = types.attrsOf (types.submodule { options.text = mkOption { type = types.lines; description = "What is in the file."; }; });
      default = { };
      description = "Files below /etc.";
    };
    users.motd = mkOption { type = types.nullOr types.lines; default = null; description = "What people read when they log in."; };
  };

  config.lab.files = listToAttrs (map (name: { inherit name; value = etc.${name}.text; }) (attrNames etc)) // (if config.users.motd == null then { } else { motd = config.users.motd; });
}
