# Part of safeswitch.sh: what systemd did not hear because it was just executing itself anew. The switch program believes that it was
# heard: then units run on as before, or new definitions were never read and what was started anew is the old once more.
# Right after the activation it is said again; whoever then still runs as before is trouble.
start_lost() {
    lost=''
    if has_read; then for_lost note_lost; else read_again; fi
    [ -n "$lost" ] || return 0
    line note lost "$lost"
    beat 60
    timeout 60 systemctl restart $lost 2>/dev/null
    monotonic
}
note_lost() { lost="$lost${lost:+ }$unit"; }

# Whether systemd has read units since the target runs, by the times of the link and of the reading; when nobody can tell, it has.
has_read() {
    runs_since=$(stat -c %.6Z /run/current-system 2>/dev/null) || return 0
    read_at=$(busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager UnitsLoadTimestamp 2>/dev/null) || return 0
    runs_since=${runs_since%.*}${runs_since#*.} read_at=${read_at#t }
    case $read_at in '' | *[!0-9]*) return 0 ;; esac
    [ "$read_at" -ge "$runs_since" ]
}
read_again() {
    beat 60
    timeout 60 systemctl daemon-reload 2>/dev/null
    for unit in $(started_units); do ! changed "$unit" || note_lost; done
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
judge_lost() { for_lost tell_lost; }
tell_lost() { trouble activation "$unit" $((us - t0)) "$unit was to be started anew, and runs as before."; }
