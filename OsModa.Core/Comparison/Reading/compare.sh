# compare.sh [-k] FROM TO [UNIT...]: what two systems of this server are made of, as far as they differ. With - for FROM, all of TO. With -k
# both closures are known, and not told.
# Nothing is built or changed; texts are told only of files that are not the same file in both, and of the UNITs. Lines, fields separated by TAB:
#   gone SYSTEM                          it is not on this server (any more); nothing follows
#   closure SIDE json|list               SIDE is from, to or both; what follows: the answer of `nix path-info --json` in pieces, or SIZE PATH lines, each after =
#   closures-end
#   entry SIDE PATH TYPE BEHIND MODE TARGET   a file below /etc that the other side does not have like this (find -printf %y %Y %m %l);
#                                        TARGET of what is no link: SHA-256 of its contents; kernel-modules and systemd of the system likewise
#   entries-end
#   wanted UNIT FOLDER/UNIT              in TO a link of FOLDER, such as multi-user.target.wants, wants the unit
#   texts SIDE                           what follows: "file SIZE NAME" for all files, then NAME NUL LINE for each line of those that
#                                        are text and shorter than 100,000 bytes
#   texts-end
LC_ALL=C PATH=${PATH-}:/run/current-system/sw/bin
export LC_ALL PATH
set -uf
closures=asked
[ "$1" != -k ] || { closures=known; shift; }
from=$1 to=$2
shift 2
for unit in "$@"; do
    case $unit in */* | '') exit 2 ;; esac
done
tab=$(printf '\t')

sides='from to' both="$from $to"
[ "$from" != - ] || sides=to both=$to
for system in $both; do
    case $system in /nix/store/?*) ;; *) exit 2 ;; esac
    case ${system#/nix/store/} in *[!A-Za-z0-9+._?=-]*) exit 2 ;; esac
    [ -e "$system/nixos-version" ] || { printf 'gone\t%s\n' "$system"; exit 1; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/osmoda-compare.XXXXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM PIPE

# --- the two closures -----------------------------------------------------------------------------------------------

# Warnings about the format of JSON go to standard error and are of no use to the reader.
closures() {
    # Both at once: nearly all paths are of both systems. What each of them needs follows from the references.
    # shellcheck disable=SC2086
    if nix --extra-experimental-features nix-command path-info --json --recursive $both >"$work/json" 2>/dev/null; then
        case $from in -) printf 'closure\tto\tjson\n' ;; *) printf 'closure\tboth\tjson\n' ;; esac
        fold -b -w 32768 "$work/json" | sed 's/^/=/'
        echo
    else
        for side in $sides; do
            eval "system=\$$side"
            printf 'closure\t%s\tlist\n' "$side"
            nix-store --query --requisites "$system" >"$work/paths" || return
            xargs nix-store --query --size <"$work/paths" | paste -d ' ' - "$work/paths" | sed 's/^/=/'
        done
    fi
    echo closures-end
}

# --- files ----------------------------------------------------------------------------------------------------------

# entries DIRECTORY PREFIX: one line each: path, type, type behind a link, mode, where a link points.
# Files that are no links differ by what is in them; both walks of find go the same way.
entries() {
    {
        find "$1/" -mindepth 1 ! -type f -printf "$2%P\t%y\t%Y\t%m\t%l\n"
        find "$1/" -mindepth 1 -type f -exec sha256sum {} + | cut -c 1-64 >"$work/sums"
        find "$1/" -mindepth 1 -type f -printf "$2%P\t%y\t%Y\t%m\t\n" | paste -d '\0' - "$work/sums"
    } 2>/dev/null | head -n 20000
}

# What differs of two lists: lines of the first with "from", of the second with "to" before them.
differ() {
    sort -u "$work/from" >"$work/from.sorted"
    sort -u "$work/to" >"$work/to.sorted"
    comm -3 --output-delimiter="$tab" "$work/from.sorted" "$work/to.sorted" | sed -e "s/^$tab/entry${tab}to$tab/" -e t -e "s/^/entry${tab}from$tab/"
}

# Whole packages hang behind some links; what is in them is told by the packages.
opaque='^(etc/)?(terminfo|profiles|fonts|X11|zoneinfo|static|ssl/certs|alternatives)(/|$)'

# What comes with a restart and is not told by boot.json.
boot_links() {
    for side in $sides; do
        eval "system=\$$side"
        for part in kernel-modules systemd; do
            find "$system/$part" -maxdepth 0 -type l -printf "$part\t%y\t%Y\t%m\t%l\n" 2>/dev/null
        done >"$work/$side"
    done
    differ
}

files() {
    : >"$work/files"
    : >"$work/from"
    boot_links
    printf 'etc/\n' >"$work/folders"
    round=0
    while [ -s "$work/folders" ] && [ $round -lt 4 ]; do
        round=$((round + 1))
        for side in $sides; do
            eval "system=\$$side"
            while IFS= read -r folder; do
                [ ! -d "$system/$folder" ] || entries "$system/${folder%/}" "${folder%/}/"
            done <"$work/folders" >"$work/$side"
        done
        differ >"$work/round"
        cat "$work/round"
        cut -f 3-5 "$work/round" >"$work/changed"
        # Links to folders that are not the same one in both are looked into.
        grep "${tab}l${tab}d\$" "$work/changed" | cut -f 1 | sort -u | grep -E -v "$opaque" >"$work/folders"
        grep -v -e "${tab}d\$" "$work/changed" | cut -f 1 >>"$work/files"
        # A drop-in means nothing without the unit that it belongs to, and an instance nothing without its template.
        sed -n -e "s|^\(etc/systemd/[a-z]*/[^/]*\)\.d/.*|\1|p" -e "s|^\(etc/systemd/[a-z]*/[^/@]*@\)[^/]*\(\.[a-z]*\)\$|\1\2|p" "$work/changed" >>"$work/files"
    done
    for unit; do
        printf 'etc/systemd/system/%s\n' "$unit"
    done >>"$work/files"
    printf 'boot.json\nkernel-params\nswitch-inhibitors\ninit-interface-version\nnixos-version\nactivate\n' >>"$work/files"
    sort -u "$work/files" -o "$work/files"
    echo entries-end
}

