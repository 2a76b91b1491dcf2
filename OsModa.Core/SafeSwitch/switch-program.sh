# Part of safeswitch.sh: running the switch program, keeping what it prints, telling what it waits for.
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
    : >"$dir/full"
    printf '[the rest is left out]\n' >>"$dir/output"
    exec cat >/dev/null
}

# While the switch program waits for units, says every few seconds for which. NixOS waits until systemd has been quiet for 250 ms,
# up to 90 s, and each unit that does not stop or start costs up to its own timeout.
tell_waiting() {
    waited=0
    while sleep 3; do
        waited=$((waited + 3))
        busy=$(systemctl list-units --state=activating,deactivating,reloading --plain --no-legend --full --no-pager 2>/dev/null |
            while read -r unit _ _ sub _; do printf '%s (%s) ' "$unit" "$sub"; done | harmless)
        line note settling "$waited s: ${busy:-systemd has not come to rest yet}"
    done
}

# Runs the target's switch program with one of its verbs; its exit status into $status.
switch_program() {
    mark="end of output $us"
    [ -p "$dir/pipe" ] || mkfifo "$dir/pipe"
    keep_output <"$dir/pipe" &
    keeper=$!
    exec 3>"$dir/pipe"
    tell_waiting 3>&- &
    teller=$!
    "$target/bin/switch-to-configuration" "$1" >&3 2>&1 3>&-
    status=$?
    kill "$teller"
    printf '\n%s\n' "$mark" >&3                              # a daemon that it left behind may hold the pipe: no waiting for its end
    exec 3>&-
    [ -e "$dir/full" ] || wait "$keeper"
}

# The same, and again while only a dry run holds the lock, such as that of a preview which somebody looks at; about 20 s at most.
switch_patiently() {
    tries=0
    while switch_program "$1"; [ "$status" = 1 ] && [ "$tries" -lt 80 ] && only_dry_run; do
        tries=$((tries + 1))
        sleep 0.25
    done
}

# Units that have failed or are being started again and again, one a line.
troubled() {
    systemctl list-units --state=failed,activating --plain --no-legend --full --no-pager 2>/dev/null | while read -r unit _ active sub _; do
        case $active/$sub in failed/* | */auto-restart*) printf '%s\n' "$unit" ;; esac
    done
}
