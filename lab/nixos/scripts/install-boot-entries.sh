#!/bin/bash
# install-boot-entries SYSTEM: writes the boot menu as systemd-boot reads it: an entry for every generation of the
# profile and each of its specialisations. SYSTEM becomes the default only if the profile has it.
set -e
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
system=$(readlink -f "$1")
loader=/boot/loader
mkdir -p "$loader/entries"
declare -A wanted=()

write() { printf '%s\n' "${@:2}" > "$1.tmp" && mv "$1.tmp" "$1"; }

entry() {      # entry NAME GENERATION SYSTEM
  local label params
  wanted[$1]=1
  [ ! -e "$loader/entries/$1" ] || [[ $'\n'$(<"$loader/entries/$1") != *$'\n'"options init=$3/init"* ]] || return 0
  label=$(sed -n 's/.*"label":"\([^"]*\)".*/\1/p' "$3/boot.json")
  params=$(<"$3/kernel-params")
  write "$loader/entries/$1" "title NixOS" "version Generation $2 $label, built on $(date -d "@$(stat -c %Y "$link")" +%F)" \
    "sort-key nixos" "linux $(readlink -f "$3/kernel")" "initrd $(readlink -f "$3/initrd")" "options init=$3/init $params"
}

links=(/nix/var/nix/profiles/system-*-link)
mapfile -t paths < <(readlink -f "${links[@]}")
for i in "${!links[@]}"; do
  link=${links[i]} path=${paths[i]}
  number=${link##*/system-}
  number=${number%-link}
  entry "nixos-generation-$number.conf" "$number" "$path"
  for special in "$path"/specialisation/*; do
    [ ! -e "$special" ] || entry "nixos-generation-$number-specialisation-${special##*/}.conf" "$number" "$(readlink -f "$special")"
  done
  [ "$path" != "$system" ] || default=nixos-generation-$number.conf
done
[ -z "${default-}" ] || write "$loader/loader.conf" "timeout 5" "default $default" "console-mode keep"

for file in "$loader"/entries/nixos-*.conf; do
  [ -n "${wanted[${file##*/}]-}" ] || rm -f "$file"
done
