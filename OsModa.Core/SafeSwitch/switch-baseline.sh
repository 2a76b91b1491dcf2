# Part of start-switch.sh and safeswitch.sh: how all units were before the switch. systemd needs longest for that of all that stands
# before it, so whoever starts the unit asks already, while systemd starts it.
fields=Id,Type,ActiveState,SubState,Result,NRestarts,ExecMainStatus,ExecMainStartTimestampMonotonic,ExecMainExitTimestampMonotonic,InactiveEnterTimestampMonotonic,InactiveExitTimestampMonotonic,ActiveEnterTimestampMonotonic,ConditionTimestampMonotonic

show_units() { systemctl show --property="$fields" '*.service' "$@" 2>/dev/null; }

# Into $dir/before; when $dir/loaded tells since when systemd has known its units, all is there. The first look counts: somebody who
# gives the same order once more may look when the switch runs already.
look_before() {
    turns=20
    until show_units '*.mount' '*.automount' '*.swap' '*.socket' '*.timer' '*.path' >"$dir/before.$$" && systemctl show --property=UnitsLoadTimestampMonotonic --value >"$dir/loaded.$$"; do
        [ $((turns -= 1)) -gt 0 ] || return              # systemd that is executed anew does not answer for a moment
        sleep 0.1
    done
    mv -n "$dir/before.$$" "$dir/before"
    mv -n "$dir/loaded.$$" "$dir/loaded"
    rm -f "$dir/before.$$" "$dir/loaded.$$"
}

# Waits until it is there. Who had begun it may have been killed: then it is asked for here.
wait_for_baseline() {
    turns=1000
    until [ -s "$dir/loaded" ] || [ "$turns" = 0 ]; do
        turns=$((turns - 1))
        sleep 0.005
    done
    [ -s "$dir/loaded" ] || look_before
    [ -s "$dir/loaded" ]
}
