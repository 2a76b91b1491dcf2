#!/bin/sh
# drill.sh ID: builds, on the server and offline, a system that is the running one and a unit that dies at once, to see how fast the
# server undoes it. Answers with one line, fields separated by TAB: built STOREPATH | failed WHY
set -uf
umask 022
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
id=$1
case $id in *[!0-9a-f-]*) printf 'failed\tThe drill has no proper id.\n'; exit ;; ????????-????-????-????-????????????) ;; *) printf 'failed\tThe drill has no proper id.\n'; exit ;; esac
base=$(readlink -f /run/current-system) sw=$(readlink -f /run/current-system/sw)
case $base$sw in *[!A-Za-z0-9+._?=/-]*) printf 'failed\tThe running system has no proper path.\n'; exit ;; esac
name=${base#/nix/store/*-}

# The copy has the name of the original, so its path is as long: it can be put in place of the old one even in a program. Trees of
# /etc and of units become folders of the copy, which is why nothing else has to be built.
steps='
set -eu
copy() { mkdir -p "$2"; cp -R --no-dereference --preserve=mode "$1/." "$2"; chmod -R u+w "$2"; }
copy "$base" "$out"
rm "$out/etc"
copy "$(readlink -f "$base/etc")" "$out/drill-etc"
ln -s drill-etc "$out/etc"
rm "$out/drill-etc/systemd/system"
copy "$(readlink -f "$base/etc/systemd/system")" "$out/drill-units"
ln -s "$out/drill-units" "$out/drill-etc/systemd/system"
printf "%s\n" "[Unit]" "Description=osModa drill $drill: dies at once, on purpose" "" "[Service]" "ExecStart=$sw/bin/false" "Restart=always" "RestartSec=100ms" >"$out/drill-units/osmoda-drill.service"
mkdir -p "$out/drill-units/multi-user.target.wants"
ln -s ../osmoda-drill.service "$out/drill-units/multi-user.target.wants/osmoda-drill.service"
etc=$(readlink -f "$base/etc")
find "$out" -maxdepth 2 -type f ! -path "$out/drill-*" | while IFS= read -r file; do
    if grep -qF -e "$base" -e "$etc" "$file"; then
        mode=$(stat -c %a "$file")
        chmod u+w "$file"
        if grep -qI . "$file"; then sed -i "s|$etc|$out/drill-etc|g" "$file"; fi
        sed -i "s|$base|$out|g" "$file"
        chmod "$mode" "$file"
    fi
done
'
said=$(nix-build --no-out-link --option substitute false --expr '{ base, sw, name, drill, steps }: derivation {
    inherit name drill steps;
    base = builtins.storePath base;
    sw = builtins.storePath sw;
    system = builtins.currentSystem;
    builder = "${builtins.storePath sw}/bin/bash";
    args = [ "-c" steps ];
    PATH = "${builtins.storePath sw}/bin";
    preferLocalBuild = true;
    allowSubstitutes = false;
  }' --argstr base "$base" --argstr sw "$sw" --argstr name "$name" --argstr drill "$id" --argstr steps "$steps" 2>&1) ||
    { printf 'failed\tThe drill could not be built: %s\n' "$(printf '%s' "$said" | tail -n 3 | tr '\000-\037\177' ' ' | head -c 600)"; exit; }
built=$(printf '%s\n' "$said" | tail -n 1)
if [ -x "$built/bin/switch-to-configuration" ]; then printf 'built\t%s\n' "$built"; else printf 'failed\tThe drill is not whole.\n'; fi
