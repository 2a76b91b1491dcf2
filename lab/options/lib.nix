# lib.nix { vintage }: what a module of the lab gets as `lib`. See modules.nix.
{ vintage ? "now" }:
let
  modules = import ./modules.nix { inherit lib; };
  lib = {
    inherit (modules) evalModules;
    types = import ./types.nix { inherit lib modules vintage; };
    mkOption = option: { _type = "option"; } // option;
    mkEnableOption = name: lib.mkOption { type = lib.types.bool; default = false; example = true; description = "Whether to enable ${name}."; };
    mkMerge = contents: { _type = "merge"; inherit contents; };
    mkIf = condition: content: { _type = "if"; inherit condition content; };
    mkOverride = priority: content: { _type = "override"; inherit priority content; };
    mkForce = lib.mkOverride 50;
    mkDefault = lib.mkOverride 1000;
    literalExpression = text: { _type = "literalExpression"; inherit text; };
    isDerivation = value: value.type or null == "derivation";
    importJSON = file: builtins.fromJSON (builtins.readFile file);
    setAttrByPath = path: value: if path == [ ] then value else { ${builtins.head path} = lib.setAttrByPath (builtins.tail path) value; };
  };
in
lib
