# system-path: bin/ has one link for each program of each package
set -e
mkdir -p "$out/bin"
set --
for package in $(cat "$packagesPath"); do
  for program in "$package"/bin/*; do [ ! -e "$program" ] || set -- "$@" "$program"; done
done
ln -sf "$@" "$out/bin/"
mkdir -p "$out/share"
cat "$packagesPath" > "$out/share/packages"      # keeps packages without a program in the closure
