# manual.sh FILE: an options.json of the store, in pieces, each after =. Ends with `end` when it was told to the end.
# Exit status: 0 told; 2 that is no such file.
LC_ALL=C
export LC_ALL
set -uf
[ "$#" -eq 1 ] || exit 2
case $1 in /nix/store/* | /run/current-system/sw/share/doc/nixos/options.json) ;; *) exit 2 ;; esac
[ -f "$1" ] || exit 2
fold -b -w 32768 "$1" | sed 's/^/=/'
echo
echo end
