# Part of observe.sh: the programs whose output is passed through.
# pass KIND LETTER PROGRAM…: prefixes each line of the program by "=KIND LETTER BOOT:NUMBER:". timeout makes both one process
# group and hands it the signal that ends them; with 0 it never ends them by itself.
pass() {
    label="=$1 $2 $boot"
    shift 2
    # shellcheck disable=SC2016  # expanded by the inner shell
    exec timeout 0 sh -c 'label=$1; shift; "$@" 2>/dev/null | grep --line-buffered -n -H -a --label="$label" "" -' pass "$label" "$@" </dev/null
}

start_bus() {
    m="type='signal',sender='org.freedesktop.systemd1'"
    manager="$m,interface='org.freedesktop.systemd1.Manager'"
    pass bus b busctl --json=short \
        --match="$m,interface='org.freedesktop.DBus.Properties',path_namespace='/org/freedesktop/systemd1/unit',arg0='org.freedesktop.systemd1.Unit'" \
        --match="$m,interface='org.freedesktop.DBus.Properties',path_namespace='/org/freedesktop/systemd1/unit',arg0='org.freedesktop.systemd1.Service'" \
        --match="$manager,member='UnitRemoved'" --match="$manager,member='Reloading'" monitor &
    bus=$!
}

# New units and reloads make this process poll at once.
start_news() {
    m="type='signal',sender='org.freedesktop.systemd1',interface='org.freedesktop.systemd1.Manager'"
    # shellcheck disable=SC2016  # expanded by the inner shell
    timeout 0 sh -c 'busctl --json=short --match="$2,member='\''UnitNew'\''" --match="$2,member='\''Reloading'\''" monitor 2>/dev/null | while read -r _; do kill -USR1 "$1" || exit; done' \
        news $$ "$m" </dev/null >/dev/null 2>&1 &
    news=$!
}

# Of systemd's words only those that explain trouble (MESSAGE_IDs of sd-messages.h): unit failed, process exited, restart scheduled,
# start job failed, program not started, killed for want of memory; and all about switches.
start_journal() {
    pass journal j journalctl -f -n 0 -o json --no-pager --output-fields=MESSAGE,MESSAGE_ID,UNIT,PRIORITY,SYSLOG_IDENTIFIER \
        _PID=1 MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c MESSAGE_ID=98e322203f7a4ed290d09fe03c09fe15 MESSAGE_ID=5eb03494b6584870a536b337290809b3 \
        MESSAGE_ID=be02cf6855d2428ba40df7e9d022f03d MESSAGE_ID=641257651c1b4ec9a8624d7a40a9e1e7 MESSAGE_ID=fe6faa94e7774663a0da52717891d8ef \
        + _PID=1 UNIT=nixos-rebuild-switch-to-configuration.service + SYSLOG_IDENTIFIER=nixos &
    journal=$!
}

# What was done on this server, by its own record: logins, sudo, switches, failures of units, shutdowns, collections of garbage. Of what sshd writes only
# who was let in: the rest is the noise of strangers at the door. They are asked for by their identifier: of a program that ended at once journald often does not know
# the name (_COMM), but always the user. --no-tail: all that follows the cursor, not the newest ten.
start_events() {
    if [ -z "$since" ]; then
        since=$(journalctl -q -n 1 -o json --output-fields=PRIORITY 2>/dev/null </dev/null | sed -n 's/.*"__CURSOR":"\([a-z0-9=;]*\)".*/\1/p')
        frame mark "$since"
    fi
    if [ -n "$since" ]; then set -- --no-tail --after-cursor="$since"; else set -- --lines=0; fi
    # shellcheck disable=SC2016  # expanded by the inner shell
    pass event e sh -c 'journalctl --follow --output=json --no-pager --output-fields=MESSAGE,MESSAGE_ID,UNIT,_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,_COMM,_EXE,_UID,_PID "$@" \
            _PID=1 MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c + _PID=1 MESSAGE_ID=b07a249cd024414a82dd00cd181378ff + _COMM=systemd-logind MESSAGE_ID=98268866d1d54a499c4e98921d93bc40 \
            + SYSLOG_IDENTIFIER=sshd _UID=0 + SYSLOG_IDENTIFIER=sshd-session _UID=0 + SYSLOG_IDENTIFIER=login _UID=0 + SYSLOG_IDENTIFIER=sudo + SYSLOG_IDENTIFIER=nixos _UID=0 + _SYSTEMD_UNIT=nix-gc.service \
        | grep --line-buffered -a -e "\"MESSAGE\":\"Accepted " -e "\"_COMM\":\"systemd" -e "\"SYSLOG_IDENTIFIER\":\"\(nixos\|sudo\|login\)\"" -e "\"_SYSTEMD_UNIT\":\"nix-gc\."' events "$@" &
    events=$!
}

# tail is told of each line by the kernel only when the file is there as it starts; else it asks once a second, and it takes up
# to five seconds to see that another file has the name.
start_follower() {
    # shellcheck disable=SC2174  # /run is there already
    mkdir -p -m 700 "${stream%/*}" 2>/dev/null && (umask 077; : >>"$stream") 2>/dev/null
    pass op o tail -n +1 -F "$stream" &
    follower=$!
}

alive() { kill -0 "$1" 2>/dev/null; }

# Starts again what has ended; what the bus said meanwhile comes from a poll.
revive() {
    alive "$journal" || start_journal
    alive "$events" || start_events
    alive "$follower" || start_follower
    [ -n "$signals" ] || return 0
    alive "$news" || start_news
    alive "$bus" && return 0
    deaths=$((deaths + 1)) wanted=yes
    if [ $deaths -lt 5 ]; then
        start_bus
    else
        signals='' every=2000 due=0
        frame trouble no-bus 'The system bus cannot be watched; units are polled'
    fi
}
