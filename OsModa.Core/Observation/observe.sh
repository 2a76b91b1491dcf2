# observe.sh: tells everything that happens on this server, one frame a line, until its output is closed.
# The frames are described in Protocol.md. POSIX shell; needs systemd, coreutils, grep and sed; installs and writes nothing
# but the folder /run/osmoda and in it, empty, the file that switches replace by their live stream.
#
# $1 is a cursor of the journal: what happened since then is told first. Without one, only what happens from now on.
#
# State comes from the system bus, words from the journal, both passed through by grep without a shell in between, because
# the shell reads a pipe byte by byte. Links are compared every 0.2 s by the shell itself, without starting a program.

version=1
profile=/nix/var/nix/profiles/system
lockfile=/run/nixos/switch-to-configuration.lock
stream=/run/osmoda/operation
ledger=/var/lib/osmoda/ledger.db
tab=$(printf '\t')
nl='
'

# --- frames ---------------------------------------------------------------------------------------------------------

# frame KIND FIELD…: one write, so that frames of several processes never mix.
frame() {
    kind=$1 line=
    shift
    for field in "$@"; do line=$line$tab$field; done
    count=$((count + 1))
    printf '%.3990s\n' "$kind$tab$writer$count$tab$boot$line" || leave
}

# Makes text of the server fit for a field. Sets $text.
plain() {
    case $1 in
        *[[:cntrl:]\\]*) text=$(printf '%.300s' "$1" | tr '\000-\037\177' ' ' | sed 's/\\/\\\\/g') ;;
        *) text=$1 ;;
    esac
}

leave() {
    trap - EXIT HUP INT PIPE TERM USR1
    # shellcheck disable=SC2086  # process ids, meant to be words
    kill $bus $news $journal $events $follower $poller 2>/dev/null
    exit 0
}

# CLOCK_MONOTONIC in microseconds, to 10 ms, without a process. Sets $mono.
monotonic() {
    read -r up _ </proc/uptime
    mono=${up%.*}${up#*.}0000
}

# --- what stays the same --------------------------------------------------------------------------------------------

facts() {
    os='' os_id=''
    while IFS='=' read -r key value; do
        value=${value#[\"\']} value=${value%[\"\']}
        case $key in PRETTY_NAME) os=$value ;; ID) os_id=$value ;; esac
    done </etc/os-release
    read -r name </proc/sys/kernel/hostname
    read -r kernel </proc/sys/kernel/osrelease
    plain "$name"; frame fact hostname "$text"
    plain "$os"; frame fact os "$text"
    plain "$os_id"; frame fact os-id "$text"
    plain "$kernel"; frame fact kernel "$text"
    frame fact machine "$(uname -m)"
    frame fact cores "$(nproc)"
    systemd=$(systemctl --version 2>/dev/null | sed -n '1s/^systemd //p')
    plain "$systemd"; frame fact systemd "$text"
    # nix-env opens the store even for this, which only root may where no daemon runs; nix does not, but is not everywhere.
    nix=$({ nix --version || nix-env --version; } 2>/dev/null | sed -n '1s/.* //p')
    plain "$nix"; frame fact nix "$text"
    monotonic
    frame fact booted "$((wall - mono))"
    [ "$os_id" = nixos ] || frame trouble not-nixos "This is not NixOS but ${os_id:-unknown}"
    [ -n "$nix" ] || frame trouble no-nix 'There is no nix-env in the path'
}

# --- the three systems and the generations --------------------------------------------------------------------------

# Sets $current, $booted, $next to what the links mean now, and tells.
pins() {
    link=$(readlink "$profile")
    IFS=$nl
    # shellcheck disable=SC2046  # lines are the words
    set -- $(readlink -m /run/current-system /run/booted-system "$profile" \
        /run/current-system/kernel /run/booted-system/kernel /run/current-system/initrd /run/booted-system/initrd \
        /run/current-system/kernel-modules /run/booted-system/kernel-modules)
    unset IFS
    current=$1 booted=$2 next=$3 reboot=0
    [ "$4$nl$6$nl$8" = "$5$nl$7$nl$9" ] || reboot=1
    number=${link#system-} number=${number%-link}
    case $number in *[!0-9]*) number='' ;; esac
    frame pins "$current" "$booted" "$next" "$number" "$reboot"
}

