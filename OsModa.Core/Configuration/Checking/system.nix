# What the checks ask of a system. `source` is "channel" (place: a configuration) or "flake" (place: its folder, name: of the system in it);
# `extra` is a module to be added to a flake's own, or "". `paths` is a JSON array of the names of options; `settings` is the document of the form
# that sets them, or "".
{ source, place, name ? "", extra ? "", settings ? "", paths ? "[ ]", part }:
let
  inherit (builtins) all attrNames elemAt filter foldl' fromJSON genList head isAttrs isList isString length listToAttrs map match pathExists readFile seq stringLength substring toJSON tryEval;

  flake = (builtins.getFlake "path:${place}").nixosConfigurations;
  system =
    if source == "channel" then import <nixpkgs/nixos> { configuration = /. + place; }
    else if !(flake ? ${name}) then throw "The flake has no nixosConfigurations.${name}; it has: ${builtins.concatStringsSep ", " (attrNames flake)}."
    else if extra == "" then flake.${name}
    else flake.${name}.extendModules { modules = [ (/. + extra) ]; };
  inherit (system) config;

  # As deep as the form says it, and no deeper. What NixOS puts around that is lazy, and may have no value on purpose: the set of a kernel's packages
  # holds names that throw, and a member without a default is only asked for where it is needed.
  said = listToAttrs (map (entry: { name = toJSON entry.path; inherit (entry) value; }) (if settings == "" || !(pathExists settings) then [ ] else (fromJSON (readFile settings)).settings));
  isTagged = value: length (attrNames value) == 1 && match "[$][^$].*" (head (attrNames value)) != null;
  member = name: if match "[$][$].*" name != null then substring 1 (stringLength name) name else name;
  sound = form: value:
    if isList value then
      # Others may add to a list: then which element is whose cannot be told.
      if isList form && length form == length value then all (index: sound (elemAt form index) (elemAt value index)) (genList (index: index) (length form))
      else all (element: seq element true) value
    else if isAttrs value && isAttrs form && !(isTagged form) then all (name: !(value ? ${member name}) || sound form.${name} value.${member name}) (attrNames form)
    else seq value true;
  # What NixOS makes of an option may lack a member that was set: a variable that is null, a list instead of a set. What is no option is a mistake.
  isOption = tree: isAttrs tree && tree._type or null == "option";
  leadsIntoOption = path: isOption (foldl' (tree: member: if isOption tree then tree else if isAttrs tree then tree.${member} or null else null) (system.options or { }) path);
  at = path: foldl' (set: member: if isAttrs set && set ? ${member} then set.${member} else if leadsIntoOption path then null else throw "The option `${builtins.concatStringsSep "." path}' does not exist.") config path;
  holds = path: sound (said.${toJSON path} or null) (at path);

  # A message is only looked at where it is needed: many name what is there only then.
  held = tryEval (all (entry: entry.assertion || isString entry.message) config.assertions);
  failed = if held.success then map (entry: entry.message) (filter (entry: !entry.assertion) config.assertions) else [ ];
  warned = tryEval (all isString config.warnings);
in
{
  # The lock of a flake names each input that the flake does: one that came later has no version yet.
  pinned =
    let lock = fromJSON (readFile "${place}/flake.lock");
    in all (input: lock.nodes.${lock.root}.inputs.${input} or null != null) (attrNames ((import (/. + "${place}/flake.nix")).inputs or { }));
  # One for each path: it has a value.
  each = map (path: (tryEval (holds path)).success) (fromJSON paths);
  # All of them, and the words of the first that has none.
  every = all holds (fromJSON paths);
  whole = {
    inherit failed;
    warnings = if warned.success then config.warnings else [ ];
    derivation = if failed == [ ] then config.system.build.toplevel.drvPath else null;
  };
}.${part}
