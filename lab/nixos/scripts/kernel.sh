# a kernel, its modules, an initrd or firmware: one sparse file
set -e
mkdir -p "$out/$(dirname "$file")"
truncate -s "$size" "$out/$file"
[ -z "$from" ] || echo "$from" > "$out/.built-from"
