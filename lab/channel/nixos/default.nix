# As nixpkgs/nixos/default.nix: a configuration, and the system that comes of it.
{ configuration ? <nixos-config>, modules ? [ configuration ], system ? "x86_64-linux" }:
let
  lib = import ../options/lib.nix { };
  recipes = import ../recipes/default.nix (import ../arguments.nix);
  evaluated = lib.evalModules {
    specialArgs = { inherit pkgs; modulesPath = toString ../modules; };
    modules = [ ../modules/system.nix ../modules/services.nix ../modules/agents.nix ../modules/web.nix ../modules/environment.nix { lab = { inherit recipes; }; } ] ++ modules;
  };
  pkgs = recipes.packagesOf evaluated.config.lab.history;
in
{
  inherit pkgs;
  inherit (evaluated) config options;
  extendModules = more: import ./. { modules = modules ++ more.modules; };
  system = evaluated.config.system.build.toplevel;
}
