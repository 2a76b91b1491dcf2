# Part of observe.sh: the three systems and the generations.
# Sets $current, $booted, $next to what the links mean now, and tells; empty where one leads nowhere.
pins() {
    link=$(readlink "$profile")
    IFS=$nl
    # shellcheck disable=SC2046  # lines are the words
    set -- $(readlink -m /run/current-system /run/booted-system "$profile")
    unset IFS
    current=$1 booted=$2 next=$3 reboot=0
    boot_parts "$booted" "$current"
    [ -z "$parts" ] || reboot=1
    number=${link#system-} number=${number%-link}
    case $number in *[!0-9]*) number='' ;; esac
    frame pins "$current" "$booted" "$next" "$number" "$reboot" "$parts"
    # A link that is missing names itself: it would be the same file when it comes.
    [ -e "$current" ] || current=''
    [ -e "$booted" ] || booted=''
    [ -e "$next" ] || next=''
}

pins_changed() { ! { same /run/current-system "$current" && same "$profile" "$next" && same /run/booted-system "$booted"; }; }

# One file, or none: what leads nowhere, as on a server that is not NixOS, is never the same file as anything.
# shellcheck disable=SC3013  # -ef is in POSIX since 2024, and in dash and bash since long before
same() { [ "$1" -ef "$2" ] || ! { [ -e "$1" ] || [ -e "$2" ]; }; }

profile_time() { stat -c '%y' "${profile%/*}" 2>/dev/null; }

generations() {
    monotonic
    frame begin generations "$mono"
    began=$count
    set +f
    IFS=$nl
    # No more than a reader keeps: those with the highest numbers.
    # shellcheck disable=SC2046  # lines are the words
    set -- $(printf '%s\n' "$profile"-[0-9]*-link | sort -rV | head -n 1024)
    unset IFS
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
