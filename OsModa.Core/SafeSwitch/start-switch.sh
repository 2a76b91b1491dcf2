# start-switch.sh ID ORDER SCRIPT
# Starts safeswitch.sh (its text is SCRIPT) as a unit of its own, so that neither this connection nor the dashboard is needed
# any more, and answers with one line: started | joined | busy HOLDER WHO | refused WHY, fields separated by TAB.
set -uf
umask 077
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
operations=/var/lib/osmoda/operations tab=$(printf '\t') newline='
'
id=$1 order=$2 script=$3

answer() {
    word=$1; shift
    printf '%s' "$word"
    [ $# = 0 ] || printf '\t%s' "$@"
    printf '\n'
    exit 0
}

# An operation that has written its last line keeps the name for a moment yet, until systemd has taken its unit away.
lets_go() {
    turns=100
    while [ "$(systemctl show --property=Description --value "$switch_unit.service")" = "osModa operation $1" ]; do
        case $(tail -n 1 "$operations/$1/journal" 2>/dev/null) in *"${tab}done${tab}"*) ;; *) return 1 ;; esac
        [ $((turns -= 1)) -gt 0 ] || return 1
        sleep 0.05
    done
}

an_id "$id" || answer refused 'The operation has no proper id.'
read_order <<END || answer refused "$why"
$order
END

dir=$operations/$id
[ ! -e "$dir/journal" ] || answer joined
[ -x "$target/bin/switch-to-configuration" ] || answer refused "The system of $name is not on the server any more: its files were collected as garbage."
[ /run/current-system -ef "$expected" ] || answer refused "The server runs another system than the page showed: somebody switched it meanwhile."
mkdir -p "$dir" /nix/var/nix/gcroots/osmoda "/run/osmoda/$id" 2>/dev/null && printf '%s' "$script" 2>/dev/null >"$dir/safeswitch.sh" && printf '%s\n' "$order" 2>/dev/null >"$dir/order" ||
    answer refused 'The server cannot write to /var/lib/osmoda/operations: the disk is full or read-only.'

for attempt in 1 2 3; do
    : >"$dir/looking"
    { trap '' HUP TERM; look_before; } >/dev/null 2>&1 </dev/null &      # this connection may be over before it is
    start_unit run "$id" && answer started
    holder=$(systemctl show --property=Description --value "$switch_unit.service")
    case $holder in
        "osModa operation $id") answer joined ;;
        "osModa operation "*)
            if lets_go "${holder#osModa operation }"; then wait; rm -f "$dir/before" "$dir/loaded"; continue; fi
            rm -rf "$dir" "/run/osmoda/$id"; answer busy "${holder#osModa operation }" '' ;;
    esac
    [ ! -e "$dir/journal" ] || answer joined                # ours, and already over
    case $holder in
        "$switch_unit.service" | '') ;;                      # whoever held the name has just let it go
        *) rm -rf "$dir" "/run/osmoda/$id"; answer busy - "$(printf '%s' "$holder" | tr '\000-\037\177' ' ')" ;;
    esac
done
rm -rf "$dir" "/run/osmoda/$id"
answer refused "systemd would not start the switch: $(printf '%s' "$said" | tr '\000-\037\177' ' ')"
