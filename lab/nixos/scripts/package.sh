# One package. Its library file is sparse: it has the size of a real one and next to no disk blocks.
# Programs named in $programs are the base tree's own, so that what NixOS has in its PATH works here.
set -e
mkdir -p "$out/bin" "$out/lib" "$out/share/doc/$pname"
echo "$name" > "$out/share/doc/$pname/README"
echo "$needs" > "$out/share/doc/$pname/built-with"      # Nix finds the references here
truncate -s "$size" "$out/lib/lib$pname.so"
for program in $programs; do
  real=$program
  case $program in sh) real=bash ;; awk) real=gawk ;; esac
  for dir in /usr/bin /usr/sbin; do
    [ ! -x "$dir/$real" ] || { ln -s "$dir/$real" "$out/bin/$program"; break; }
  done
done
if [ -n "$daemon" ]; then
  cp "$daemon" "$out/bin/${pname}d"
  chmod 755 "$out/bin/${pname}d"
fi