pins_changed() {
    # shellcheck disable=SC3013  # -ef is in POSIX since 2024, and in dash and bash since long before
    ! { [ /run/current-system -ef "$current" ] && [ "$profile" -ef "$next" ] && [ /run/booted-system -ef "$booted" ]; }
}

profile_time() { stat -c '%y' "${profile%/*}" 2>/dev/null; }

generations() {
    monotonic
    frame begin generations "$mono"
    began=$count
    set +f
    set -- "$profile"-*-link
    if [ -h "$1" ]; then
        revisions=$(for link in "$@"; do printf '%s\n' "$link/sw/bin/nixos-version"; done \
            | xargs grep -s -o -H -m 1 '"configurationRevision":"[^"]*"')
        IFS=$nl
        for row in $(QUOTING_STYLE=literal stat --printf '%.6Y\t%N\n' "$@" 2>/dev/null); do
            unset IFS
            changed=${row%%"$tab"*} link=${row#*"$tab"} target=${row##* -> }
            link=${link%% -> *}
            generation "$link" "$target" "${changed%.*}${changed#*.}"
        done
        unset IFS
    fi
    set -f
    frame end generations $((count - began))
}

# generation LINK TARGET MICROSECONDS
generation() {
    id=${1#"$profile"-} id=${id%-link}
    case $id in '' | *[!0-9]*) return ;; esac
    label='' kernel='' revision='' special=''
    [ -r "$2/nixos-version" ] && read -r label <"$2/nixos-version"
    for path in "$2"/kernel-modules/lib/modules/*; do [ -e "$path" ] && kernel=${path##*/}; done
    for path in "$2"/specialisation/*; do [ -e "$path" ] && special="$special ${path##*/}"; done
    case $revisions in
        *"$1/sw/bin/nixos-version:"*)
            revision=${revisions#*"$1/sw/bin/nixos-version:\"configurationRevision\":\""} revision=${revision%%\"*} ;;
    esac
    plain "$label"; label=$text
    plain "$kernel"; kernel=$text
    plain "$revision"; revision=$text
    plain "${special# }"
    frame generation "$id" "$2" "$3" "$label" "$kernel" "$revision" "$text"
}

# --- units ----------------------------------------------------------------------------------------------------------

# Every loaded unit as a line of fields, cheap also with many: a call of 10 ms where properties of all would take 400.
list_units() {
    systemctl list-units --all --plain --no-legend --full --no-pager 2>/dev/null </dev/null | sed -e 's/\\/\\\\/g' -e "s/$tab/ /g" \
        -e "s/^\\([^ ]*\\)  *\\([^ ]*\\)  *\\([^ ]*\\)  *\\([^ ]*\\) *\\(.\\{0,200\\}\\).*/\\1${tab}LoadState=\\2${tab}ActiveState=\\3${tab}SubState=\\4${tab}Description=\\5/" \
        -e 's/  *$//'
}

# Properties of the units named as lines of fields: blocks of Key=value lines joined.
show_units() {
    systemctl show --all --no-pager --timestamp=us+utc \
        -p Id,Description,LoadState,ActiveState,SubState,Result,NRestarts,MainPID,ExecMainCode,ExecMainStatus,StatusText,InvocationID \
        -p MemoryCurrent,StateChangeTimestamp,StateChangeTimestampMonotonic,ActiveEnterTimestampMonotonic,FragmentPath,NeedDaemonReload,UnitFileState \
        -- "$@" 2>/dev/null </dev/null | sed -n -e 's/\\/\\\\/g' -e "s/$tab/ /g" -e 's/^\(StatusText=.\{0,300\}\).*/\1/' -e 's/^\(Description=.\{0,200\}\).*/\1/' \
        -e '/./{H;$!d;}' -e 'x' -e "s/\\n/$tab/g" -e "s/^\\(.*\\)${tab}Id=\\([^$tab]*\\)/\\2\\1/" -e '/./p' -e 's/.*//' -e 'x'
}

