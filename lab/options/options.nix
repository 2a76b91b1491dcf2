# Options of every type, and some that are hard to read.
{ lib, config, ... }:
let
  inherit (lib) mkOption types;
  of = type: mkOption { inherit type; description = "A value of the type that the name says."; };
  json = types.nullOr (types.oneOf [ types.bool types.int types.float types.str (types.attrsOf json) (types.listOf json) ]) // { description = "JSON value"; };
  person = types.submodule { options = { name = of types.str; age = mkOption { type = types.ints.unsigned; default = 30; }; keys = mkOption { type = types.listOf types.str; default = [ ]; }; }; };
in
{
  options.every = {
    bool = of types.bool;
    int = of types.int;
    between = of (types.ints.between (-5) 10);
    unsigned = of types.ints.unsigned;
    positive = of types.ints.positive;
    port = of types.port;
    float = of types.float;
    number = of types.number;
    numberBetween = of (types.numbers.between (-0.5) 1.5);
    str = of types.str;
    nonEmpty = of types.nonEmptyStr;
    singleLine = of types.singleLineStr;
    matching = of (types.strMatching "[a-z]{1,8}(-[0-9]+)?");
    lines = of types.lines;
    commas = of types.commas;
    colons = of (types.separatedString ":");
    passwd = of (types.passwdEntry types.str);
    path = of types.path;
    enum = of (types.enum [ "no" "yes" 3 ]);
    package = of types.package;
    packages = of (types.listOf types.package);
    list = of (types.listOf types.int);
    lists = of (types.listOf (types.listOf types.str));
    filled = of (types.nonEmptyListOf types.str);
    attrs = of (types.attrsOf types.str);
    lazy = of (types.lazyAttrsOf (types.nullOr types.int));
    uniq = of (types.uniq types.str);
    tag = of (types.attrTag { number = of types.int; words = of types.lines; person = of person; });
    raw = of types.raw;
    nullable = of (types.nullOr types.int);
    either = of (types.either types.int types.str);
    oneOf = of (types.oneOf [ types.bool types.int types.str ]);
    coerced = of (types.coercedTo types.int toString types.str);
    person = of person;
    people = of (types.attrsOf person);
    crew = of (types.listOf person);
    free = of (types.submodule { freeformType = types.attrsOf types.int; options.fixed = mkOption { type = types.str; default = "x"; }; });
    freeCrew = of (types.submodule { freeformType = types.attrsOf person; });
    module = of (types.submoduleWith { modules = [{ options.deep = of types.str; }]; });
    json = of json;
    anything = of types.anything;
    unspecified = mkOption { description = "Has no type at all."; };
    function = of (types.functionTo types.int);
  };

  options.hard = {
    throwing = mkOption { type = types.str; default = throw "no default today"; description = "Its default throws."; };
    missing = mkOption { type = types.str; default = { }.absent; description = "Its default cannot even be tried."; };
    shown = mkOption { type = types.str; default = throw "never looked at"; defaultText = lib.literalExpression "config.networking.hostName"; example = "web1"; };
    function = mkOption { type = types.unspecified; default = x: x; };
    internal = mkOption { type = types.bool; default = false; internal = true; };
    readOnly = mkOption { type = types.int; default = 7; readOnly = true; };
    described = mkOption { type = types.int; default = 1; description = { _type = "mdDoc"; text = "Told in *Markdown*."; }; };
    household = mkOption { type = types.attrsOf person; default = { }; visible = false; };
    old = mkOption { type = types.int; default = if config.every ? bool then 1 else 2; visible = false; };
  };

  options.services.web = {
    enable = lib.mkEnableOption "the web server";
    workers = mkOption { type = types.ints.between 1 64; default = 4; description = "How many processes answer requests."; };
    hosts = mkOption { type = types.listOf types.str; default = [ ]; example = [ "example.org" ]; description = "Names it answers to."; };
    user = mkOption { type = types.str; default = "web"; description = "Who it runs as."; };
    mode = mkOption { type = types.enum [ "fast" "safe" ]; default = "safe"; description = "Fast, or safe."; };
    extra = mkOption { type = types.lines; default = ""; description = "Lines for its own configuration."; };
  };
}
