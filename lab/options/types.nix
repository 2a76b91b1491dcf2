# Types of options for modules.nix, told of themselves as nixpkgs does: in `functor.payload` and `nestedTypes` (vintage "now"), or as
# releases before 24.11 do it: bare payloads, `functor.wrapped`, patterns in the name only (vintage "then").
{ lib, modules, vintage }:
let
  inherit (builtins) all attrNames concatLists concatMap concatStringsSep elem elemAt filter foldl' genList head isAttrs isBool isFloat isFunction isInt isList isString length listToAttrs map mapAttrs match substring toJSON toString;
  now = vintage == "now";
  values = map (definition: definition.value);

  mkType = { name, description ? name, check ? (_: true), merge ? one, nestedTypes ? { }, payload ? null, wrapped ? null, getSubOptions ? (_: { }) }: {
    _type = "option-type";
    inherit name description check merge getSubOptions;
    functor = { inherit name; payload = payload; wrapped = if now then null else wrapped; };
  } // (if now then { inherit nestedTypes; } else { });

  one = loc: definitions: if length definitions == 1 then (head definitions).value else throw "The option `${concatStringsSep "." loc}' is defined multiple times.";
  equal = loc: definitions: foldl' (first: value: if value == first then first else throw "The option `${concatStringsSep "." loc}' has conflicting definition values.") (head (values definitions)) (values definitions);
  nested = loc: type: definition: (modules.settle loc type (modules.discharge definition.file 100 definition.value)).value;
  bounded = name: description: low: high: mkType { inherit name description; check = x: isInt x && x >= low && x <= high; merge = equal; };
  unsigned = bits: high: bounded "unsignedInt${toString bits}" "${toString bits} bit unsigned integer; between 0 and ${toString high} (both inclusive)" 0 high;
