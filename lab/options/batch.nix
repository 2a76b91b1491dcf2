# Many options of one type, each set by the document beside the module in `folder`. What comes of them is told so that nothing is lost on
# the way: floats as a whole number and a power of two, because Nix prints six digits of them.
{ type, count, folder }:
let
  lib = import ./lib.nix { };
  package = name: { type = "derivation"; inherit name; outPath = "/nix/store/00000000000000000000000000000000-${name}"; };
  pkgs = { htop = package "htop"; nginx = package "nginx"; python3Packages.requests = package "python3Packages.requests"; };
  types = builtins.mapAttrs (_: option: option.type) (lib.evalModules { modules = [ ./options.nix ]; }).options.every;
  options = builtins.listToAttrs (builtins.genList (n: { name = "v${toString n}"; value = lib.mkOption { type = types.${type}; }; }) count);
  result = (lib.evalModules { specialArgs = { inherit pkgs; }; modules = [{ options.batch = options; } (folder + "/settings.nix")]; }).config.batch;

  exact = exponent: x:
    let size = if x < 0 then 0 - x else x; in
    if x == 0.0 then [ 0 0 ]
    else if size >= 9007199254740992.0 then exact (exponent + 1) (x / 2)
    else if size < 4503599627370496.0 then exact (exponent - 1) (x * 2)
    else [ (builtins.floor x) exponent ];
  told = value:
    if builtins.isFloat value then { "$float" = exact 0 value; }
    else if builtins.isList value then map told value
    else if !(builtins.isAttrs value) then value
    else if value.type or null == "derivation" then { "$package" = value.name; }
    else builtins.listToAttrs (map (name: { name = "=" + name; value = told value.${name}; }) (builtins.attrNames value));
in
builtins.genList (n: told result."v${toString n}") count
