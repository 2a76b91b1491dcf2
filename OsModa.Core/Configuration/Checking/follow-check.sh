# follow-check.sh ID FROM: the journal of a run of checks from line FROM on, until its last line. Answers "never" when there is no such run.
set -uf
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
tab=$(printf '\t')
case $1 in *[!0-9a-f-]*) exit 2 ;; ????????-????-????-????-????????????) ;; *) exit 2 ;; esac
case $2 in '' | *[!0-9]*) exit 2 ;; esac
dir=/var/lib/osmoda/checks/$1 unit=osmoda-check-$1.service
is_over() { case $(tail -n 1 "$dir/journal") in *"${tab}done${tab}"*) ;; *) return 1 ;; esac; }

if [ ! -e "$dir/journal" ]; then
    # The unit makes the journal as the first thing it does.
    turns=40
    while [ ! -e "$dir/journal" ] && [ "$turns" -gt 0 ]; do turns=$((turns - 1)); sleep 0.05; done
    [ -e "$dir/journal" ] || { printf 'never\n'; exit 0; }
fi
# A server that lost its power has no unit any more that could write the last line.
if ! is_over && ! systemctl -q is-active "$unit"; then
    turns=100
    while ! is_over && [ "$(systemctl show --property=ActiveState --value "$unit")" != inactive ] && [ "$turns" -gt 0 ]; do turns=$((turns - 1)); sleep 0.05; done
    if ! is_over && ! systemctl -q is-active "$unit"; then
        read -r up _ </proc/uptime
        if ! printf '\n%s\tdone\tlost\t%s\n' "$up" 'The server was restarted in the middle.' 2>/dev/null >>"$dir/journal"; then
            # There is no room for a last line, so nobody reads it there.
            tail -n "+$2" "$dir/journal"
            printf '\n%s\tdone\tlost\t%s\n' "$up" 'The server cannot write to /var/lib/osmoda/checks: its disk is full or read-only. Make room there and check again.'
            exit 0
        fi
    fi
fi
# It ends with the run, also where that could not write its last line; who follows asks once more then.
main=$(systemctl show --property=MainPID --value "$unit")
set -- "$2" ${main:+"--pid=$main"}
[ "${main:-0}" != 0 ] || set -- "$1"
tail -n "+$1" ${2+"$2"} -f "$dir/journal" 2>/dev/null | awk -F '\t' '{ print; fflush() } $2 == "done" && $0 !~ /^[=@]/ { exit }'
