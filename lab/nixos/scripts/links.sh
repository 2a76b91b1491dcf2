# makes the symbolic links of $links, one "relative-path target" a line
set -e
mkdir -p "$out"
printf '%s\n' "$links" | while read -r at to; do
  [ -n "$at" ] || continue
  case $at in */*) mkdir -p "$out/${at%/*}" ;; esac
  ln -s "$to" "$out/$at"
done
