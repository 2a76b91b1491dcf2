# Where a server's options come from, and what is asked of them. `source` is "flake" (place, name), "file" (place) or "channel".
{ schema, source, place ? "", name ? "", part, under, bare, count }:
let
  system =
    if source == "flake" then (builtins.getFlake place).nixosConfigurations.${name}
    else if source == "file" then import place { }
    else import <nixpkgs/nixos> { };
in
import schema {
  inherit system;
  inherit (system) options;
  inherit part count bare;
  under = builtins.map builtins.fromJSON (builtins.filter (word: builtins.isString word && word != "") (builtins.split "," under));
}
