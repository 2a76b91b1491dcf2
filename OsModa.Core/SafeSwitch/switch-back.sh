# Part of safeswitch.sh: going back, and finding out whether it is well again. Nothing here waits without a bound.
hung_after=1000000 phase_limit=20000000 back_limit=60000000       # microseconds

# What does not stop when asked is killed after a second of its own: until then the old system cannot start.
kill_hung() {
    hung=$newline
    # Our own unit counts as one that stops while it goes back after it was killed.
    for unit in $(systemctl list-units --state=deactivating --plain --no-legend --full --no-pager 2>/dev/null | while read -r unit _; do printf '%s\n' "$unit"; done); do
        [ "$unit" != "$switch_unit.service" ] || continue
        # It was stopping before the switch, which never named it: somebody else's doing, such as a database that takes its time.
        ! listed "$unit" "$leaving" || grep -qsF -e "$unit" "$dir/output" || continue
        stops_since=$us
        case $stopping in *"$newline$unit "*) stops_since=${stopping#*"$newline$unit "} stops_since=${stops_since%%"$newline"*} ;; esac
        if [ $((us - stops_since)) -lt "$hung_after" ]; then hung="$hung$unit $stops_since$newline"; continue; fi
        line note killed "$unit did not stop"
        systemctl kill --kill-who=all --signal=KILL "$unit" 2>/dev/null
        killed=$killed$unit$newline
    done
    stopping=$hung
}

