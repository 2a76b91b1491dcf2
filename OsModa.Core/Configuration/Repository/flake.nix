# One system for each folder in servers/. Made once; yours to change.
{
  inputs.nixpkgs.url = "nixpkgs";

  outputs = { nixpkgs, ... }: {
    nixosConfigurations = builtins.mapAttrs
      (name: _: nixpkgs.lib.nixosSystem { modules = [ (./servers + "/${name}") ]; })
      (builtins.readDir ./servers);
  };
}