# tell_units LINES
tell_units() {
    IFS=$nl
    for row in $1; do
        unset IFS
        frame unit "$row"
    done
    unset IFS
}

# Memory of services as the kernel counts it, and the marks of units that declare an agent: one process each.
tell_extras() {
    cgroups=/sys/fs/cgroup/system.slice
    tell_units "$(set +f; grep -s . $cgroups/*.service/memory.current $cgroups/*/*.service/memory.current /dev/null \
        | sed -n -e 's/\\/\\\\/g' -e "s|.*/\\([^/]*\\)/memory.current:\\([0-9]*\\)\$|\\1${tab}MemoryCurrent=\\2|p")"
    tell_units "$(set +f; cd /etc/systemd/system 2>/dev/null && grep -s '^X-OsModa-Agent=' ./*.service ./*.service.d/*.conf \
        | sed -n -e 's/\\/\\\\/g' -e "s/$tab/ /g" -e "s|^\\./\\([^/:]*\\.service\\)[^:]*:X-OsModa-Agent=\\(.\\{0,100\\}\\).*|\\1${tab}Marker=\\2|p")"
}

# Lists the units anew. Sets $known, and $as_of to a time before it: who reads takes a unit that changed later and is not
# in the list for a new one, not for one that is gone.
list_known() {
    monotonic
    as_of=$mono
    known=$(list_units)
}

# The whole set; $1 is what list_units said, $2 says whether properties of services come with it.
units() {
    frame begin units "$as_of"
    began=$count
    tell_units "$1"
    [ -z "$2" ] || tell_units "$(show_units '*.service')"
    tell_extras
    frame end units $((count - began))
}

# poll OLD NEW: the safety net, run beside the main loop: the list, then the properties of units whose line is not as it was.
poll() {
    writer=p count=0
    units "$2" ''
    changed=$({ printf '%s\n%s\n' "$1" "$1"; printf '%s\n' "$2"; } | sort | uniq -u | sed -n -e "s/^\\([^$tab]*\\)$tab.*/\\1/" -e 's/\\\\/\\/gp' -e 't' -e 'p')
    [ -n "$changed" ] || return 0
    IFS=$nl
    # shellcheck disable=SC2086  # lines are the words
    changed=$(show_units $changed)
    unset IFS
    tell_units "$changed"
}

# --- figures --------------------------------------------------------------------------------------------------------

load() {
    read -r load1 _ </proc/loadavg
    total=0 available=0
    # /proc/meminfo says kB and means 1,024 bytes.
    while read -r key value _; do
        case $key in MemTotal:) total=$((value * 1024)) ;; MemAvailable:) available=$((value * 1024)); break ;; esac
    done </proc/meminfo
    # shellcheck disable=SC2046  # three numbers
    set -- $(stat -f -c '%S %b %f' /nix/store 2>/dev/null)
    frame load "$load1" "$total" "$available" $((${1:-0} * ${2:-0})) $((${1:-0} * ${3:-0})) "$(date +%s%6N)"
}

# Whether somebody holds the lock of switch-to-configuration: /proc/locks names files as major:minor:inode. Sets $held.
lock() {
    held=0
    if [ -z "$locked" ]; then
        [ -e "$lockfile" ] || return 0
        # shellcheck disable=SC2046  # two numbers
        set -- $(stat -c '%d %i' "$lockfile" 2>/dev/null)
        [ $# = 2 ] || return 0
        locked=$(printf '%02x:%02x:%s' $(($1 >> 8 & 4095)) $(($1 & 255 | $1 >> 12 & 1048320)) "$2")
    fi
    while read -r line; do
        case $line in *" $locked "*) held=1; return 0 ;; esac
    done </proc/locks
}

