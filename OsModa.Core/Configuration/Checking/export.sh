# export.sh VERB ID ...: hands out what a run of checks built, on the machine that built it.
#   list ID SYSTEM         the paths that the system needs, one a line, each with its size in bytes
#   pack ID PATHS          puts these paths into one file, in an order in which each comes after what it needs; prints its size
#                          and its name, which is its SHA-256: by that what has arrived of it is known again
#   piece ID FROM BYTES    so many bytes of that file, in base 64
#   drop ID ''             the file goes
set -uf
umask 077
PATH=/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
case $2 in *[!0-9a-f-]*) exit 2 ;; ????????-????-????-????-????????????) ;; *) exit 2 ;; esac
dir=/var/lib/osmoda/checks/$2
[ -d "$dir" ] || exit 1
case $1 in
    list)
        nix-store --query --requisites "$3" 2>/dev/null >"$dir/needed" && xargs nix-store --query --size <"$dir/needed" 2>/dev/null >"$dir/sizes" &&
            paste -d ' ' "$dir/needed" "$dir/sizes" ;;
    pack)
        # Paths come in the order of --requisites, which is the order that --import wants. They are more than one command line takes, and --import reads one
        # stream: each batch loses its mark of the end, eight bytes of nothing, which the whole gets.
        rm -f "$dir/pack.new"
        # shellcheck disable=SC2016
        if printf '%s\n' "$3" | xargs sh -c '{ nix-store --export "$@" >>"$0" && truncate -s -8 "$0"; } || exit 255' "$dir/pack.new" 2>"$dir/words" &&
            printf '\000\000\000\000\000\000\000\000' >>"$dir/pack.new" && mv "$dir/pack.new" "$dir/pack"; then printf '%s %s\n' "$(wc -c <"$dir/pack" | tr -d ' ')" "$(sha256sum <"$dir/pack" | cut -c 1-64)"
        else tail -n 3 "$dir/words" | tr '\n' ' '; fi ;;
    piece) tail -c "+$(($3 + 1))" "$dir/pack" | head -c "$4" | base64 -w 32768 ;;
    drop) rm -f "$dir/pack" "$dir/pack.new" ;;
esac
