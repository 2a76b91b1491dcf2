# Base trees: the read-only Debian file system below every server. bookworm has systemd 252 and Nix 2.8,
# trixie 257 and 2.26, sid newer ones; their JSON shapes differ, which is why there are three.
# shellcheck shell=bash

# base_tree SUITE: prints its directory, building it first where it is missing.
base_tree() {
  local suite=$1 tree
  case $suite in bookworm|trixie|sid) ;; *) die "unknown base '$suite': bookworm, trixie or sid" ;; esac
  # The name holds a hash of the recipe: a changed recipe is another tree, and running servers keep theirs.
  tree=$shared/bases/$suite-$(recipe_hash "$lab/base")
  [ -d "$tree" ] || with_lock "base-$suite" make_base_tree "$suite" "$tree"
  echo "$tree"
}

make_base_tree() {
  local suite=$1 tree=$2 building=$shared/bases/.building-$1
  [ ! -d "$tree" ] || return 0      # somebody else made it while we waited
  rm -rf "$building"
  mkdir -p "$shared/bases" "$shared/debs/$suite"
  say "building the $suite base tree (about 40 s, once)"
  "$lab/base/build" "$suite" "$building" "$shared/debs/$suite" >"$shared/bases/$suite.log" 2>&1 ||
    { tail -n 5 "$shared/bases/$suite.log" >&2; die "the base tree failed, see $shared/bases/$suite.log"; }
  mv "$building" "$tree"
}

recipe_hash() { (for folder; do cd "$folder" && find . -type f | LC_ALL=C sort | xargs sha256sum; done | sha256sum | cut -c1-8); }
