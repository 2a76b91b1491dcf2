# Many small packages from one build: a line of $packages for each has its path, its size and what it needs.
set -e
while read -r path size need; do
  mkdir -p "$path/lib" "$path/share"
  echo "$need" > "$path/share/built-with"      # Nix finds the reference here
  echo "$again" > "$path/share/again"
  truncate -s "$size" "$path/lib/library.so"
done < "$packagesPath"