# The old system's switch program, bounded. NixOS waits without an end for the managers of people who are logged in and for
# sysinit-reactivation.target; when that takes too long, the units that are still to be started are started without it.
# switch_back SYSTEM
switch_back() {
    stopping=$newline
    tries=0
    while :; do
        begin_program "$1" test
        monotonic
        back_began=$us
        until program_ended; do
            wait_event
            tell_waiting
            [ $((us - back_began)) -lt 400000 ] || kill_hung
            look
            if [ $((us - back_began)) -ge "$back_limit" ] || { [ "$current" = "$1" ] && [ $((us - back_began)) -ge "$phase_limit" ]; }; then
                line note phase 'The old switch program took too long and was ended; its units are started without it.'
                stop_program
                start_listed
                return
            fi
        done
        case $status in 0 | 4) has_read || start_lost; return ;; esac
        tries=$((tries + 1))
        [ "$tries" -lt 480 ] && { [ /run/current-system -ef "$from" ] || [ /run/current-system -ef "$target" ]; } || return
        end_orphans
        [ "$tries" -lt 8 ] || end_dry_run
        # Once more in any case; longer only while the lock is held, be it by a process that is still dying and that nothing shows.
        case $(newest_output) in *'acquire lock'*) ;; *) find_holder || [ "$tries" -lt 2 ] || return ;; esac
        sleep 0.25
    done
}
# A dry run is in nobody's way for long, unless it hangs.
end_dry_run() {
    find_holder || return
    case $holder in *dry-activate*) holder=${holder##*(process } && kill -KILL "${holder%)}" 2>/dev/null ;; esac
}
# What a killed switch program left behind in our own unit may hold its lock on; /proc/locks names the dead one, or nobody.
end_orphans() {
    IFS= read -r our_group </proc/self/cgroup
    set +f
    for process in /proc/[0-9]*; do
        { IFS= read -r its_group <"$process/cgroup"; } 2>/dev/null && [ "$its_group" = "$our_group" ] || continue
        for file in "$process"/fd/*; do
            [ "$file" -ef /run/nixos/switch-to-configuration.lock ] || continue
            kill -KILL "${process#/proc/}" 2>/dev/null
            break
        done
    done
    set -f
}
start_listed() {
    for list in start restart; do
        while read -r unit; do
            beat 20
            monotonic
            [ $((us - back_began)) -lt "$((2 * back_limit))" ] || break
            ! a_unit "$unit" || timeout 20 systemctl "$list" "$unit" 2>/dev/null
        done 2>/dev/null <"/run/nixos/$list-list"
        rm -f "/run/nixos/$list-list"
    done
    beat 20
    timeout 20 systemctl start default.target 2>/dev/null
}

# Before this runs, $bad, $bad_unit and $bad_text say why.
go_back() {
    decide bad "$bad_unit" "$bad_text"
    stop_program
    case $stage in '' | back | recheck) ;; *) end_stage failed 'It was stopped.' ;; esac
    close_events
    look
    if [ -n "$undone_id" ]; then done_with person "$status" "$bad_text It was to undo a switch."; fi
    if [ "$current" != "$target" ] && [ "$current" != "$from" ]; then
        done_with person - "$bad_text Meanwhile somebody else has switched the server to a third system; it was left alone."
    fi
    if [ "$target" = "$from" ]; then done_with unhealthy "$activated" "$bad_text It ran before, too: there is no way back."; fi
    if [ ! -x "$from/bin/switch-to-configuration" ]; then done_with person - "$bad_text The old system is not on the server any more: there is no way back."; fi
    begin_stage back
    returning=1
    rm -f /run/nixos/start-list /run/nixos/restart-list /run/nixos/reload-list
    switch_back "$from"
    look
    if [ "$current" != "$from" ]; then
        end_stage failed "The old switch program ended with exit status $status: $(newest_output)"
        done_with person "$status" "$bad_text Going back failed too: the old switch program ended with exit status $status."
    fi
    repair_default || done_with person "$status" "$bad_text The old system runs again, but what starts at next boot is not certain: $said"
    end_stage ok ''
    recheck
}

# What starts at next boot is what did before. As long as it was not committed, nobody touched it.
repair_default() {
    [ -n "$committing" ] || return 0
    beat 300
    said=$(timeout 30 nix-env --profile "$profiles/system" --switch-generation "$default_number" 2>&1) || { said=$(printf '%s' "$said" | harmless); end_stage failed "$said"; return 1; }
    back_status=$status
    run_program "$default" boot 120
    [ "$status" = 0 ] || { said="the boot loader could not be written (exit status $status)."; end_stage failed "$said"; return 1; }
    status=$back_status
}

# The old system runs; is what was in trouble active again, and does it stay so for a moment?
recheck() {
    begin_stage recheck
    make_well "$from"
    [ "${bad:-$bad_kind}" != check ] || for_checks ask_again
    look
    if [ "$current" != "$from" ]; then
        end_stage failed ''
        done_with person - "$bad_text After going back, the server ran another system."
    elif [ -n "$ill" ]; then
        end_stage failed "$ill"
        done_with person "$status" "$bad_text The old system runs again, but not well: $ill."
    fi
    # What the old system does not have is not to stand there as failed because it was killed.
    for unit in $killed; do
        definition "$from" "$unit"
        [ -e "$file" ] || systemctl reset-failed "$unit" 2>/dev/null
    done
    end_stage ok ''
    [ "$generation" = 0 ] && undone='The new system' || undone="Generation $generation"
    done_with rolled-back "$status" "$undone was undone: $bad_text"
}

# The check that did not hold has to hold again, if it held before the change.
ask_again() {
    [ "$1" = "$bad_unit" ] && [ ! -e "$dir/weak.$number_of_check" ] || return 0
    until beat; ask_check "$2"; do
        monotonic
        [ $((us - well_since)) -lt 15000000 ] || { ill="$ill${ill:+, }check $1 ($said)"; return; }
        sleep 0.2
    done
}

# make_well SYSTEM: it runs; waits for the units that ran before to run again, and for the one in trouble to stay so for a moment. What
# is not well after 15 s, into $ill.
make_well() {
    home=$1
    monotonic
    well_since=$us mended=''
    while :; do
        ill='' young='' met=$newline absent=''
        shown=$(show_units)
        for_units judge_again "$shown"
        # systemd forgets units that are at rest; they are asked for by name. When it tells nothing at all, nothing is well.
        # Units of other kinds count when the system has them, or when they were the trouble.
        for unit in $ran; do
            ! listed "$unit" "$met" || continue
            definition "$home" "$unit"
            [ ! -e "$file" ] && [ "$unit" != "$bad_unit" ] || absent="$absent $unit"
        done
        if [ -z "$shown" ]; then ill='systemd does not answer'
        elif [ -n "$absent" ]; then
            # shellcheck disable=SC2086  # several words
            for_units judge_again "$(systemctl show --property="$fields" $absent 2>/dev/null)"
        fi
        monotonic
        [ -n "$ill$young" ] && [ $((us - well_since)) -lt 15000000 ] || return 0
        beat
        sleep 0.1
    done
}

# Those that nothing starts are started here, once; that they started too often before is forgotten.
judge_again() {
    met=$met$unit$newline
    listed "$unit" "$ran" || return
    definition "$home" "$unit"
    [ -e "$file" ] || [ "$unit" = "$bad_unit" ] || return
    case $active in
        active)
            [ "$unit" = "$bad_unit" ] || return
            when "$activated_at"
            [ $((us - t0 - moment)) -ge 300000 ] || young=1 ;;
        activating | reloading | deactivating) ill="$ill${ill:+, }$unit ($sub)" ;;
        *)
            if ! listed "$unit" "$newline$mended"; then
                mended=$mended$unit$newline
                stopped_by_itself && return
                [ "$active" != failed ] || systemctl reset-failed "$unit" 2>/dev/null
                systemctl start --no-block "$unit" 2>/dev/null
                ill="$ill${ill:+, }$unit"
            elif [ "$active" = failed ] || [ "$unit" = "$bad_unit" ] || { [ "$type" != oneshot ] && is_wanted "$home" "$unit"; }; then ill="$ill${ill:+, }$unit ($active)"
            fi ;;
    esac
}
# It ended well, nothing wants it and the change did not touch it: what a timer or a person had started had nothing more to do.
stopped_by_itself() { [ "$active$result" = inactivesuccess ] && [ "$unit" != "$bad_unit" ] && ! is_wanted "$home" "$unit" && ! changed "$unit"; }
