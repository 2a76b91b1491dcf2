# What the checks ask of a system. `source` is "channel" (place: a configuration) or "flake" (place: its folder, name: of the system in it);
# `extra` is a module to be added to a flake's own, or "". `paths` is a JSON array of the names of options.
{ source, place, name ? "", extra ? "", paths ? "[ ]", part }:
let
  inherit (builtins) all attrNames elem filter foldl' fromJSON isAttrs isList isString map seq tryEval;

  flake = (builtins.getFlake "path:${place}").nixosConfigurations;
  system =
    if source == "channel" then import <nixpkgs/nixos> { configuration = /. + place; }
    else if !(flake ? ${name}) then throw "The flake has no nixosConfigurations.${name}; it has: ${builtins.concatStringsSep ", " (attrNames flake)}."
    else if extra == "" then flake.${name}
    else flake.${name}.extendModules { modules = [ (/. + extra) ]; };
  inherit (system) config;

  # Whole where it is data; a package is only named, or its own insides would be walked through.
  sound = depth: value:
    if depth == 0 then true
    else if isList value then all (sound (depth - 1)) value
    else if !(isAttrs value) then seq value true
    else if value.type or null == "derivation" then isString (value.name or "")
    else all (member: sound (depth - 1) value.${member}) (attrNames value);
  at = path: foldl' (set: member: if isAttrs set && set ? ${member} then set.${member} else throw "The option `${builtins.concatStringsSep "." path}' does not exist.") config path;

  held = tryEval (all (entry: seq entry.assertion (isString entry.message)) config.assertions);
  failed = if held.success then map (entry: entry.message) (filter (entry: !entry.assertion) config.assertions) else [ ];
  warned = tryEval (all isString config.warnings);
in
{
  # One for each path: it has a value.
  each = map (path: (tryEval (sound 16 (at path))).success) (fromJSON paths);
  # All of them, and the words of the first that has none.
  every = all (path: sound 16 (at path)) (fromJSON paths);
  whole = {
    inherit failed;
    warnings = if warned.success then config.warnings else [ ];
    derivation = if failed == [ ] then config.system.build.toplevel.drvPath else null;
  };
}.${part}
