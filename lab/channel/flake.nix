{
  outputs = _: { lib = import ./options/lib.nix { } // { nixosSystem = { modules, system ? "x86_64-linux" }: import ./nixos { inherit modules system; }; }; };
}
