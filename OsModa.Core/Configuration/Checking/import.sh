# import.sh VERB ID ...: takes in what another machine built for this server. PACK is the SHA-256 of what it packed, and the name that it has here:
# whichever run of checks sends it, it goes on where an earlier one ended.
#   missing ID PATHS          which of these paths are not here, one a line, in their order
#   room ID PACK BYTES        there is room for a pack of so many bytes and for what is taken out of it; prints room, or why not
#   have ID PACK              how many bytes of it have arrived
#   piece ID PACK FROM DATA   appends DATA (base 64) when exactly FROM bytes are here; prints how many there are then
#   take ID PACK SYSTEM       all have arrived (PACK is empty when nothing was missing): takes them into the store and gives the system a root;
#                             prints taken, or why not
set -uf
umask 077
PATH=/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
case $2 in *[!0-9a-f-]*) exit 2 ;; ????????-????-????-????-????????????) ;; *) exit 2 ;; esac
dir=/var/lib/osmoda/checks/$2 pack=''
[ "$1" != missing ] || clear_old_checks
mkdir -p "$dir"
if [ "$1" != missing ] && [ -n "$3" ]; then
    case $3 in *[!0-9a-f]*) exit 2 ;; esac
    pack=/var/lib/osmoda/checks/pack-$3
fi
size() { if [ -e "$pack" ]; then wc -c <"$pack" | tr -d ' '; else echo 0; fi; }
# How many KiB are free, and where it is mounted.
free() { df -kP "$1" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4; }
place() { df -kP "$1" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 6-; }
case $1 in
    missing)
        # What nobody went on with for a day is nobody's.
        find /var/lib/osmoda/checks -maxdepth 1 -type f -name 'pack-*' -mmin +1440 -exec rm -f {} +
        printf '%s\n' "$3" >"$dir/wanted"
        xargs nix-store --check-validity --print-invalid <"$dir/wanted" 2>/dev/null >"$dir/missing"
        grep -xF -f "$dir/missing" "$dir/wanted" ;;
    room)
        # A little stays for everything else that the server does.
        store=$(($4 / 1024 + 262144)) pack_needs=$((($4 - $(size)) / 1024))
        [ "$(place "$dir")" != "$(place /nix/store)" ] || store=$((store + pack_needs))
        if [ "$(free "$dir")" -ge "$pack_needs" ] && [ "$(free /nix/store)" -ge "$store" ]; then echo room
        else printf 'It takes %s MiB, and its disk has no room for that.\n' "$(($4 / 1048576))"; fi ;;
    have) size ;;
    piece)
        if [ "$(size)" = "$4" ]; then
            # A piece arrives whole or not at all.
            if ! printf '%s' "$5" | base64 -d >>"$pack" 2>/dev/null; then truncate -s "$4" "$pack"; fi
        fi
        size ;;
    take)
        if [ -e "$pack" ]; then
            # Without power in between, or with two who send at once, it can be as long as it should be and still be something else.
            if [ "$(sha256sum <"$pack" | cut -c 1-64)" != "$3" ]; then said='What arrived is not what was sent. Check again: it is sent anew.'
            elif nix-store --import <"$pack" >/dev/null 2>"$dir/words"; then said=''
            else said=$(tail -n 3 "$dir/words" | tr '\n' ' '); fi
            rm -f "$pack"
            if [ -n "$said" ]; then
                printf '%s\n' "$said"
                exit
            fi
        fi
        if said=$(nix-store --realise "$4" --add-root "$dir/system" --indirect --option substitute false 2>&1 >/dev/null); then echo taken; else printf '%s\n' "$said" | tail -n 3 | tr '\n' ' '; fi ;;
esac
