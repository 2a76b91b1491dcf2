# A system of the lab: every option, what a person wrote by hand, and what else is named. See README.md of lab/.
{ vintage ? "now", modules ? [ ], handWritten ? true }:
let
  lib = import ./lib.nix { inherit vintage; };
  package = name: { type = "derivation"; inherit name; outPath = "/nix/store/00000000000000000000000000000000-${name}"; };
  pkgs = { htop = package "htop-3.3.0"; nginx = package "nginx-1.26.2"; python3Packages.requests = package "python3-requests-2.32.3"; };
in
lib.evalModules {
  specialArgs = { inherit pkgs; };
  modules = [ ./options.nix ] ++ (if handWritten then [ ./hand-written.nix ] else [ ]) ++ modules;
}
