# Part of safeswitch.sh: what systemd did not hear because it was just executing itself anew. The switch program believes that it was
# heard: then units run on as before, or new definitions were never read and what was started anew is the old once more.
# Right after the activation it is said again, until it was heard; whoever then still runs as before is trouble.
start_lost() {
    lost='' tries=0 unread=''
    until has_read; do
        [ "$tries" -lt 25 ] || { unread=1; break; }
        tries=$((tries + 1))
        beat 60
        ! timeout 60 systemctl daemon-reload 2>/dev/null || break
        sleep 0.2
    done
    if [ "$tries" = 0 ]; then for_lost note_lost; else for unit in $(started_units); do ! changed "$unit" || note_lost; done; fi
    # New units come with the target that wants them. The program that says 4 and names no unit was not heard.
    if [ "$tries" != 0 ] || { [ "$status" = 4 ] && [ -z "$(named_units)" ]; }; then
        line note lost default.target
        until timeout 20 systemctl start --no-block default.target 2>/dev/null || [ "$tries" = 50 ]; do tries=$((tries + 1)); sleep 0.2; done
    fi
    [ -n "$lost" ] || return 0
    line note lost "$lost"
    asked=$((us - t0)) tries=0 deaf=1
    until [ -z "$deaf" ] || [ "$tries" = 25 ]; do
        tries=$((tries + 1))
        beat 60
        timeout 60 systemctl restart $lost 2>/dev/null && break
        see_deaf                                             # some could not be started, or nobody heard it
        [ -z "$deaf" ] || sleep 0.2
    done
    monotonic
}
note_lost() { lost="$lost${lost:+ }$unit"; }
see_deaf() {
    deaf=''
    shown=$(systemctl show --property="$fields" -- $lost 2>/dev/null) || deaf=1
    for_units judge_deaf "$shown"
}
judge_deaf() { when "$rose"; [ "$moment" -ge "$asked" ] || deaf=1; }

# Whether systemd has read units since the target runs, by the times of the link and of the reading; when nobody can tell, it has.
has_read() {
    runs_since=$(stat -c %.6Z /run/current-system 2>/dev/null) || return 0
    runs_since=${runs_since%.*}${runs_since#*.} asks=5
    until read_at=$(busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager UnitsLoadTimestamp 2>/dev/null); do
        [ $((asks -= 1)) -gt 0 ] || return 0
        sleep 0.1
    done
    read_at=${read_at#t }
    case $read_at in '' | *[!0-9]*) return 0 ;; esac
    [ "$read_at" -ge "$runs_since" ]
}

# Changed units that the switch program says it starts, and that were active before.
for_lost() {
    said_of_lost=$1
    set -- $(started_units)
    [ $# = 0 ] || for_units judge_started "$(systemctl show --property="$fields" -- "$@" 2>/dev/null)"
}
judge_started() {
    [ "$active" = active ] && [ "$activated_at" -gt 0 ] && changed "$unit" || return
    when "$activated_at"
    [ "$moment" != 0 ] || "$said_of_lost"
}
judge_lost() {
    [ -z "$unread" ] || trouble activation - $((us - t0)) 'systemd has not read the units of the new system.'
    for_lost tell_lost
}
tell_lost() { trouble activation "$unit" $((us - t0)) "$unit was to be started anew, and runs as before."; }
