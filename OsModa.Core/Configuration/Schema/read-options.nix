# Where a server's options come from, and what is asked of them. `source` is "flake" (place, name), "file" (place) or "channel" (place: a configuration,
# or "" for the server's own); `extra` is a module to be added to a flake's own, or "". As system.nix takes a system for the checks.
{ schema, source, place ? "", name ? "", extra ? "", part, under, range ? "", bare, count }:
let
  flake = builtins.getFlake place;
  system =
    if source == "flake" then
      (if !(flake.nixosConfigurations ? ${name}) then throw "The flake has no nixosConfigurations.${name}; it has: ${builtins.concatStringsSep ", " (builtins.attrNames flake.nixosConfigurations)}."
      else if extra == "" then flake.nixosConfigurations.${name}
      else flake.nixosConfigurations.${name}.extendModules { modules = [ (/. + extra) ]; })
    else if source == "file" then import place { }
    else import <nixpkgs/nixos> (if place == "" then { } else { configuration = /. + place; });
in
# Where the files that are named lie: a flake is copied before it is evaluated.
if part == "/root" then (if source == "flake" then flake.outPath else "")
else import schema {
  inherit system;
  inherit (system) options;
  inherit part count bare range;
  under = builtins.map builtins.fromJSON (builtins.filter (word: builtins.isString word && word != "") (builtins.split "," under));
}
