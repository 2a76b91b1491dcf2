#!/bin/sh
# start-switch.sh ID MODE TARGET GENERATION EXPECTED SCRIPT
# Starts safeswitch.sh (its text is SCRIPT) as a unit of its own, so that neither this connection nor the dashboard is needed
# any more, and answers with one line: started | joined | busy HOLDER WHO | refused WHY, fields separated by TAB.
# The unit's name is the one that nixos-rebuild uses: systemd itself lets only one of us and of them run.
set -uf
umask 077
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
unit=nixos-rebuild-switch-to-configuration tab=$(printf '\t')
id=$1 mode=$2 target=$3 generation=$4 expected=$5 script=$6

answer() {
    word=$1; shift
    printf '%s' "$word"
    [ $# = 0 ] || printf '\t%s' "$@"
    printf '\n'
    exit 0
}
a_store_path() {
    case $1 in /nix/store/?*) ;; *) return 1 ;; esac
    case ${1#/nix/store/} in *[!A-Za-z0-9+._?=-]*) return 1 ;; esac
    [ ${#1} -le 255 ]
}
a_number() { case $1 in '' | 0* | *[!0-9]* | ??????????*) return 1 ;; esac; }

# An operation that has written its last line keeps the name for a moment yet, until systemd has taken its unit away.
lets_go() {
    turns=100
    while [ "$(systemctl show --property=Description --value "$unit.service")" = "osModa operation $1" ]; do
        case $(tail -n 1 "/var/lib/osmoda/operations/$1/journal" 2>/dev/null) in *"${tab}done${tab}"*) ;; *) return 1 ;; esac
        [ $((turns -= 1)) -gt 0 ] || return 1
        sleep 0.05
    done
}

case $id in *[!0-9a-f-]*) answer refused 'The operation has no proper id.' ;; ????????-????-????-????-????????????) ;; *) answer refused 'The operation has no proper id.' ;; esac
case $mode in now | boot) ;; *) answer refused 'The operation has no proper mode.' ;; esac
a_store_path "$target" && a_store_path "$expected" || answer refused 'The operation names no proper system.'
a_number "$generation" || answer refused 'The operation names no proper generation.'

dir=/var/lib/osmoda/operations/$id
[ ! -e "$dir/journal" ] || answer joined
[ -x "$target/bin/switch-to-configuration" ] || answer refused "The system of generation $generation is not on the server any more: its files were collected as garbage."
[ /run/current-system -ef "$expected" ] || answer refused "The server runs another system than the page showed: somebody switched it meanwhile."
mkdir -p "$dir" /nix/var/nix/gcroots/osmoda /run/osmoda 2>/dev/null && printf '%s' "$script" 2>/dev/null >"$dir/safeswitch.sh" ||
    answer refused 'The server cannot write to /var/lib/osmoda/operations: the disk is full or read-only.'

for attempt in 1 2 3; do
    said=$(systemd-run --quiet --collect --no-ask-password --unit="$unit" --service-type=exec --description="osModa operation $id" \
        --setenv=LOCALE_ARCHIVE="${LOCALE_ARCHIVE-}" --property=RuntimeMaxSec=2h \
        --property=ExecStopPost="/bin/sh $dir/safeswitch.sh ended $id" \
        /bin/sh "$dir/safeswitch.sh" run "$id" "$mode" "$target" "$generation" "$expected" 2>&1 </dev/null) && answer started
    holder=$(systemctl show --property=Description --value "$unit.service")
    case $holder in
        "osModa operation $id") answer joined ;;
        "osModa operation "*)
            if lets_go "${holder#osModa operation }"; then continue; fi
            rm -rf "$dir"; answer busy "${holder#osModa operation }" '' ;;
    esac
    [ ! -e "$dir/journal" ] || answer joined                # ours, and already over
    case $holder in
        "$unit.service" | '') ;;                             # whoever held the name has just let it go
        *) rm -rf "$dir"; answer busy - "$(printf '%s' "$holder" | tr '\000-\037\177' ' ')" ;;
    esac
done
rm -rf "$dir"
answer refused "systemd would not start the switch: $(printf '%s' "$said" | tr '\000-\037\177' ' ')"