# osModa's agentd keeps a ledger of its own. Here it is only told that its files have changed; chain.sh reads them.
ledger() {
    [ -e "$ledger" ] || [ -n "$touched" ] || return 0
    IFS=$nl
    # shellcheck disable=SC2046  # lines are the words
    set -- $(stat -c '%s %.9Y' "$ledger" "$ledger-wal" 2>/dev/null)
    unset IFS
    [ "${1-}/${2-}" = "$touched" ] || { touched=${1-}/${2-}; frame ledger "${1-}" "${2-}"; }
}

# --- programs that are passed through -------------------------------------------------------------------------------

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
    pass event e sh -c 'journalctl --follow --output=json --no-pager --output-fields=MESSAGE,MESSAGE_ID,UNIT,_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,_COMM,_UID,_PID "$@" \
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

# --- the whole ------------------------------------------------------------------------------------------------------

observe() {
    LC_ALL=C PATH=$PATH:/run/current-system/sw/bin:/run/wrappers/bin
    export LC_ALL PATH
    set -f
    since=${1-} bus='' news='' journal='' events='' follower='' poller='' wanted='' locked='' touched='' deaths=0
    trap leave HUP INT PIPE TERM
    trap wanted=yes USR1
    read -r boot_id </proc/sys/kernel/random/boot_id
    boot=${boot_id%%-*} writer=m count=0
    wall=$(date +%s%6N) user=$(id -u) may=0
    [ "$user" = 0 ] && may=1
    monotonic
    frame hello $version "$boot_id" "$wall" "$mono" "$user" $may
    [ -d /run/systemd/system ] || { frame trouble no-systemd 'systemd is not the first process here'; frame bye no-systemd; exit 3; }

    # Without a client that has subscribed, systemd sends no unit signals; logind is such a client.
    signals='' every=2000
    [ "$user" = 0 ] && systemctl -q is-active systemd-logind.service 2>/dev/null && { signals=yes every=20000; start_bus; start_news; }
    start_journal
    start_events
    start_follower
    tell_snapshot
    loop
}

tell_snapshot() {
    frame begin snapshot "$mono"
    snapshot=$count
    facts
    pins
    generations
    listed=$(profile_time)
    [ -n "$signals" ] || frame trouble no-bus 'No unit signals: not root, or no systemd-logind'
    lock
    shown=$held
    frame lock "$held"
    ledger
    list_known
    units "$known" yes
    load
    frame end snapshot $((count - snapshot))
}

loop() {
    monotonic
    # A first poll soon, for what happened while the subscriptions were being made.
    beat=$((mono / 1000)) figures=$beat due=$((beat + 2000)) polled=$beat revived=$beat
    while :; do
        sleep 0.2
        monotonic
        now=$((mono / 1000))
        if pins_changed; then
            pins
            generations
            listed=$(profile_time) wanted=yes
        fi
        [ "$now" -lt "$beat" ] || every_second
        [ "$now" -lt "$figures" ] || every_two_seconds
        # News are followed at once, yet never more often than every 5 s.
        [ -z "$wanted" ] || [ $((now - polled)) -lt 5000 ] || due=$now
        [ "$now" -lt "$due" ] || poll_now
    done
}

every_second() {
    beat=$((now + 1000 - (now - beat) % 1000))
    frame beat "$mono"
    lock
    [ "$held" = "$shown" ] || { shown=$held; frame lock "$held"; }
    ledger
}

every_two_seconds() {
    figures=$((now + 2000))
    load
    time=$(profile_time)
    [ "$time" = "$listed" ] || { listed=$time; pins; generations; }
    [ $((now - revived)) -lt 4000 ] || { revived=$now; revive; }
}

poll_now() {
    alive "$poller" && return
    polled=$now due=$((now + every)) wanted='' old=$known
    list_known
    poll "$old" "$known" &
    poller=$!
}

observe "$@"