in
rec {
  unspecified = mkType { name = "unspecified"; description = "unspecified value"; };
  raw = mkType { name = "raw"; description = "raw value"; };
  anything = mkType { name = "anything"; merge = loc: definitions: if isAttrs (head definitions).value then foldl' (a: b: a // b) { } (values definitions) else equal loc definitions; };
  bool = mkType { name = "bool"; description = "boolean"; check = isBool; merge = equal; };
  int = mkType { name = "int"; description = "signed integer"; check = isInt; merge = equal; };
  float = mkType { name = "float"; description = "floating point number"; check = isFloat; merge = equal; };
  number = either int float;
  numbers.between = low: high: number // {
    name = "numberBetween";
    description = "integer or floating point number between ${toJSON low} and ${toJSON high} (both inclusive)";
    check = x: number.check x && x >= low && x <= high;
  };
  port = ints.u16;
  ints = {
    between = low: high: bounded "intBetween" "integer between ${toString low} and ${toString high} (both inclusive)" low high;
    unsigned = mkType { name = "unsignedInt"; description = "unsigned integer, meaning >=0"; check = x: isInt x && x >= 0; merge = equal; };
    positive = mkType { name = "positiveInt"; description = "positive integer, meaning >0"; check = x: isInt x && x > 0; merge = equal; };
    u8 = unsigned 8 255;
    u16 = unsigned 16 65535;
  };
  str = mkType { name = "str"; description = "string"; check = isString; merge = equal; };
  nonEmptyStr = mkType { name = "nonEmptyStr"; description = "non-empty string"; check = x: isString x && match "[ \t\n]*" x == null; merge = equal; };
  singleLineStr = mkType { name = "singleLineStr"; description = "(optionally newline-terminated) single-line string"; check = x: isString x && match "[^\n\r]*\n?" x != null; merge = equal; };
  strMatching = pattern: mkType {
    name = "strMatching ${toJSON pattern}";
    description = "string matching the pattern ${pattern}";
    check = x: isString x && match pattern x != null;
    merge = equal;
    payload = if now then { inherit pattern; } else null;
  };
  separatedString = sep: mkType {
    name = "separatedString";
    description = "strings concatenated with ${toJSON sep}";
    check = isString;
    merge = _: definitions: concatStringsSep sep (values definitions);
    payload = if now then { inherit sep; } else sep;
  };
  lines = separatedString "\n";
  commas = separatedString ",";
  passwdEntry = entry: entry // { name = "passwdEntry ${entry.name}"; description = "${entry.description}, not containing newlines or colons"; check = x: entry.check x && match "[^:\n]*" x != null; };
  path = mkType { name = "path"; description = "path"; check = x: (isString x || builtins.isPath x || x ? outPath) && substring 0 1 (toString x) == "/"; merge = equal; };
  package = mkType { name = "package"; check = x: isAttrs x && x.type or null == "derivation"; };
  attrs = mkType { name = "attrs"; description = "attribute set"; check = isAttrs; merge = _: definitions: foldl' (a: b: a // b) { } (values definitions); };
  enum = list: mkType { name = "enum"; description = "one of ${concatStringsSep ", " (map toJSON list)}"; check = x: elem x list; merge = equal; payload = if now then { values = list; } else list; };
  listOf = elemType: mkType {
    name = "listOf";
    description = "list of ${elemType.description}";
    check = isList;
    merge = loc: definitions: concatMap (definition: map (value: nested (loc ++ [ "*" ]) elemType { inherit (definition) file; inherit value; }) definition.value) definitions;
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "*" ]);
    nestedTypes = { inherit elemType; };
    payload = if now then { inherit elemType; } else null;
    wrapped = elemType;
  };
  attrsOf = elemType: mkType {
    name = "attrsOf";
    description = "attribute set of ${elemType.description}";
    check = isAttrs;
    merge = loc: definitions:
      let
        names = attrNames (foldl' (a: b: a // b) { } (values definitions));
        at = name: concatMap (definition: if definition.value ? ${name} then modules.discharge definition.file 100 definition.value.${name} else [ ]) definitions;
      in
      listToAttrs (map (name: { inherit name; value = (modules.settle (loc ++ [ name ]) elemType (at name)).value; }) names);
    getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<name>" ]);
    nestedTypes = { inherit elemType; };
    payload = if now then { inherit elemType; lazy = false; placeholder = "name"; } else null;
    wrapped = elemType;
  };
  lazyAttrsOf = elemType: attrsOf elemType // { name = "lazyAttrsOf"; description = "lazy attribute set of ${elemType.description}"; };
  nonEmptyListOf = elemType: listOf elemType // { description = "non-empty list of ${elemType.description}"; check = x: isList x && x != [ ]; };
  uniq = elemType: mkType {
    name = "unique";
    inherit (elemType) description check getSubOptions;
    merge = loc: definitions: if length definitions == 1 then elemType.merge loc definitions else one loc definitions;
    nestedTypes = { inherit elemType; };
    wrapped = elemType;
  };
  attrTag = tags: mkType {
    name = "attrTag";
    description = "attribute-tagged union";
    check = x: isAttrs x && length (attrNames x) == 1 && tags ? ${head (attrNames x)};
    merge = loc: definitions:
      let tag = head (attrNames (head definitions).value); in
      { ${tag} = tags.${tag}.type.merge (loc ++ [ tag ]) (concatMap (definition: modules.discharge definition.file 100 definition.value.${tag}) definitions); };
    getSubOptions = prefix: mapAttrs (tag: option: { ${concatStringsSep "." prefix} = option // { loc = prefix ++ [ tag ]; }; }) tags;
    nestedTypes = tags;
    payload = { inherit tags; };
  };
  nullOr = elemType: mkType {
    name = "nullOr";
    description = "null or ${elemType.description}";
    check = x: x == null || elemType.check x;
    merge = loc: definitions: if all (value: value == null) (values definitions) then null else elemType.merge loc definitions;
    getSubOptions = elemType.getSubOptions;
    nestedTypes = { inherit elemType; };
    wrapped = elemType;
  };
  either = left: right: mkType {
    name = "either";
    description = "${left.description} or ${right.description}";
    check = x: left.check x || right.check x;
    merge = loc: definitions: if all left.check (values definitions) then left.merge loc definitions else right.merge loc definitions;
    nestedTypes = { inherit left right; };
    wrapped = [ left right ];
  };
  oneOf = types: foldl' either (head types) (builtins.tail types);
  coercedTo = coercedType: coerce: finalType: mkType {
    name = "coercedTo";
    description = "${finalType.description} or ${coercedType.description} convertible to it";
    check = x: coercedType.check x || finalType.check x;
    merge = loc: definitions: finalType.merge loc (map (definition: definition // { value = if coercedType.check definition.value then coerce definition.value else definition.value; }) definitions);
    nestedTypes = { inherit coercedType finalType; };
    wrapped = finalType;
  };
  functionTo = elemType: mkType { name = "functionTo"; description = "function that evaluates to a(n) ${elemType.description}"; check = isFunction; nestedTypes = { inherit elemType; }; wrapped = elemType; };
  submoduleWith = { modules, shorthandOnlyDefinesConfig ? false }@given:
    let
      evaluated = prefix: more: evalModules { inherit prefix; modules = given.modules ++ more; };
      freeformType = (evaluated [ ] [ ]).freeformType;
    in
    mkType {
      name = "submodule";
      check = x: isAttrs x || isFunction x || path.check x;
      merge = loc: definitions: (evaluated loc (map
        (definition:
          if shorthandOnlyDefinesConfig && isAttrs definition.value
          then { _file = definition.file; config = definition.value; }
          else { _file = definition.file; imports = [ definition.value ]; })
        definitions)).config;
      getSubOptions = prefix: (evaluated prefix [ ]).options // (if freeformType == null then { } else { _freeformOptions = freeformType.getSubOptions prefix; });
      nestedTypes = if freeformType == null then { } else { inherit freeformType; };
      payload = { inherit shorthandOnlyDefinesConfig; modules = given.modules; };
    };
  submodule = module: submoduleWith { modules = [ module ]; shorthandOnlyDefinesConfig = true; };
  inherit (modules) evalModules;
}
