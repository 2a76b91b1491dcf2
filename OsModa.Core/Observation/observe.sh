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

observe() {
    LC_ALL=C PATH=$PATH:/run/current-system/sw/bin:/run/wrappers/bin
    export LC_ALL PATH
    set -f
    since=${1-} known='' as_of=0 bus='' news='' journal='' events='' follower='' poller='' wanted='' locked='' touched='' deaths=0
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
    tries=0
    until list_known || [ "$tries" = 50 ]; do tries=$((tries + 1)); sleep 0.2; done
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
    old=$known
    list_known || { due=$((now + 400)); return; }
    polled=$now due=$((now + every)) wanted=''
    poll "$old" "$known" &
    poller=$!
}

observe "$@"
