# Stores: a /nix with the generations of one history, built offline by the base tree's own Nix. nixos/ has the recipe.
# shellcheck shell=bash

# store_for BASETREE STORE UNITS SIZES GENERATIONS PATHS: prints the directory of that store, building it if missing.
store_for() {
  local base=$1 store=$2 units=$3 sizes=$4 generations=$5 paths=$6 name arguments
  [ -e "$lab/nixos/stores/$store.nix" ] ||
    die "there is no store '$store': $(cd "$lab/nixos/stores" && echo *.nix | sed 's/\.nix//g')"
  name=$store
  arguments=(--argstr store "$store" --argstr sizes "$sizes" --arg units "$units")
  if [ "$store" = big ]; then
    name=$name-$generations-$paths
    arguments+=(--arg generations "$generations" --arg paths "$paths")
  fi
  [ "$sizes" = real ] || name=$name-$sizes
  [ "$units" = 0 ] || name=$name-units$units
  name=$name-$(basename "$base")-$(recipe_hash "$lab/nixos" "$lab/options" "$lab/channel")
  [ -d "$shared/stores/$name" ] || with_lock "store-$name" make_store "$base" "$shared/stores/$name" "${arguments[@]}"
  touch "$shared/stores/$name" "$base"
  echo "$shared/stores/$name"
}

make_store() {
  local base=$1 store=$2 log=$2.log building
  shift 2
  [ ! -d "$store" ] || return 0      # somebody else made it while we waited
  building=$(dirname "$store")/.building-$(basename "$store")
  rm -rf "$building"
  mkdir -p "$building"
  say "building the store $(basename "$store")"
  "$lab/nixos/build" "$building" "$base" "$@" >"$log" 2>&1 || { tail -n 8 "$log" >&2; die "the store failed, see $log"; }
  mv "$building" "$store"
  drop_old_ones
}

# Each change of a recipe leaves a store or a base tree behind. Those that no server stands on and nobody asked for
# in two days are deleted.
drop_old_ones() {
  local old
  while read -r old; do
    cat "$shared"/numbers/*/{base,store} 2>/dev/null | grep -qxF "$old" || rm -rf --one-file-system "$old" "$old.log"
  done < <(find "$shared/stores" "$shared/bases" -mindepth 1 -maxdepth 1 -type d -mtime +1)
}
