# Part of safeswitch.sh: running a switch program beside the observation, keeping what it prints, stopping it.
# Takes lines of the switch program until the mark, and no more than 256 KiB of them.
keep_output() {
    room=262144
    while IFS= read -r text; do
        [ "$text" != "$mark" ] || exit 0
        [ -n "$text" ] || continue
        printf '%s\n' "$text" >>"$dir/output"
        printf 'O\t%s\t%s\n' "$id" "$text" >>"$live"
        room=$((room - ${#text} - 1))
        [ "$room" -gt 0 ] || break
    done
    : >"$scratch/full"
    printf '[the rest is left out]\n' >>"$dir/output"
    exec cat >/dev/null
}

# begin_program SYSTEM VERB: starts it; its exit status will stand in a file, and an event tells that it does.
begin_program() {
    mark="end of output $us"
    rm -f "$scratch/status" "$scratch/full"
    rm -f "$scratch/pipe"                                     # whoever reads from one before would take this one's lines
    mkfifo "$scratch/pipe"
    keep_output <"$scratch/pipe" 4>&- &
    keeper=$!
    exec 3>"$scratch/pipe"
    {
        [ "$2" != test ] || export NIXOS_NO_SYNC=1
        # What a system wants to have checked before one switches to it may be what the bad one broke.
        [ -z "$returning$undone_id" ] || export NIXOS_NO_CHECK=1
        "$1/bin/switch-to-configuration" "$2" >&3 2>&1 3>&- 4>&-
        printf '%s\n' $? >"$scratch/status"
        printf '\n' >&4
    } &
    program=$! told_at=$us waited=0
}

# Succeeds once it has ended, with its exit status in $status.
program_ended() {
    [ -s "$scratch/status" ] || ! kill -0 "$program" 2>/dev/null || return 1
    status=137                                               # it, and who waited for it, were killed; or it ended between the two looks
    [ ! -s "$scratch/status" ] || read -r status <"$scratch/status"
    wait "$program" 2>/dev/null
    printf '\n%s\n' "$mark" >&3                              # a daemon that it left behind may hold the pipe: no waiting for its end
    exec 3>&-
    [ -e "$scratch/full" ] || wait "$keeper"
    program=
}

# A process and all below it. Each is halted first, so that none gets away.
kill_tree() {
    kill -STOP "$1" 2>/dev/null || return
    kids=
    read -r kids 2>/dev/null <"/proc/$1/task/$1/children"
    for kid in $kids; do kill_tree "$kid"; done
    kill -KILL "$1"
}
stop_program() {
    [ -n "$program" ] || return
    kill_tree "$program"
    until program_ended; do sleep 0.01; done 2>/dev/null
}

# Says every few seconds for which units the switch program waits. NixOS waits until systemd has been quiet for 250 ms, up to 90 s,
# and each unit that does not stop or start costs up to its own timeout.
tell_waiting() {
    [ $((us - told_at)) -ge 3000000 ] || return
    told_at=$us waited=$((waited + 3))
    busy=$(systemctl list-units --state=activating,deactivating,reloading --plain --no-legend --full --no-pager 2>/dev/null |
        while read -r unit _ _ sub _; do printf '%s (%s) ' "$unit" "$sub"; done | harmless)
    line note settling "$waited s: ${busy:-systemd has not come to rest yet}"
}

# The lock was taken: 1 of the switch program that is written in Rust, 11 (EAGAIN) of the one in Perl.
locked_out() { case $status in 1 | 11) ;; *) return 1 ;; esac; }

# run_program SYSTEM VERB SECONDS: to its end, and again for up to two minutes while somebody else holds the lock, such as for a preview
# or a boot menu of their own, as long as they do not switch. A boot loader that hangs is ended after so many seconds, with 124 as timeout(1) has it.
run_program() {
    tries=0
    while :; do
        begin_program "$1" "$2"
        monotonic
        program_began=$us
        until program_ended; do
            wait_event
            tell_waiting
            [ $((us - program_began)) -lt $(($3 * 1000000)) ] || { stop_program; status=124; return; }
        done
        [ "$tries" -lt 480 ] && found_locked && { [ /run/current-system -ef "$from" ] || [ /run/current-system -ef "$target" ]; } || break
        beat "$3"
        tries=$((tries + 1))
        sleep 0.25
    done
}
