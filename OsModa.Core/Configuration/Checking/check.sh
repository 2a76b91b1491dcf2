#!/bin/sh
# check.sh: evaluates and builds a system out of the files in $dir/source, and writes down what happens.
#   run ID      the checks that $dir/order tells of; a unit of its own, started by start-check.sh
#   ended ID    after the unit ended, however it ended
# The order has lines of fields separated by TAB: source channel|flake, place FOLDER (below source/), name SYSTEM, extra FILE (below source/),
# settings FILE (below source/), path JSON (once for each option that is looked at). The journal has lines of fields separated by TAB, the first one
# seconds of uptime:
#   begin | step NAME | ended NAME ok|failed | option N (it has no value) | said TEXT | lock (an answer
#   follows: what the flake's inputs were pinned to now) | derivation PATH | system PATH
#   done passed|failed|cancelled|lost TEXT
# and between them lines of Nix's own (@nix JSON), @cut where no more of them are kept, and =TEXT: a piece of an answer, which ends with an empty piece.
set -uf
umask 077
PATH=/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:${PATH-}
LC_ALL=C HOME=/root
export PATH LC_ALL HOME
id=$2 dir=/var/lib/osmoda/checks/$2
tab=$(printf '\t')
most_log=33554432 most_said=16384 most_single=20

line() {
    read -r up _ </proc/uptime
    printf '%s' "$up"
    printf '\t%s' "$@"
    printf '\n'
} >>"$dir/journal"
begin_step() { step=$1; line step "$1"; }
end_step() { line ended "$step" "$1"; step=''; }
finish() { line 'done' "$1" "${2-}"; exit 0; }

# What Nix said, its end: the mistake stands last.
tell_words() {
    tail -c "$most_said" "$dir/words" | tr '\000-\010\013-\037\177' ' ' | while IFS= read -r text; do line said "$text"; done
}
tell_answer() {
    fold -b -w 16384 "$dir/answer" | sed 's/^/=/' >>"$dir/journal"
    printf '\n=\n' >>"$dir/journal"
}

read_order() {
    source='' place='' name='' extra='' settings='' count=0
    : >"$dir/paths"
    while IFS=$tab read -r word one; do
        case $word in
            source) source=$one ;;
            place) place=$one ;;
            name) name=$one ;;
            extra) extra=$one ;;
            settings) settings=$one ;;
            path) printf '%s\n' "$one" >>"$dir/paths"; count=$((count + 1)) ;;
        esac
    done <"$dir/order"
    paths=[$(tr '\n' ',' <"$dir/paths" | sed 's/,$//')]
    case /$place/$extra/$settings/ in */../*) finish failed 'The order names no proper place.' ;; esac
}

# Where nixpkgs is when nobody said: as NixOS sets it for people who log in.
find_nixpkgs() {
    [ -z "${NIX_PATH-}" ] || return
    [ ! -r /etc/set-environment ] || NIX_PATH=$(set +u; . /etc/set-environment >/dev/null 2>&1; printf '%s' "${NIX_PATH-}")
    NIX_PATH=${NIX_PATH:-nixpkgs=/nix/var/nix/profiles/per-user/root/channels/nixos:nixos-config=/etc/nixos/configuration.nix:/nix/var/nix/profiles/per-user/root/channels}
    export NIX_PATH
}

ask() { # ask PART PATHS [OPTION...]
    part=$1 asked=$2
    shift 2
    nix-instantiate --eval --strict --json "$@" --option extra-experimental-features 'nix-command flakes' "$dir/system.nix" --argstr source "$source" --argstr place "$dir/source${place:+/$place}" \
        --argstr name "$name" --argstr extra "${extra:+$dir/source/$extra}" --argstr settings "${settings:+$dir/source/$settings}" --argstr paths "$asked" --argstr part "$part" >"$dir/answer" 2>"$dir/words"
}

# A flake whose inputs nobody pinned, or not all of them, is pinned now: else each evaluation could be of another nixpkgs.
pin() {
    [ "$source" = flake ] || return 0
    if [ -e "$dir/source${place:+/$place}/flake.lock" ]; then
        ask pinned '[ ]' && [ "$(cat "$dir/answer")" = false ] || return 0
    fi
    if nix --extra-experimental-features 'nix-command flakes' flake lock "path:$dir/source${place:+/$place}" >"$dir/words" 2>&1; then
        line lock
        cp "$dir/source${place:+/$place}/flake.lock" "$dir/answer" && tell_answer
    else
        tell_words
        return 1
    fi
}

# All at once; if that fails, which of them, and each one's words.
check_options() {
    begin_step options
    if ! pin; then
        end_step failed
        finish failed
    fi
    if [ "$count" = 0 ] || ask every "$paths"; then
        end_step ok
        return
    fi
    if ask each "$paths"; then which=$(tr -d '[]' <"$dir/answer" | tr ',' ' '); else which=$(awk -v n="$count" 'BEGIN { for (i = 0; i < n; i++) print "false" }'); fi
    number=0 told=0
    for sound in $which; do
        if [ "$sound" = false ] && [ "$told" -lt "$most_single" ]; then
            if ! ask every "[$(sed -n "$((number + 1))p" "$dir/paths")]"; then
                line option "$number"
                tell_words
                told=$((told + 1))
            fi
        fi
        number=$((number + 1))
    done
    if [ "$told" = 0 ]; then ask every "$paths" || tell_words; fi
    end_step failed
    finish failed
}

check_system() {
    begin_step system
    if ! ask whole "$paths" --read-write-mode; then
        tell_words
        end_step failed
        finish failed
    fi
    tell_answer
    tell_words
    derivation=$(sed -n 's/.*"derivation":"\(\/nix\/store\/[A-Za-z0-9+._?=-]*\.drv\)".*/\1/p' "$dir/answer")
    if [ -z "$derivation" ]; then
        end_step failed
        finish failed
    fi
    line derivation "$derivation"
    end_step ok
}

build() {
    begin_step build
    # Whoever ends this early ends nix-store too: it is in our unit.
    {
        nix-store --realise "$derivation" --add-root "$dir/system" --indirect --log-format internal-json --option max-silent-time 7200 2>&1 >"$dir/built"
        printf '%s\n' $? >"$dir/status"
    } | awk -v most="$most_log" '{ size += length($0) + 1 } size <= most { print; fflush() } size > most && !cut { cut = 1; print "@cut"; fflush() }' >>"$dir/journal"
    read -r status <"$dir/status"
    system=$(readlink -f "$dir/system")
    if [ "$status" != 0 ] || [ ! -x "$system/bin/switch-to-configuration" ]; then
        end_step failed
        finish failed
    fi
    line system "$system"
    end_step ok
}

run() {
    set -C
    : >"$dir/journal" || exit 1                             # this run has begun: never twice
    set +C
    line begin
    read_order
    find_nixpkgs
    check_options
    check_system
    build
    finish passed
}

# systemd calls this after the unit ended. Normally there is a last line; without one somebody or something ended it half-way.
ended() {
    case $(tail -n 1 "$dir/journal") in *"${tab}done${tab}"*) exit 0 ;; esac
    printf '\n' >>"$dir/journal"                             # a line may have been cut in the middle
    if [ -e "$dir/stop" ]; then finish cancelled; fi
    finish lost "The checks were ended from outside (${SERVICE_RESULT-unknown}: ${EXIT_CODE-} ${EXIT_STATUS-})."
}

"$1"
