# Part of safeswitch.sh: the standing watch, after a switch is done. It is a unit of its own and never holds the switch's name. When it
# has to go back it begins an ordinary operation, which everybody can follow; when somebody else has switched it just ends.
stand_watch() {
    [ "$stand" -gt 0 ] && [ "$current" = "$target" ] && [ "$target" != "$from" ] || return
    systemctl stop osmoda-standing.service 2>/dev/null
    : >"$dir/standing"
    # shellcheck disable=SC2086  # several words
    systemd-run $unordered --quiet --collect --unit=osmoda-standing --description="osModa standing watch $id" --property=RuntimeMaxSec=$((stand + 60)) \
        /bin/sh "$dir/safeswitch.sh" stand "$id" >/dev/null 2>&1 </dev/null || rm -f "$dir/standing"
}

# The baseline is that of the pre-flight: what fell between the last look of the switch and the first one here is still its doing.
stand() {
    restore || exit 1
    stage=''
    open_events
    trap 'rm -f "$dir/standing"' EXIT
    listen
    monotonic
    stood=$us rebased=$us over=1 calm=1 lasting=1 reloaded=1
    while [ $((us - stood)) -lt $((stand * 1000000)) ]; do
        wait_event
        [ /run/current-system -ef "$target" ] && [ "$profiles/system" -ef "$target" ] || break
        judge_quietly
        [ -z "$bad" ] || { undo; break; }
        [ $((us - rebased)) -lt 60000000 ] || [ -z "$shown" ] || { rebased=$us bases=$newline; for_units note_restarts "$shown"; }
    done
    close_events
    rm -f "$scratch/events"
}
note_restarts() { [ "$restarts" = 0 ] || bases="$bases$unit $restarts$newline"; }

# The journal of the operation is closed: what is found stands in that of the next one.
judge_quietly() {
    quiet=1
    look_at_units
    if [ -z "$bad" ] && [ "$stand_confirm" -gt 0 ] && [ ! -e "$dir/stand-confirmed" ] && [ $((us - stood)) -ge $((stand_confirm * 1000000)) ]; then
        trouble unconfirmed - $((us - t0)) 'Nobody confirmed over a new connection: the server may not be reachable any more.'
    fi
    quiet=
}

# Never twice between the same two systems: going to and fro would be worse than either.
undo() {
    pair="$target $from"
    while read -r done_before; do [ "$done_before" != "$pair" ] || return; done 2>/dev/null </var/lib/osmoda/undone
    [ -x "$from/bin/switch-to-configuration" ] && ! [ -e "$operations/$undo" ] || return
    default_generation "$from"
    mkdir -p "$operations/$undo" "${live%/*}/$undo" &&
        printf 'order\t2\nmode\tnow\ntarget\t%s\t%s\nexpected\t%s\nprobation\t0\nconfirm\t0\nearly\tyes\nstand\t0\t0\t-\n' "$from" "$number" "$target" >"$operations/$undo/order" &&
        printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$id" "$bad" "$bad_unit" $((t0 + bad_since)) $((t0 + bad_noticed)) "$bad_text" >"$operations/$undo/cause" &&
        cp "$dir/safeswitch.sh" "$operations/$undo/safeswitch.sh" || return
    if start_unit run "$undo"; then printf '%s\n' "$pair" >>/var/lib/osmoda/undone; else rm -rf "${operations:?}/$undo"; fi
}

# The end of an operation that a standing watch began. How units are is no reason to return to the system that was bad: it is waited
# for what ran before the change to be well again, and told when it is not.
settle() {
    begin_stage recheck
    still=$ran ill_before=$before
    read_baseline "$operations/$undone_id/before"
    for unit in "$bad_unit" $ill_before; do
        if [ "$unit" = "$bad_unit" ] || listed "$unit" "$ran"; then still=$still$unit$newline; fi
    done
    ran=$still
    make_well "$target"
    [ -z "$ill" ] || { end_stage failed "$ill"; done_with unhealthy "$activated" "$bad_text Going back did not help: $ill."; }
    end_stage ok ''
}
# Whoever was killed in the middle of it goes on: back would be the bad system.
settle_after_all() {
    case $begun in *' probation '*) ;; *) activate ;; esac
    commit
    settle
    done_with verified "$activated" ''
}

# The number of a system in the profile, into $number; 0 for none.
default_generation() {
    number=0
    set +f
    for link in "$profiles"/system-*-link; do
        [ "$link" -ef "$1" ] || continue
        number=${link##*/system-} number=${number%-link}
    done
    set -f
}
