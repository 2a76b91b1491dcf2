# answer.nix { part }: what schema.nix of the product tells of options.nix and configuration.nix; part is schema or set.
{ part, schema ? ../../OsModa.Core/Configuration/Schema/schema.nix, lab ? ../../lab/options/lib.nix }:
let
  lib = import lab { };
  options = args: { _file = "nixos/modules"; } // import ./options.nix args;
in
import schema { inherit part; inherit (lib.evalModules { modules = [ options ./configuration.nix ]; }) options; }
