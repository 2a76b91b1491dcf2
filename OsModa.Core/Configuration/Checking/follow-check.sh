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
        printf '\n%s\tdone\tlost\t%s\n' "$up" 'The server was restarted in the middle.' >>"$dir/journal"
    fi
fi
tail -n "+$2" -f "$dir/journal" 2>/dev/null | awk -F '\t' '{ print; fflush() } $2 == "done" && $0 !~ /^[=@]/ { exit }'
