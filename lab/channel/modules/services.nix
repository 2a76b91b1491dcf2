# Services as every NixOS has them: options that become units of systemd.
{ config, lib, pkgs, ... }:
let
  inherit (builtins) attrNames concatMap concatStringsSep filter isBool isList listToAttrs map mapAttrs replaceStrings toJSON;
  inherit (lib) mkOption types;
  services = config.systemd.services;

  said = value: if isList value then map said value else if isBool value then (if value then "true" else "false") else value;
  words = key: list: if list == [ ] then { } else { ${key} = concatStringsSep " " list; };
  programs = path: concatStringsSep ":" (concatMap (package: [ "${package}/bin" "${package}/sbin" ]) (path ++ [ pkgs.coreutils pkgs.findutils pkgs.gnugrep pkgs.gnused pkgs.systemd ]));
  variables = environment: map (key: replaceStrings [ "%" ] [ "%%" ] (toJSON "${key}=${environment.${key}}")) (filter (key: environment.${key} != null) (attrNames environment));
  unit = name:
    let service = services.${name}; in
    {
      name = "${name}.service";
      value = {
        inherit (service) wantedBy;
        Unit = (if service.description == "" then { } else { Description = service.description; })
          // words "After" service.after // words "Wants" service.wants // words "Requires" service.requires // mapAttrs (_: said) service.unitConfig;
        Service = { Environment = variables ({ PATH = programs service.path; } // service.environment); }
          // (if service.script == "" then { } else { ExecStart = "/bin/sh -e ${config.lab.recipes.textFile "${name}-start" service.script}"; })
          // mapAttrs (_: said) service.serviceConfig;
      };
    };

  keys = types.attrsOf (types.anything // { name = "systemd option"; description = "systemd option"; });
  others = description: mkOption { inherit description; type = types.listOf types.str; default = [ ]; };
  service = types.submodule {
    options = {
      enable = mkOption { type = types.bool; default = true; description = "Whether there is this unit."; };
      description = mkOption { type = types.singleLineStr; default = ""; description = "What systemd calls it in its messages."; };
      wantedBy = others "Units that start it, such as multi-user.target.";
      after = others "Units that it waits for when both are started.";
      wants = others "Units that are started with it.";
      requires = others "Units that it cannot be without.";
      unitConfig = mkOption { type = keys; default = { }; description = "Keys of the section [Unit]."; };
      serviceConfig = mkOption { type = keys; default = { }; example = { RestartSec = 5; }; description = "Keys of the section [Service]."; };
      environment = mkOption { type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ])); default = { }; description = "Variables that it sees."; };
      path = mkOption { type = types.listOf (types.oneOf [ types.package types.str ]); default = [ ]; description = "Packages whose programs it finds."; };
      script = mkOption { type = types.lines; default = ""; description = "Commands of shell that are its main process."; };
    };
  };
in
{
  options.systemd.services = mkOption { type = types.attrsOf service; default = { }; description = "Services, by name."; };

  config.systemd.units = listToAttrs (map unit (filter (name: services.${name}.enable) (attrNames services)));
}
