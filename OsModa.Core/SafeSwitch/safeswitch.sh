#!/bin/sh
# safeswitch.sh: switches this server to a system that it already has, undoes that when it does the server no good, and writes down
# what happens (see Journal.md).
#   run ID          the switch that $dir/order tells of; a unit of its own, started by start-switch.sh
#   ended ID        after the unit ended, however it ended: who was killed half-way goes back
#   guard ID        the timer of last resort
#   after-boot ID, resume ID     the first begins the second, which goes on after a restart that belonged to the switch
#   stand ID        the standing watch
#   stand-again ID  begins it once more after a restart
# Needs systemd, coreutils and Nix. The target is activated without touching what starts at next boot, and only made the default
# when it has proved itself: a crash or a power failure before that comes back on the old system.
# Each process costs 1 to 5 ms, so the straight way starts few; what is only needed to explain a failure is asked when it failed.
set -uf
umask 077
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export PATH LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER

id=$2
operations=/var/lib/osmoda/operations dir=/var/lib/osmoda/operations/$2 live=/run/osmoda/operation
scratch=${live%/*}/$2                                         # what no disk needs room for, and no restart has to keep
profiles=/nix/var/nix/profiles root=/nix/var/nix/gcroots/osmoda/$2
standing_root=${root%/*}/standing                             # the way back of the standing watch is not to be collected as garbage
tab=$(printf '\t') newline='
'
activation_limit=900000000 enough=2000000                     # microseconds
# What is known so far.
us=0 from='' shift='' begun='' stage='' told='' program='' followers='' listener='' committing='' confirmed='' activated=- status=-
bad='' bad_unit=- bad_text='' bad_since=0 bad_noticed=0 quiet='' undone_id='' unread='' evidence=$newline
over='' calm='' final='' lasting='' seen='' heard_at=0 reloaded='' loaded='' boots=0 killed='' ending='' returning='' due='' bad_kind='' in_doubt='' loader_limit=600 before=$newline ran=$newline leaving=$newline bases=$newline

activate() {
    begin_stage activate
    [ -z "$undone_id" ] || { undo_bounded; return; }
    [ "$early" = yes ] || listen
    monotonic
    began=$us looked=$us tries=0
    while :; do
        from_or_target
        begin_program "$target" test
        [ "$tries" != 0 ] || { read_baseline; [ "$before" = "$newline" ] || line note baseline "$(printf '%s' "$before" | harmless)"; }
        until program_ended; do
            wait_event
            tell_waiting
            look_at_stop
            # A look keeps systemd busy for up to 100 ms, just when the switch program needs it: without its signals, one a second.
            if [ -n "$listener" ] || [ $((us - looked)) -ge 1000000 ]; then looked=$us; look_at_units; fi
            [ $((us - began)) -lt "$activation_limit" ] || trouble activation - $((us - t0)) 'The activation did not end within a quarter of an hour.'
            [ -z "$bad" ] || go_back
        done
        [ "$tries" -lt 80 ] && only_dry_run || break
        tries=$((tries + 1))
        sleep 0.25
    done
    activated=$status
    look
    [ "$status" != 4 ] || ! activation_failed || status=2             # the failure of a unit hides that of the script
    case $status in
        0 | 4) [ "$current" != "$target" ] || { { [ "$probation" = 0 ] && has_read; } || start_lost; end_stage ok ''; return; } ;;
        2) [ "$current" != "$target" ] || broke_off 'The activation script failed (exit status 2).' ;;
        100) end_stage failed ''; done_with reboot 100 "It can only come by a restart." ;;
    esac
    if [ "$current" != "$from" ]; then broke_off "The switch program ended with exit status $status in the middle."
    elif found_locked; then
        end_stage failed "$(newest_output)"
        find_holder || done_with refused "$status" 'Somebody else was switching the server.'
        done_with refused "$status" "Somebody else is switching the server: $holder."
    elif touched_units; then broke_off "The switch program ended with exit status $status when it had begun to stop units."
    elif found_inhibited; then
        end_stage failed "$(newest_output)"
        done_with reboot "$status" "It changes something that must not change while the server runs: it can only come by a restart. $(newest_output)"
    else
        end_stage failed "$(newest_output)"
        done_with failed "$status" "The switch program gave up before it changed anything: $(newest_output)"
    fi
}
from_or_target() { [ /run/current-system -ef "$from" ] || [ /run/current-system -ef "$target" ] || done_with refused - 'Somebody has just switched the server to another system.'; }
# What a standing watch wants undone is undone like any other going back: bounded, and whatever the switch program says, once the old system runs.
undo_bounded() {
    from_or_target
    read_baseline
    [ "$before" = "$newline" ] || line note baseline "$(printf '%s' "$before" | harmless)"
    switch_back "$target"
    look
    activated=$status
    [ "$current" = "$target" ] || broke_off "The switch program ended with exit status $status."
    end_stage ok ''
}
broke_off() {
    monotonic
    trouble activation - $((us - t0)) "$1"
    end_stage failed "$1 $(newest_output)"
    go_back
}
look_at_stop() {
    [ ! -e "$dir/stop" ] || trouble stopped - $((us - t0)) 'A person stopped it.'
    [ ! -e "$scratch/unarmed" ] || [ -n "$undone_id" ] || trouble activation - $((us - t0)) 'systemd would not set the timer of last resort.'
}

# From the end of the activation to the decision.
probation() {
    begin_stage probation
    over=1
    [ -n "$listener" ] || [ "$probation" = 0 ] || listen
    monotonic
    ended_at=$us patience=$((probation * 500000))
    [ "$patience" -ge 2000000 ] || patience=2000000
    [ $((probation * 500000)) -ge "$enough" ] || enough=$((probation * 500000))
    judge_status
    for_checks begin_following
    while :; do
        look_at_stop
        for_checks look_at_check
        if [ -z "$confirmed" ] && [ "$confirm" -gt 0 ]; then
            if [ -e "$dir/confirmed" ]; then confirmed=1; line confirmed
            elif [ $((us - ended_at)) -ge $((confirm * 1000000)) ]; then
                trouble unconfirmed - $((us - t0)) "Nobody confirmed within $confirm s over a new connection: the server may not be reachable any more."
            fi
        fi
        is_over && final=1
        look_at_units
        if [ -n "$final" ]; then
            for_checks look_at_check
            [ -z "$in_doubt" ] || trouble check "$in_doubt" $((us - t0)) "Check $in_doubt has not held by the end of the probation."
        fi
        [ -z "$bad" ] && [ -z "$final" ] || break
        if ! [ /run/current-system -ef "$target" ]; then
            end_stage failed ''
            done_with person "$activated" 'Somebody else switched the server during the probation.'
        fi
        wait_event
    done
    [ -n "$bad" ] || [ "$probation" = 0 ] || { judge_others; judge_lost; }
    if [ -n "$bad" ]; then
        [ "$mode" = restart ] && go_back_by_restart
        go_back
    fi
    [ -n "${parts+known}" ] || boot_parts /run/booted-system "$target"
    [ -z "$parts" ] || line note reboot "$parts"
    decide good - ''
    end_stage ok ''
}
is_over() {
    [ $((us - ended_at)) -ge $((probation * 1000000)) ] || return
    [ "$confirm" = 0 ] || [ -n "$confirmed" ] || return
    in_doubt=
    [ -n "$checks" ] || return 0
    [ $((us - ended_at)) -ge "$patience" ] || return
    [ -n "$due" ] || { due=1; for_checks ask_once_more; }
    # A check that is being asked just now, or has missed once, is waited for; the slowest has an answer within a minute.
    for_checks doubt_check
    [ -z "$in_doubt" ] || [ $((us - ended_at)) -ge $((probation * 1000000 + 60000000)) ]
}

commit() {
    begin_stage commit
    committing=1
    beat 300
    if [ "$profiles/system-$generation-link" -ef "$target" ]; then
        said=$(timeout 60 nix-env --profile "$profiles/system" --switch-generation "$generation" 2>&1)
    else
        said=$(timeout 60 nix-env --profile "$profiles/system" --set "$target" 2>&1)
    fi || uncommitted "The profile could not be set: $(printf '%s' "$said" | harmless)"
    run_program "$target" boot "$loader_limit"
    [ "$status" = 0 ] || uncommitted "The boot loader could not be written (exit status $status): $(newest_output)"
    end_stage ok ''
}
# Without the default at next boot the switch is not done; half of one would be worse than none.
uncommitted() {
    end_stage failed "$1"
    monotonic
    if [ "$mode" = now ]; then
        trouble activation - $((us - t0)) "$1"
        go_back
    fi
    repair_default || done_with person "$status" "$1 What starts at next boot is not certain."
    done_with failed - "$1"
}

run() {
    set -C
    : >"$dir/journal" || exit 1                             # this operation has run: never twice
    set +C
    : >"$dir/output"
    monotonic
    t0=$us
    wall_clock
    [ -e "$dir/looking" ] || look_before &
    read_order <"$dir/order"
    : >"$live.$id" && mv -f "$live.$id" "$live"
    look
    from=$current default=$profile default_number=$number
    [ "$profile" = "$from" ] || number=-
    read -r boot </proc/sys/kernel/random/boot_id
    [ ! -s "$dir/cause" ] || take_cause
    keep_tools
    printf '%s\n' "$t0 $wall0 $boot $default $default_number" >"$dir/state"
    # What has to go on after a restart of the server reads it.
    case $mode$undone_id in now) ;; *) sync "$dir/state" "$dir/order" "$dir/safeswitch.sh" "$dir" ;; esac
    beat
    line begin 2 "$id" "$mode" "$target" "$generation" "$from" "$number" "$boot" "$probation" "$confirm"
    [ ! -s "$dir/cause" ] || tell_cause
    stay
    preflight
    open_events
    case $mode in
        boot)
            commit
            done_with verified "$status" "The server starts $name at next boot." ;;
        restart)
            commit
            begin_stage armed
            line note deadline "$silence"
            end_stage ok ''
            restart_server ;;
        now)
            begin_stage armed
            if [ "$early" = yes ]; then { arm || { sleep 1; arm; } || systemctl -q is-active "osmoda-guard-$id.timer" || { : >"$scratch/unarmed"; printf '\n' >&4; }; } &
            elif ! arm; then refuse armed 'systemd would not set the timer of last resort.'; fi
            end_stage ok ''
            activate
            if [ "$early" = yes ] && [ "$probation" != 0 ]; then commit; probation; else probation; commit; fi
            [ -z "$undone_id" ] || settle
            done_with verified "$activated" '' ;;
    esac
}

# A standing watch began this operation (see settle): its time counts from the moment of the trouble.
take_cause() {
    IFS=$tab read -r undone_id bad bad_unit since noticed bad_text <"$dir/cause"
    wall0=$((wall0 - (t0 - since))) t0=$since
}
tell_cause() {
    line cause standing "$undone_id"
    line trouble "$bad" "$bad_unit" 0 "$bad_text"
    decide bad "$bad_unit" "$bad_text"
    bad=''
}

case $1 in
    run | ended | guard | resume | stand) "$1" ;;
    after-boot) begin_patiently resume "$id" ;;
    stand-again) stand_again ;;
esac
