# Part of safeswitch.sh: waiting. Whatever may be of interest writes something into one pipe: systemd's signals, the end of the switch
# program, a check that does not hold. Who waits takes all that is there, and wakes up after 250 ms in any case.
open_events() {
    [ -p "$scratch/events" ] || mkfifo "$scratch/events"
    exec 4<>"$scratch/events"
    told='' listener=''
}

# Restarts and crashes are changes of services; a start that fails is a job. Who runs no bus monitor still looks every 250 ms.
listen() {
    systemd="type='signal',sender='org.freedesktop.systemd1'"
    busctl --json=short --match="$systemd,interface='org.freedesktop.DBus.Properties',arg0='org.freedesktop.systemd1.Service'" \
        --match="$systemd,interface='org.freedesktop.systemd1.Manager',member='JobRemoved'" monitor >&4 2>/dev/null &
    listener=$!
}

close_events() {
    [ -z "${listener-}" ] || kill "$listener" 2>/dev/null
    [ -z "${followers-}" ] || kill $followers 2>/dev/null
    listener='' followers=''
}

# What was told into $told. Not at once again: while systemd is busy, its signals are taken together.
wait_event() {
    beat
    [ -z "$told" ] || sleep 0.03
    told=$(timeout "${1:-0.25}" dd bs=65536 count=1 status=none <&4)
    monotonic
}
