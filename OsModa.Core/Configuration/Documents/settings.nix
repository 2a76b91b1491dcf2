# Applies settings.json, the document of the form, which lies beside this file. The document is data: nothing in it is ever parsed as Nix.
# Two tagged values go beyond JSON: { "$package": [ "a" "b" ] } is pkgs.a.b, and { "$expression": "0123456789abcdef" } is the file of that
# name in expressions/, a function of { config, lib, options, pkgs }. A member's name that begins with $ has one $ more in the document.
{ config, lib, options, pkgs, ... }:
let
  inherit (builtins) attrNames elem foldl' fromJSON head isAttrs isInt isList isString length listToAttrs map match readFile stringLength substring;

  document = fromJSON (readFile ./settings.json);
  entries = if document.format or null == 1 then document.settings else throw "settings.json is of a format that this file does not know.";
  tag = value: if length (attrNames value) == 1 && match "[$][^$].*" (head (attrNames value)) != null then head (attrNames value) else null;

  package = path: foldl' (set: name: set.${name} or (throw "There is no package pkgs.${builtins.concatStringsSep "." path}.")) pkgs path;
  expression = name:
    if isString name && match "[0-9a-f]{16}" name != null
    then import (./expressions + "/${name}.nix") { inherit config lib options pkgs; }
    else throw "settings.json names an expression that cannot be one of ours.";

  member = name:
    if name == "_type" then throw "settings.json has a value with a member `_type', which the module system would not take as data."
    else if match "[$][$].*" name != null then substring 1 (stringLength name) name
    else name;
  decode = value:
    if isList value then map decode value
    else if !(isAttrs value) then value
    else if tag value == "$package" then package value."$package"
    else if tag value == "$expression" then expression value."$expression"
    else listToAttrs (map (name: { name = member name; value = decode value.${name}; }) (attrNames value));

  # 100 is what a definition has that says nothing of it. Said nevertheless, it would stand around the value where Nix shows what is wrong with it.
  strong = priority: value: if priority == 100 then value else lib.mkOverride priority value;
  # What a person typed may say when it holds, or how strong it is. Nixpkgs sees that on the outside only.
  weighed = priority: value:
    let type = if isAttrs value then value._type or null else null; in
    if type == "merge" then lib.mkMerge (map (weighed priority) value.contents)
    else if type == "if" then lib.mkIf value.condition (weighed priority value.content)
    else if type == "override" then value
    else strong priority value;
  isTyped = value: isAttrs value && tag value == "$expression";

  apply = entry:
    if elem "_module" entry.path || elem "_type" entry.path || entry.path == [ ] then throw "settings.json sets an option that is the module system's own."
    else if !(isInt (entry.priority or 100)) then throw "settings.json has a priority that is not a whole number."
    else lib.setAttrByPath entry.path ((if isTyped entry.value then weighed else strong) (entry.priority or 100) (decode entry.value));
in
{
  _file = toString ./settings.json;
  config = lib.mkMerge (map apply entries);
}
