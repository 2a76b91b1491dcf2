# the program that switches, and the parts it reads from its own directory
set -e
mkdir -p "$out/bin" "$out/lib"
sed "s|@lib@|$out/lib|g" "$main" > "$out/bin/switch-to-configuration"
for part in $parts; do cp "$part" "$out/lib/${part#*-}"; done
chmod 755 "$out/bin/switch-to-configuration"
