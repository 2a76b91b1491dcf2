# import.sh VERB ID ...: takes in what another machine built for this server.
#   missing ID PATHS       which of these paths are not here, one a line, in their order
#   have ID ''             how many bytes have arrived
#   piece ID DATA FROM     appends DATA (base 64) when exactly FROM bytes are here; prints how many there are then
#   take ID SYSTEM         all have arrived: takes them into the store and gives the system a root; prints taken, or why not
set -uf
umask 077
PATH=/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
case $2 in *[!0-9a-f-]*) exit 2 ;; ????????-????-????-????-????????????) ;; *) exit 2 ;; esac
dir=/var/lib/osmoda/checks/$2
mkdir -p "$dir"
size() { if [ -e "$dir/pack" ]; then wc -c <"$dir/pack" | tr -d ' '; else echo 0; fi; }
case $1 in
    missing)
        printf '%s\n' "$3" >"$dir/wanted"
        xargs nix-store --check-validity --print-invalid <"$dir/wanted" 2>/dev/null >"$dir/missing"
        grep -xF -f "$dir/missing" "$dir/wanted" ;;
    have) size ;;
    piece)
        if [ "$(size)" = "$4" ]; then
            # A piece arrives whole or not at all.
            if ! printf '%s' "$3" | base64 -d >>"$dir/pack" 2>/dev/null; then truncate -s "$4" "$dir/pack"; fi
        fi
        size ;;
    take)
        if [ -e "$dir/pack" ] && ! nix-store --import <"$dir/pack" >/dev/null 2>"$dir/words"; then
            tail -n 3 "$dir/words" | tr '\n' ' '
            rm -f "$dir/pack"
            exit
        fi
        rm -f "$dir/pack"
        if said=$(nix-store --realise "$3" --add-root "$dir/system" --indirect --option substitute false 2>&1 >/dev/null); then echo taken; else printf '%s\n' "$said" | tail -n 3 | tr '\n' ' '; fi ;;
esac
