# Part of safeswitch.sh: the timer of last resort. It looks whether the switch still gives signs of life, and goes back when it does not:
# because it was killed in a way that systemd did not see, or hangs.
silence=15                                                    # seconds

# In the background where the straight way must not wait for it.
arm() {
    line note deadline "$silence"
    # shellcheck disable=SC2086  # several words
    systemd-run $unordered --timer-property=DefaultDependencies=no --quiet --collect --unit="osmoda-guard-$id" --description="osModa: last resort of operation $id" --on-active=5 --on-unit-active=5 \
        --timer-property=AccuracySec=100ms --timer-property=RemainAfterElapse=no --property=TimeoutStartSec=10min --service-type=oneshot \
        /bin/sh "$dir/safeswitch.sh" guard "$id" >/dev/null 2>&1 </dev/null 4>&-
}
disarm() { systemctl stop "osmoda-guard-$id.timer" 2>/dev/null; }

# What the timer runs.
guard() {
    ! is_through || { disarm; exit 0; }
    stopped_by_shutdown && exit 0
    # Twice: when a server that stood still goes on, the timer may be the first to run.
    is_silent && sleep 2 && is_silent || exit 0
    holder=$(systemctl show --property=Description --value "$switch_unit.service")
    if [ "$holder" = "osModa operation $id" ]; then
        systemctl kill --signal=KILL "$switch_unit.service"     # systemd then calls "ended", which goes back
        exit 0
    fi
    case $holder in '' | "$switch_unit.service") ended ;; esac       # somebody else's switch is not interrupted
}
is_silent() {
    last_beat=''
    read -r last_beat <"$scratch/beat"
    case $last_beat in *[!0-9]*) last_beat= ;; esac
    monotonic
    [ $((us - ${last_beat:-0})) -ge $((silence * 1000000)) ]
}
# It has written its last line, or would have if the disk had room for it.
is_through() { [ -e "$scratch/done" ] || tail -n 1 "$dir/journal" | grep_done; }
grep_done() { IFS= read -r last_line; case $last_line in *"${tab}done${tab}"*) ;; *) return 1 ;; esac; }

# On the way down nothing is switched any more: the server comes back on what it starts by default.
stopped_by_shutdown() { [ "$(systemctl is-system-running 2>/dev/null)" = stopping ]; }
