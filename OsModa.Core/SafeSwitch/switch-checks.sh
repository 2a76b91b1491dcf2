# Part of safeswitch.sh and preview.sh: what both ask of the server.

harmless() { tr '\000-\037\177' ' ' | head -c 600; }         # text of others: no TAB, no line feed, and not without end

# File systems without room, as a sentence; nothing when all is well. 16 MiB: the profile and our own notes fit in. 1 MiB for /boot,
# which may be small: a boot entry fits in; a kernel that has to be copied is the boot loader's own check.
full_disks() {
    set -- /nix/var/nix/profiles /var/lib
    [ ! -d /boot ] || set -- "$@" /boot
    df --output=avail,itotal,iavail,target -B1 "$@" | while read -r bytes inodes free at; do
        case $bytes in *[!0-9]*) continue ;; esac
        case $at in /boot | /boot/*) least=1048576 ;; *) least=16777216 ;; esac
        [ "$bytes" -ge "$least" ] || printf 'Only %s MiB are free on %s. ' "$((bytes / 1048576))" "$at"
        case $inodes$free in *[!0-9]*) continue ;; esac
        [ "$inodes" = 0 ] || [ "$free" -ge 64 ] || printf 'Only %s more files fit on %s. ' "$free" "$at"
    done
}

# The interfaces of init of two systems, into $old_init and $new_init. Different ones need a restart.
read_inits() {
    old_init='' new_init=''
    read -r old_init 2>/dev/null <"$1/init-interface-version"
    read -r new_init 2>/dev/null <"$2/init-interface-version"
}

# The definition of a unit in a system: its file, or that of its template.
definition() {
    file=$1/etc/systemd/system/$2
    [ -e "$file" ] || case $2 in *@*.*) file=$1/etc/systemd/system/${2%%@*}@.${2##*.} ;; esac
}
# find_missing SYSTEM UNIT…: those that it does not have, with commas between them, into $missing.
find_missing() {
    system=$1 missing=
    shift
    for unit; do
        definition "$system" "$unit"
        [ -e "$file" ] && [ ! "$file" -ef /dev/null ] || missing="$missing${missing:+, }$unit"
    done
}

# What osmoda-watch says of its own deployments, into $sessions: none, probation, or silent when it does not answer, as while it deploys.
# Fails where there is no osmoda-watch, or nobody to ask it.
upstream_sessions() {
    if ! { [ -S /run/osmoda/watch.sock ] && command -v curl >/dev/null; }; then return 1; fi
    answer=$(unix_socket /run/osmoda/watch.sock /switch/list)
    case $?$(printf '%s' "$answer" | tr -d ' \n') in
        *'"state":"probation"'* | *'"status":"probation"'*) sessions=probation ;;
        28*) sessions=silent ;;                              # curl ran out of time
        *) sessions=none ;;
    esac
}
unix_socket() { curl --silent --max-time 5 --unix-socket "$1" "http://localhost$2" 2>/dev/null; }

# Somebody holds the lock of the switch program, and not only for a dry run, such as that of a preview; who, into $holder.
being_switched() { find_holder || return; case $holder in *dry-activate*) return 1 ;; esac; }

# Who holds the lock of the switch program, in a few words into $holder; fails when nobody does.
find_holder() {
    holder=''
    named=$(stat -c '%d:%i' /run/nixos/switch-to-configuration.lock 2>/dev/null) || return 1
    device=${named%:*}
    while read -r _ _ _ _ pid where _; do
        [ "${where##*:}" = "${named#*:}" ] || continue
        where=${where%:*}                                    # MAJOR:MINOR, in hexadecimal digits
        [ $((0x${where%:*})) = $(((device >> 8) & 4095)) ] && [ $((0x${where#*:})) = $(((device & 255) | ((device >> 12) & 1048320))) ] || continue
        holder="$(tr '\000' ' ' 2>/dev/null <"/proc/$pid/cmdline" | harmless) (process $pid)"
        return 0
    done </proc/locks
    return 1
}
