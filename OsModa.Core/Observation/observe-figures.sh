# Part of observe.sh: figures, the lock of switches and the ledger that a server keeps itself.
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