# Scripts and tables that changed units and the activation hand the work to: they say what happens to users, ports and wrappers.
made='/nix/store/[a-z0-9]{32}-(unit-script-[A-Za-z0-9@._-]*|firewall-[a-z]*|nftables-rules[A-Za-z0-9._-]*|users-groups\.json|[A-Za-z0-9._-]*\.(conf|toml|yaml|yml|json|ini|rules))[A-Za-z0-9+._?=/-]*'

# texts: the files named by the lines of standard input, below the current folder: size of each, then the lines of those that are text.
texts() {
    xargs -r -d '\n' sh -c 'exec find -L "$@" -maxdepth 0 -type f -printf "file\t%s\t%p\n"' sh >"$work/sizes" 2>/dev/null
    cat "$work/sizes"
    sed -n "s/^file$tab\\([0-9]\\{1,5\\}\\)$tab//p" "$work/sizes" | tr '\n' '\0' | xargs -0 -r grep -I -s -H -Z '' -- >"$work/text"
    cat "$work/text"
}

all_texts() {
    # Drop-ins of changed units and of instances of changed templates, changed or not: they say whether the unit may be restarted.
    sed -n -e 's|^\(etc/systemd/[a-z]*/[^/]*\.[a-z]*\)$|\1.d/|p' -e 's|^\(etc/systemd/[a-z]*/[^/]*@\)\.[a-z]*\.d/$|\1|p' "$work/files" >"$work/changed-units"
    # A switch starts the targets that run, and with them what they want that does not run.
    find -L "$to/etc/systemd/system/" -mindepth 2 -maxdepth 2 \( -path '*.wants/*' -o -path '*.requires/*' \) -printf 'wanted\t%f\t%P\n' 2>/dev/null | head -n 5000
    for side in $sides; do
        eval "system=\$$side"
        printf 'texts\t%s\n' "$side"
        cd "$system" || return
        { cat "$work/files"; find -L etc/systemd/system etc/systemd/user -mindepth 2 -maxdepth 2 -path '*.d/*' -type f 2>/dev/null | grep -F -f "$work/changed-units"; } | sort -u >"$work/wanted"
        texts <"$work/wanted"
        grep -a -o -E -h "$made" "$work/text" | sort -u | head -n 500 >"$work/made"
        texts <"$work/made"
    done
    echo texts-end
}

[ $closures = known ] || closures
files "$@"
all_texts
