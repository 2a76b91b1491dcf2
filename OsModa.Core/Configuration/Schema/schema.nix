# Tells of options as structure, for any module system in the shape of nixpkgs' lib.evalModules. Needs nothing but builtins.
#   options  the evaluated tree, as evalModules returns it
#   part     "schema": what there is; "set": what has a value that is not the option's own default, and where from; "lost": definitions
#            that count for nothing because stronger ones win, which the module system itself forgets
#   system   what evalModules returned as a whole: only "lost" asks for it
#   under    only options below this place: at each level the position among the names in order, such as [ 3 0 ]
#   range    of the names directly below `under` only those from one position up to before another, such as "0-12"; "" for all
#   bare     nothing is forced that a module may have written badly: no defaults, no examples, no values
#   count    instead of options, how many names there are directly below `under`; 0 below an option. Of "lost": how many modules
{ options, system ? { }, part ? "schema", under ? [ ], range ? "", bare ? false, count ? false, ... }:
let
  inherit (builtins) attrNames concatMap deepSeq elem elemAt filter foldl' functionArgs genList genericClosure head isAttrs isBool isFloat isFunction isInt isList isPath isString length map mapAttrs match stringLength toString tryEval;

  # Releases differ in what an option or a type has: everything is asked for with a way out. What throws counts as absent.
  tried = fallback: value: let result = tryEval (deepSeq value value); in if result.success then result.value else fallback;
  optional = name: value: if value == null then { } else { ${name} = value; };
  # A text is whole or absent: cut between the bytes of a character it would not be JSON any more.
  most = 16384;
  fits = text: stringLength text <= most;
  cut = text: if fits text then text else "";
  typeIs = type: value: isAttrs value && value._type or null == type;

  # A value as plain data, if it is; otherwise tagged with what it is instead. A member that throws is left out of its set: most are options of a
  # sub-module that nobody gave a value to.
  plain = depth: value:
    if value == null || isBool value || isInt value || isFloat value then value
    else if isString value then (if fits value then builtins.unsafeDiscardStringContext value else { "$other" = "long"; })
    else if isPath value then toString value
    else if isFunction value then { "$other" = "function"; }
    else if depth == 0 then { "$other" = "deep"; }
    else if isList value then (if length value > 1000 then { "$other" = "long"; } else map (shownTo (depth - 1)) value)
    else if (tryEval (value.type or null)).value == "derivation" then { "$other" = "package"; name = tried "package" (cut "${value.name or "package"}"); }
    else if value ? _type then { "$other" = tried "value" (if isString value._type then value._type else "value"); }
    # Looked into, these would be evaluated as a whole: the system of a container, a set of packages.
    else if (value ? assertions && value ? warnings) || value ? callPackage || value ? __unfix__ then { "$other" = "deep"; }
    else if length (attrNames value) > 1000 then { "$other" = "long"; }
    else builtins.listToAttrs (concatMap
      (name:
        let member = tryEval (plain (depth - 1) value.${name}); in
        if member.success then [{ name = if match "[$].*" name != null then "$" + name else name; inherit (member) value; }] else [ ])
      (attrNames value));
  shownTo = depth: value: let told = tryEval (plain depth value); in if told.success then told.value else { "$other" = "error"; };
  shown = shownTo 8;

  # Words for people: strings, or texts that say in what markup they are.
  words = value: if isString value then cut value else if isAttrs value && isString (value.text or null) then cut value.text else null;
  sample = value: tried { value = { "$other" = "error"; }; } (if isAttrs value && value ? _type && isString (value.text or null) then { text = cut value.text; } else { value = shown value; });

  payloadOf = type: (type.functor or { }).payload or null;
  wrappedOf = type: if (type.functor or { }) ? wrappedDeprecationMessage then null else (type.functor or { }).wrapped or null;
  # An attribute-tagged union nests options, everything else types.
  typeOfNested = nested: if typeIs "option" nested then nested.type or { name = "unspecified"; } else nested;
  nestedOf = type:
    let
      told = type.nestedTypes or { };
      wrapped = wrappedOf type;
    in
    if told != { } then mapAttrs (_: typeOfNested) told
    else if isAttrs (payloadOf type) && (payloadOf type) ? elemType then { inherit (payloadOf type) elemType; }
    else if isList wrapped && length wrapped == 2 then { left = head wrapped; right = elemAt wrapped 1; }
    else if isAttrs wrapped then (if type.name == "coercedTo" then { finalType = wrapped; } else { elemType = wrapped; })
    else { };

  typeTree = depth: type:
    let payload = payloadOf type; in
    { kind = cut (type.name or "unspecified"); says = cut (tried "" (type.description or "")); }
    // (if depth == 0 || nestedOf type == { } then { } else { sub = mapAttrs (_: nested: tried { kind = "unspecified"; } (typeTree (depth - 1) nested)) (nestedOf type); })
    // (if type.name or "" == "enum" then { values = shown (if isAttrs payload then payload.values or [ ] else payload); } else { })
    // (if isAttrs payload && isString (payload.pattern or null) then { inherit (payload) pattern; } else { })
    // (if isAttrs payload && isString (payload.sep or null) then { inherit (payload) sep; } else if type.name or "" == "separatedString" && isString payload then { sep = payload; } else { })
    // (if isAttrs payload && isString (payload.placeholder or null) then { inherit (payload) placeholder; } else { })
    // (if type.name or "" == "submodule" then { data = isAttrs payload && payload.shorthandOnlyDefinesConfig or false == true; } else { });

  # Options within a type, wherever in it a sub-module is. Types may nest themselves, as that of JSON does: `steps` ends it.
  within = depth: steps: loc: type:
    let
      nested = nestedOf type;
      name = type.name or "";
      into = place: inner: within depth (steps - 1) (loc ++ place) inner;
      placeholder = let payload = payloadOf type; in if isAttrs payload && isString (payload.placeholder or null) then payload.placeholder else "name";
    in
    if depth == 0 || steps == 0 then [ ]
    else if name == "submodule" || name == "deferredModule" then
      tried [ ] (walk (depth - 1) loc (removeAttrs (type.getSubOptions loc) [ "_module" "_freeformOptions" ]))
      ++ (if nested ? freeformType then into [ ] nested.freeformType else [ ])
    # Its kinds are options, and there is no other place that tells of them.
    else if name == "attrTag" then concatMap (tag: tried [ ] (described (depth - 1) (loc ++ [ tag ]) type.nestedTypes.${tag})) (attrNames nested)
    else if name == "listOf" then into [ "*" ] nested.elemType
    else if elem name [ "attrsOf" "lazyAttrsOf" "loaOf" ] then into [ "<${placeholder}>" ] nested.elemType
    else if name == "functionTo" then [ ]
    else concatMap (inner: into [ ] nested.${inner}) (attrNames nested);

  places = list: map cut (filter isString (map (place: if isAttrs place then place.file or null else if isPath place then toString place else place) list));
  positions = option: tried null (map (place: { file = cut (toString place.file); line = place.line or 0; }) (filter isAttrs (option.declarationPositions or [ ])));

  described = depth: loc: option:
    let
      type = option.type or { name = "unspecified"; description = "unspecified value"; };
      tree = tried { kind = "unspecified"; } (typeTree 12 type);
      holds = node: node.kind == "submodule" || builtins.any holds (builtins.attrValues (node.sub or { }));
      isInternal = tried false (option.internal or false == true);
      isHidden = tried false (option.visible or true == false);
      told = if tried true (option.visible or true == "shallow") then [ ] else within depth 16 loc type;
      # What is within an option that is not meant for people is not, either.
      inner = if isInternal || isHidden then map (option: option // { hidden = true; }) told else told;
    in
    [
      ({
        inherit loc;
        type = tree;
        declared = tried [ ] (places (option.declarations or [ ]));
      }
      // optional "about" (tried null (words (option.description or null)))
      // optional "at" (let at = positions option; in if at == [ ] then null else at)
      // (if isInternal then { internal = true; } else { })
      // (if isHidden || tried false (option.visible or true == "transparent") then { hidden = true; } else { })
      // (if tried false (option.readOnly or false == true) then { readOnly = true; } else { })
      # There is a sub-module in it whose options are not told: which members it has only an evaluation tells.
      // (if inner == [ ] && holds tree then { untold = true; } else { })
      // (if bare then { }
      else optional "default" (if option ? defaultText then sample option.defaultText else if option ? default then sample option.default else null)
        // optional "example" (if option ? example then sample option.example else null)))
    ] ++ inner;

  # Values that are there for the modules alone: messages that make sense only when they are needed, or a set like system.build, whose members are
  # whole systems that nobody may ever build. Looking at them costs minutes, or ends the evaluation.
  isInner = option: option.internal or false == true || (let type = option.type or { }; in ((type.nestedTypes or { }).freeformType or type).name or "" == "lazyAttrsOf");
  # Where the value comes from; null when it is the option's own default, or none.
  provenance = option:
    let priority = option.highestPrio or 9999; in
    # Priorities come first: whether there is a definition is known by looking at what it says, and nobody has to look at twenty thousand defaults.
    if priority >= 1500 || !(option.isDefined or false) then null
    else { inherit priority; files = map cut (map toString (option.files or [ ])); };
  setHere = loc: option:
    let told = tried null (provenance option); in
    if told == null then [ ]
    else [ ({ inherit loc; } // told // (if bare || tried true (isInner option) then { } else { value = shown option.value; })) ];

  walk = depth: loc: tree:
    if typeIs "option" tree then (if part == "set" then setHere loc tree else described depth loc tree)
    else if !(isAttrs tree) then [ ]
    else concatMap (name: tried [ ] (walk depth (loc ++ [ name ]) tree.${name})) (namesOf tree);

  namesOf = tree: if typeIs "option" tree || !(isAttrs tree) then [ ] else filter (name: name != "_module") (attrNames tree);
  root = foldl' (at: position: let name = elemAt (namesOf at.tree) position; in { loc = at.loc ++ [ name ]; tree = at.tree.${name}; }) { loc = [ ]; tree = options; } under;
  bounds = map builtins.fromJSON (filter isString (builtins.split "-" range));
  ranged = list: genList (position: elemAt list (head bounds + position)) (elemAt bounds 1 - head bounds);

  # The modules that a system was made of: its type keeps them (nixpkgs, lib/modules.nix and submoduleWith in lib/types.nix). They are called again.
  # nixos/default.nix hands on neither the type nor the arguments of modules, but both stand among the options.
  arguments = options._module.args.value or { };
  made = (system.type or arguments.moduleType or { }).functor.payload or { modules = [ ]; };
  given = { inherit (system) config options; lib = system.lib or system.pkgs.lib; specialArgs = made.specialArgs or { }; } // made.specialArgs or { };
  called = module: names: module (given // mapAttrs (name: _: given.${name} or system._module.args.${name} or arguments.${name}) names);
  content = module:
    if isFunction module then content (called module (functionArgs module))
    else if module ? __functor then content (called (module.__functor module) (module.__functionArgs or (functionArgs (module.__functor module))))
    else if module._type or "module" != "module" then { config = module; }
    else module;
  entry = parent: position: module:
    let
      named = isPath module || isString module;
      place = { key = toString module; file = toString module; };
      own = content (if named then import module else module);
      # Keys of modules may be paths, which cannot be compared with texts.
      nameless = { key = toString (own.key or "${parent.key}:${toString position}"); file = parent.file; };
    in
    (if named then place else nameless) // { inherit own; };
  imported = parent: list: genList (position: entry parent position (elemAt list position)) (length list);
  modules = genericClosure { startSet = imported { key = ""; file = "<unknown-file>"; } made.modules; operator = module: imported { inherit (module) key; file = module.own._file or module.file; } (module.own.imports or [ ]); };
  disabled = concatMap (module: map (which: if isAttrs which then toString (which.key or "") else if isString which && match "/.*" which == null then "${toString given.modulesPath}/${which}" else toString which) (module.own.disabledModules or [ ])) modules;
  saysOf = own: if own ? config || own ? options then own.config or { } else removeAttrs own [ "_class" "_file" "key" "disabledModules" "imports" "require" "meta" "freeformType" ];

  definitions = tree: loc: file: priority: value:
    if typeIs "merge" value then concatMap (definitions tree loc file priority) value.contents
    else if typeIs "if" value then (if value.condition then definitions tree loc file priority value.content else [ ])
    else if typeIs "override" value then definitions tree loc file value.priority value.content
    else if typeIs "order" value then definitions tree loc file priority value.content
    else if typeIs "option" tree then (let wins = tried 9999 (tree.highestPrio or 9999); in if priority > wins && wins < 1500 then [{ inherit loc priority; file = cut file; value = shown value; }] else [ ])
    else if !(isAttrs value && isAttrs tree) then [ ]
    else concatMap (name: if tree ? ${name} then tried [ ] (definitions tree.${name} (loc ++ [ name ]) file priority value.${name}) else [ ]) (attrNames value);
  lost = concatMap (module: tried [ ] (definitions options [ ] (toString (module.own._file or module.file)) 100 (saysOf module.own))) (filter (module: !(elem module.key disabled)) (if range == "" then modules else ranged modules));
in
# What loses is told by modules: those stand where names stand otherwise, and nothing is below one.
if part == "lost" then (if count then (if under == [ ] then length modules else 0) else if bare then [ ] else lost)
else if count then length (namesOf root.tree) else if range == "" then walk 5 root.loc root.tree
else concatMap (name: tried [ ] (walk 5 (root.loc ++ [ name ]) root.tree.${name})) (ranged (namesOf root.tree))
