# A module system of the lab's own: options, definitions, priorities and sub-modules in the shape of nixpkgs' lib.evalModules, as far as
# the product looks at it. Written for tests, much smaller than the real one; it knows no option documentation and no assertions.
{ lib }:
let
  inherit (builtins) all attrNames attrValues concatLists concatMap elem elemAt filter foldl' functionArgs head isAttrs isFunction isPath isString length map mapAttrs removeAttrs tail toString;
  isType = type: value: isAttrs value && value._type or null == type;
  show = builtins.concatStringsSep ".";

  # A definition of a set of options as plain sets: what is said of the whole (mkIf, mkMerge, mkOverride) is said of each member.
  pushDown = value:
    if isType "merge" value then concatMap pushDown value.contents
    else if isType "if" value then map (mapAttrs (_: lib.mkIf value.condition)) (pushDown value.content)
    else if isType "override" value then map (mapAttrs (_: lib.mkOverride value.priority)) (pushDown value.content)
    else [ value ];

  # A definition of one option as a list of { file, priority, value }.
  discharge = file: priority: value:
    if isType "merge" value then concatMap (discharge file priority) value.contents
    else if isType "if" value then (if value.condition then discharge file priority value.content else [ ])
    # As in nixpkgs: how strong a definition is stands outside of it, once. What stands within is the value, even a mkIf.
    else if isType "override" value then [{ inherit file; inherit (value) priority; value = value.content; }]
    else [{ inherit file priority value; }];

  lowest = foldl' (least: definition: if definition.priority < least then definition.priority else least) 9999;

  # What all definitions of one value come to, after the strongest have won.
  settle = loc: type: definitions:
    let
      priority = lowest definitions;
      winning = filter (definition: definition.priority == priority) definitions;
      wrong = filter (definition: !(type.check definition.value)) winning;
    in
    {
      inherit priority winning;
      # As in nixpkgs, which sorts by mkOrder first: what wins is looked at, be it a default.
      isDefined = winning != [ ] && all (definition: builtins.seq definition.value true) winning;
      value =
        if winning == [ ] then throw "The option `${show loc}' was accessed but has no value defined."
        else if wrong != [ ] then throw "A definition for option `${show loc}' is not of type `${type.description}'. Definition values: In `${(head wrong).file}'"
        else type.merge loc winning;
    };

  evaluateOption = loc: option: definitions:
    let
      type = option.type or lib.types.unspecified;
      default = if option ? default then [{ file = head option.declarations; priority = 1500; value = option.default; }] else [ ];
      settled = settle loc type (concatMap ({ file, value }: discharge file 100 value) definitions ++ default);
    in
    option // {
      inherit loc type;
      inherit (settled) isDefined;
      value = if option.readOnly or false && length definitions > 1 then throw "The option `${show loc}' is read-only, but it's set multiple times." else (option.apply or (value: value)) settled.value;
      highestPrio = settled.priority;
      files = map (definition: definition.file) settled.winning;
      definitions = map (definition: definition.value) settled.winning;
      definitionsWithLocations = map (definition: { inherit (definition) file value; }) settled.winning;
    };

  membersOf = list: attrNames (foldl' (all: one: all // one) { } list);

  evaluate = loc: freeform: declarations: definitions:
    let
      pushed = concatMap ({ file, value }: map (plain: { inherit file; value = plain; }) (pushDown value)) definitions;
      declared = membersOf (map (declaration: declaration.tree) declarations);
      below = name: list: concatMap (entry: if entry.value ? ${name} then [{ inherit (entry) file; value = entry.value.${name}; }] else [ ]) list;
      member = name:
        let
          trees = concatMap (declaration: if declaration.tree ? ${name} then [{ inherit (declaration) file; tree = declaration.tree.${name}; }] else [ ]) declarations;
          first = head trees;
        in
        if isType "option" first.tree
        then { option = evaluateOption (loc ++ [ name ]) (first.tree // { declarations = map (tree: tree.file) trees; }) (below name pushed); }
        else evaluate (loc ++ [ name ]) null trees (below name pushed);
      members = builtins.listToAttrs (map (name: { inherit name; value = member name; }) declared);
      unknown = filter (name: !(members ? ${name})) (membersOf (map (definition: definition.value) pushed));
      free = map (definition: { inherit (definition) file; priority = 100; value = builtins.intersectAttrs (builtins.listToAttrs (map (name: { inherit name; value = null; }) unknown)) definition.value; }) pushed;
    in
    {
      options = mapAttrs (_: m: m.option or m.options) members;
      config = mapAttrs (_: m: if m ? option then m.option.value else m.config) members
        // (if unknown == [ ] then { }
      else if freeform != null then freeform.merge loc free
      else throw "The option `${show (loc ++ [ (head unknown) ])}' does not exist. Definition values: In `${(head pushed).file}'");
    };

  # A module and all that it imports, as { file, options, config, freeformType }.
  load = args: file: module:
    if isPath module || isString module then load args (toString module) (import module)
    else if isFunction module then load args file (module args)
    else
      let
        own = module._file or file;
        structured = module ? config || module ? options;
      in
      concatMap (load args own) (module.imports or [ ]) ++ [{
        file = own;
        options = module.options or { };
        config = if structured then module.config or { } else removeAttrs module [ "imports" "disabledModules" "_file" "key" "freeformType" ];
        freeformType = module.freeformType or null;
        disabled = module.disabledModules or [ ];
      }];
in
{
  inherit discharge settle;

  evalModules = { modules, specialArgs ? { }, prefix ? [ ] }:
    let
      args = { inherit lib; inherit (result) config options; } // specialArgs;
      found = concatMap (load args "<unknown-file>") modules;
      disabled = map (which: if isString which then "${toString specialArgs.modulesPath}/${which}" else toString which) (concatMap (module: module.disabled) found);
      loaded = filter (module: !(elem module.file disabled)) found;
      free = filter (type: type != null) (map (module: module.freeformType) loaded);
      result = evaluate prefix (if free == [ ] then null else head free)
        (map (module: { inherit (module) file; tree = module.options; }) loaded)
        (map (module: { inherit (module) file; value = module.config; }) loaded);
    in
    result // {
      # As since 2021: how a system was made stands among the arguments of its modules.
      options = result.options // { _module.args = { _type = "option"; value = args // { moduleType.functor.payload = { inherit modules specialArgs; }; }; }; };
      freeformType = if free == [ ] then null else head free;
    };
}
