# Part of safeswitch.sh: the standing watch, after a switch is done. It is a unit of its own and never holds the switch's name. When it
# has to go back it begins an ordinary operation, which everybody can follow; when somebody else has switched it just ends.
# It outlives a restart of the server, by a hook.
will_stand() { [ "$stand" -gt 0 ] && [ "$current" = "$target" ] && [ "$target" != "$from" ]; }
stand_watch() {
    will_stand || return
    systemctl stop osmoda-standing.service 2>/dev/null
    set +f
    rm -f "$operations"/*/standing                            # there is one watch at a time
    set -f
    : >"$dir/standing"
    printf '%s' "$bases" >"$dir/bases"                        # what was forgiven during the switch stays so
    sync "$dir/state" "$dir/order" "$dir/safeswitch.sh" "$dir/before" "$dir" 2>/dev/null
    put_hook osmoda-stand-again stand-again "osModa: standing watch of operation $id"
    start_standing
    : >"$dir/watched"
}
# Whoever kills it only makes it begin again. A server that goes down begins nothing any more; its hook does, after the next boot.
start_standing() {
    # shellcheck disable=SC2086  # several words
    systemd-run $unordered --quiet --collect --unit=osmoda-standing --description="osModa standing watch $id" --property=RuntimeMaxSec=$((stand + 600)) \
        --property=Restart=on-failure --property=RestartSec=1 /bin/sh "$dir/safeswitch.sh" stand "$id" >/dev/null 2>&1 </dev/null && return
    case $(systemctl is-system-running 2>/dev/null) in stopping | '') ;; *) stand_down ;; esac
}
# stand_down [ID WAYBACK]: nobody stands any more, for this operation or another.
stand_down() {
    rm -f "$operations/${1:-$id}/standing"
    take_hook osmoda-stand-again "${1:-$id}"
    [ "$(readlink "$standing_root")" != "${2:-$from}" ] || rm -f "$standing_root"
}
stand_again() {
    restore || { stand_down; exit 1; }
    # Every switch starts multi-user.target, and that the hook. In the same boot only a soft reboot has ended the watch.
    if [ "$boot" = "$old_boot" ]; then
        case " $(systemctl show --property=ActiveState --value osmoda-standing.service "$switch_unit.service" 2>/dev/null | tr '\n' ' ')" in
            *' active '* | *' activating '* | *' deactivating '*) exit 0 ;;
        esac
    fi
    case $(tail -n 1 "$operations/$undo/journal" 2>/dev/null) in
        '') if [ -e "$dir/standing" ] && [ /run/current-system -ef "$target" ]; then start_standing; else stand_down; fi ;;
        *"${tab}done${tab}"*) stand_down ;;
        *) go_on_back ;;
    esac
}
# The server went down while it went back.
go_on_back() {
    [ -s "$operations/$undo/state" ] && [ -s "$operations/$undo/safeswitch.sh" ] || { rm -rf "${operations:?}/$undo"; start_standing; return; }
    rm -f "$live"
    begin_patiently ended "$undo"
}

# The baseline is that of the pre-flight: what fell between the last look of the switch and the first one here is still its doing. Who
# begins later, after a restart of the server or because it was killed, begins with how often units were started by then: while a
# server boots, what needs each other may fail and be started again.
stand() {
    restore || { stand_down; exit 1; }
    stage='' stood=$((t0 + last)) over=1 calm=1 lasting=1 reloaded=1
    open_events
    if [ $((us - stood)) -ge 5000000 ]; then
        wait_for_boot
        rebase
    elif [ -s "$dir/bases" ]; then bases=$(cat "$dir/bases")$newline; fi
    listen
    monotonic
    asked=$us rebased=$us looked=0
    while [ $((us - stood)) -lt $((stand * 1000000)) ]; do
        wait_event
        if ! { [ /run/current-system -ef "$target" ] && [ "$profiles/system" -ef "$target" ]; }; then
            # While a switch of ours runs it may come back to this system; if it stays with another, that one has a watch of its own.
            case $(systemctl show --property=ActiveState --value "$switch_unit.service" 2>/dev/null) in '' | active | activating | deactivating) ;; *) break ;; esac
            sleep 1
            seen=''
            rebase
            continue
        fi
        # What comes this late comes slowly: nobody asks systemd about all services four times a second for a day.
        [ $((us - stood)) -lt 60000000 ] || [ $((us - looked)) -ge 1000000 ] || continue
        looked=$us
        judge_quietly
        if [ -n "$bad" ]; then
            ! undo || { close_events; exit 0; }              # the operation that goes back takes the watch away when it is through
            # Another switch runs just now, and what it does to units is not the doing of ours.
            sleep 1
            bad='' evidence=$newline seen=''
            rebase
        fi
        [ $((us - rebased)) -lt 300000000 ] || rebase
    done
    close_events
    rm -f "$scratch/events"
    stand_down
}
# Restarts from here on count: what happens now and then is no loop.
rebase() {
    now_shown=$(show_units)
    [ -n "$now_shown" ] || return
    rebased=$us bases=$newline
    for_units note_restarts "$now_shown"
}
note_restarts() { [ "$restarts" = 0 ] || bases="$bases$unit $restarts$newline"; }

# The journal of the operation is closed: what is found stands in that of the next one.
judge_quietly() {
    quiet=1
    look_at_units
    if [ -z "$bad" ] && [ "$stand_confirm" -gt 0 ] && [ ! -e "$dir/stand-confirmed" ] && [ $((us - asked)) -ge $((stand_confirm * 1000000)) ]; then
        trouble unconfirmed - $((us - t0)) 'Nobody confirmed over a new connection: the server may not be reachable any more.'
    fi
    quiet=
}

# An operation that only tells.
stay() {
    [ -s "$dir/left" ] || return 0
    read -r said <"$dir/left"
    done_with person - "$bad_text It was not undone: $said"
}

# Begins the operation that goes back, or the one that only tells why nobody does: never twice between the same two systems nor to one
# that was undone itself, which would be going to and fro, and never below what has proved itself. Fails while another switch runs.
undo() {
    ! systemctl -q is-active "$switch_unit.service" || return 1
    ! being_switched || return 1
    [ ! -s "$operations/$undo/journal" ] || return 0
    rm -rf "${operations:?}/$undo"                            # the power failed while it was written
    pair="$target $from" left=''
    while read -r gone came; do
        case "$gone $came" in
            "$pair") left='It was undone once already, between the same two systems.' ;;
            "$from "*) left='What ran before it was undone itself.' ;;
        esac
    done 2>/dev/null </var/lib/osmoda/undone
    [ "$floor" = no ] || left='It had proved itself before, and what ran before it had not.'
    [ -x "$from/bin/switch-to-configuration" ] || left='The system that ran before it is not on the server any more.'
    default_generation "$from"
    mkdir -p "$operations/$undo" "${live%/*}/$undo" &&
        printf 'order\t2\nmode\tnow\ntarget\t%s\t%s\nexpected\t%s\nprobation\t0\nconfirm\t0\nearly\tyes\nstand\t0\t0\t-\n' "$from" "$number" "$target" >"$operations/$undo/order" &&
        printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$id" "$bad" "$bad_unit" $((t0 + bad_since)) $((t0 + bad_noticed)) "$bad_text" >"$operations/$undo/cause" &&
        { [ -z "$left" ] || printf '%s\n' "$left" >"$operations/$undo/left"; } &&
        cp "$dir/safeswitch.sh" "$operations/$undo/safeswitch.sh" && sync "$operations/$undo/order" "$operations/$undo/cause" "$operations/$undo/safeswitch.sh" "$operations/$undo" &&
        { start_unit run "$undo" || has_begun; } || { rm -rf "${operations:?}/$undo" "${live%/*}/$undo"; return 1; }
}

# systemd may have begun it although its answer was lost.
has_begun() { [ -e "$operations/$undo/journal" ] || [ "$(systemctl show --property=Description --value "$switch_unit.service" 2>/dev/null)" = "osModa operation $undo" ]; }

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
    printf '%s\n' "$from $target" >>/var/lib/osmoda/undone
    [ -z "$ill" ] || { end_stage failed "$ill"; done_with unhealthy "$activated" "$bad_text Going back did not help: $ill."; }
    end_stage ok ''
}
# Whoever was killed in the middle of it goes on: back would be the bad system.
settle_after_all() {
    arm
    wait_for_boot
    [ -s "$dir/before" ] || { look_before; read_baseline; }
    # After a restart of the server the bad system runs again, however far it had come.
    case $begun in *' probation '*) [ /run/current-system -ef "$target" ] || activate ;; *) activate ;; esac
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
