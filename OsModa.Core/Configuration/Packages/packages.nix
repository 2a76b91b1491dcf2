# Packages of a system's own nixpkgs whose names hold a word: { name, version, about } each, the likeliest first. Nothing is built.
#   system  as read-options.nix finds it
#   part    the word, in small letters; names before its last dot say in which set, such as python3Packages.requ
#   bare    names only: nothing is forced that a package may have written badly
{ system, part, bare ? false, count ? false, ... }:
let
  inherit (builtins) attrNames deepSeq elemAt filter foldl' genList isAttrs isString length replaceStrings sort split stringLength substring tryEval;
  most = 24;
  small = replaceStrings [ "A" "B" "C" "D" "E" "F" "G" "H" "I" "J" "K" "L" "M" "N" "O" "P" "Q" "R" "S" "T" "U" "V" "W" "X" "Y" "Z" ]
    [ "a" "b" "c" "d" "e" "f" "g" "h" "i" "j" "k" "l" "m" "n" "o" "p" "q" "r" "s" "t" "u" "v" "w" "x" "y" "z" ];

  parts = filter isString (split "[.]" part);
  word = small (elemAt parts (length parts - 1));
  outer = genList (elemAt parts) (length parts - 1);
  set = foldl' (all: name: let inner = all.${name} or { }; in if isAttrs inner then inner else { }) system.pkgs outer;

  holds = name: replaceStrings [ word ] [ "" ] (small name) != small name;
  rank = name: if small name == word then 0 else if substring 0 (stringLength word) (small name) == word then 1 else 2;
  before = one: other: if rank one != rank other then rank one < rank other else if stringLength one != stringLength other then stringLength one < stringLength other else one < other;
  found = sort before (filter holds (attrNames set));
  likeliest = number: genList (elemAt found) (if length found < number then length found else number);

  tried = value: let result = tryEval (deepSeq value value); in if result.success then result.value else null;
  text = value: if isString value then substring 0 200 value else "";
  full = name: foldl' (before: name: if before == "" then name else "${before}.${name}") "" (outer ++ [ name ]);
  told = name: tried (
    let package = set.${name}; in
    if isAttrs package && package.type or null == "derivation"
    then { name = full name; version = text (package.version or (builtins.parseDrvName (package.name or "")).version); about = text (package.meta.description or ""); }
    else null
  );
in
if count then 0
else if bare then map (name: { name = full name; version = ""; about = ""; }) (likeliest most)
# Old names of packages throw, so more are asked than are shown.
else let all = filter (package: package != null) (map told (likeliest (most * 3))); in genList (elemAt all) (if length all < most then length all else most)
