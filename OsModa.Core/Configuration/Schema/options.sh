# options.sh SCHEMA READ PART SOURCE [PLACE [NAME [EXTRA FILES]]]: the options of a system, told by evaluation with the server's own Nix. Nothing is built.
# SCHEMA and READ are the texts of schema.nix and read-options.nix; PART is schema or set; SOURCE is flake, file or channel. With FILES (a tar archive,
# gzipped, in base 64) the system is that of these files, and PLACE and EXTRA are paths among them.
# Lines:
#   root PLACE FOLDER     files that are named below PLACE are those below FOLDER of the configuration; the first that fits counts
#   part                  what follows up to part-end is a JSON array, in pieces, each after =
#   part-end
#   bare POSITIONS        what is below could not be told with its defaults or values: a module there is written wrongly. After a colon: of which
#                         members, such as 3:0-12
#   failed POSITIONS      what is below could not be told at all
#   said WORDS            nothing can be evaluated; the last words of Nix, a line each
#   end                   everything was told
# A mistake that Nix cannot catch, such as a missing attribute, ends a whole evaluation. Then the tree is read by halves.
# Exit status: 0 told; 1 nothing can be evaluated.
LC_ALL=C PATH=${PATH-}:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin
export LC_ALL PATH
set -uf
[ "$#" -ge 4 ] || exit 2
# What the server is there for comes first: evaluations give way to it, as checks do, and are the first to go when memory is short.
renice -n 5 -p $$ >/dev/null 2>&1
{ echo 500 >/proc/self/oom_score_adj; } 2>/dev/null
work=$(mktemp -d "${TMPDIR:-/tmp}/osmoda-options.XXXXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM PIPE
printf '%s' "$1" >"$work/schema.nix"
printf '%s' "$2" >"$work/read-options.nix"
part=$3 source=$4 place=${5-} name=${6-} extra=${7-} within=''
case /$place/$extra/ in */../*) exit 2 ;; esac
if [ -n "${8-}" ]; then
    within=$place
    place=$work/source${within:+/$within} extra=${extra:+$work/source/$extra}
    { mkdir "$work/source" && printf '%s' "$8" | base64 -d 2>/dev/null | tar -xzf - -C "$work/source" --no-same-owner 2>/dev/null; } || {
        printf 'said\tThe files of the configuration cannot be written below %s: the disk is full or read-only.\n' "${TMPDIR:-/tmp}"
        exit 1
    }
    [ "$source" = channel ] || place=path:$place
fi

# Each evaluation begins with the whole system: seconds on a real one. What is not told by then is told bare.
most=100
: >"$work/evaluations"

ask() { # ask POSITIONS RANGE BARE COUNT
    printf . >>"$work/evaluations"
    nix-instantiate --eval --strict --json --option extra-experimental-features 'nix-command flakes' "$work/read-options.nix" \
        --arg schema "$work/schema.nix" --argstr source "$source" --argstr place "$place" --argstr name "$name" --argstr extra "$extra" \
        --argstr part "$part" --argstr under "$1" --argstr range "$2" --arg bare "$3" --arg count "$4" >"$work/answer" 2>"$work/words"
}

enough() { [ "$(wc -c <"$work/evaluations")" -ge "$most" ]; }

tell() {
    echo part
    fold -b -w 32768 "$work/answer" | sed 's/^/=/'
    echo
    echo part-end
}

told() { # told POSITIONS
    if ask "$1" '' false false; then tell; else spoilt "$1"; fi
}

bare() { # bare POSITIONS RANGE
    if ask "$1" "$2" true false; then
        printf 'bare\t%s\n' "$1${2:+:$2}"
        tell
    else
        printf 'failed\t%s\n' "$1${2:+:$2}"
    fi
}

spoilt() { # spoilt POSITIONS: what is below cannot be told as it is
    members=0
    if ! enough && ask "$1" '' false true; then
        members=$(cat "$work/answer")
        case $members in *[!0-9]* | '') members=0 ;; esac
    fi
    case $members in
        0) bare "$1" '' ;;
        1) spoilt "${1:+$1,}0" ;;
        *) halves "$1" 0 "$members" ;;
    esac
}

# Members that are written well are told together: what is wrong among a thousand is found in twenty evaluations.
halves() { # halves POSITIONS FROM TO: a mistake is among these members, of which there are two or more
    half "$1" "$2" $((($2 + $3) / 2))
    half "$1" $((($2 + $3) / 2)) "$3"
}

half() { # half POSITIONS FROM TO
    if enough; then bare "$1" "$2-$3"
    elif ask "$1" "$2-$3" false false; then tell
    elif [ $(($3 - $2)) = 1 ]; then spoilt "${1:+$1,}$2"
    else halves "$1" "$2" "$3"; fi
}

# Where nixpkgs is when nobody said: as NixOS sets it for people who log in.
if [ "$source" = channel ] && [ -z "${NIX_PATH-}" ]; then
    [ ! -r /etc/set-environment ] || NIX_PATH=$(set +u; . /etc/set-environment >/dev/null 2>&1; printf '%s' "${NIX_PATH-}")
    NIX_PATH=${NIX_PATH:-nixpkgs=/nix/var/nix/profiles/per-user/root/channels/nixos:nixos-config=/etc/nixos/configuration.nix:/nix/var/nix/profiles/per-user/root/channels}
    export NIX_PATH
fi

if ! ask '' '' true true; then
    tail -n 5 "$work/words" | cut -b 1-2000 | sed "s/^/said$(printf '\t')/"
    exit 1
fi
if [ "$source" = flake ]; then
    asked=$part part=/root
    if ask '' '' true true; then
        root=$(tr -d '"\n' <"$work/answer")
        if [ -n "${8-}" ]; then printf 'root\t%s\t%s\n' "$root" "$within"; else printf 'root\t%s\t%s\n' "$root" "$place"; fi
    fi
    part=$asked
fi
[ -z "${8-}" ] || printf 'root\t%s\t\n' "$work/source"
told ''
echo end
