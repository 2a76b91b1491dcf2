# Part of start-switch.sh and safeswitch.sh: how all units were before the switch. systemd needs longest for that of all that stands
# before it, so whoever starts the unit asks already, while systemd starts it.
fields=Id,Type,ActiveState,SubState,Result,NRestarts,ExecMainStatus,ExecMainStartTimestampMonotonic,ExecMainExitTimestampMonotonic,InactiveEnterTimestampMonotonic,InactiveExitTimestampMonotonic,ActiveEnterTimestampMonotonic,ConditionTimestampMonotonic

show_units() { systemctl show --property="$fields" '*.service' 2>/dev/null; }
# Of units of other kinds only the state is wanted, which a list has at a tenth of the cost; what is at rest does not stand in it.
list_others() {
    others=$(systemctl list-units --type=mount,automount,swap,socket,timer,path --plain --no-legend --full --no-pager 2>/dev/null) || return
    while read -r unit _ active sub _; do
        printf 'Type=\nId=%s\nActiveState=%s\nSubState=%s\n\n' "$unit" "$active" "$sub"
    done <<END
$others
END
}

# Into $dir/before; when $dir/loaded tells since when systemd has known its units, all is there. The first look counts: somebody who
# gives the same order once more may look when the switch runs already.
look_before() {
    turns=20
    until { list_others && show_units; } >"$dir/before.$$" && systemctl show --property=UnitsLoadTimestampMonotonic --value >"$dir/loaded.$$"; do
        [ $((turns -= 1)) -gt 0 ] || return              # systemd that is executed anew does not answer for a moment
        sleep 0.1
    done
    mv -n "$dir/before.$$" "$dir/before"
    mv -n "$dir/loaded.$$" "$dir/loaded"
    rm -f "$dir/before.$$" "$dir/loaded.$$"
}

# Waits until it is there. Who had begun it may have been killed: then it is asked for here.
wait_for_baseline() {
    turns=350
    until [ -s "$dir/loaded" ] || [ "$turns" = 0 ]; do
        turns=$((turns - 1))
        sleep 0.015
    done
    [ -s "$dir/loaded" ] || look_before
    [ -s "$dir/loaded" ]
}
