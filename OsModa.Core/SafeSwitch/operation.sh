#!/bin/sh
# operation.sh ID [fence]: the truth about an operation, for whoever was away: what runs, and all that it wrote down. Lines as in Journal.md:
#   facts BOOT-ID CURRENT BOOTED PROFILE PROFILE-GENERATION HOLDER GUARD
#                                    HOLDER: description of the running switch unit, or "-"; GUARD: "guarded" while its timer of
#                                    last resort is set, which goes back when nothing else does, or "-"
#   never                            it never began, and now it never will: see below
#   J ID line of the journal;  O ID line of the output (the newest 200);  end
set -uf
umask 077
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
dir=/var/lib/osmoda/operations/$1

# First the units, then the journal, then the links: an operation that ends in between has its last line and its effect in what is read.
# While systemd does not tell how they are, nothing is said at all: silence is no proof that nothing runs.
said=$(systemctl show --property=Id,Description,ActiveState nixos-rebuild-switch-to-configuration.service \
    "osmoda-guard-$1.timer" "osmoda-guard-$1.service") || exit
holder=- guard=- told=0
while IFS='=' read -r key value; do
    case $key in
        Id) unit=$value ;;
        Description) description=$value ;;
        ActiveState)
            told=$((told + 1))
            case $value,$unit in
                active,osmoda-* | activating,osmoda-* | deactivating,osmoda-*) guard=guarded ;;
                active,* | activating,* | deactivating,* | reloading,* | refreshing,*) holder=$(printf '%s' "$description" | tr '\000-\037\177' ' ' | head -c 200) ;;
            esac ;;
    esac
done <<END
$said
END
[ "$told" = 3 ] || exit
# An operation without a journal has not begun, but a late command could still begin it. With "fence" the journal is made here, and
# because safeswitch.sh only runs when it makes the journal itself, "never" is true for ever.
if [ "${2-}" = fence ] && [ ! -e "$dir/journal" ] && [ "$holder" != "osModa operation $1" ]; then
    mkdir -p "$dir" && (set -C && printf 'never\n' >"$dir/journal") 2>/dev/null
elif [ "${2-}" = fence ] && [ ! -s "$dir/journal" ] && [ "$holder" != "osModa operation $1" ]; then
    printf 'never\n' >"$dir/journal"                         # it was killed before its first word, and before it did anything
fi
first=
[ ! -r "$dir/journal" ] || read -r first <"$dir/journal"
if [ "$first" = never ]; then
    printf 'never\n'
elif [ -n "$first" ]; then
    while IFS= read -r line; do printf 'J\t%s\t%s\n' "$1" "$line"; done <"$dir/journal"
    tail -n 200 "$dir/output" 2>/dev/null | while IFS= read -r line; do printf 'O\t%s\t%s\n' "$1" "$line"; done
fi
number=$(readlink /nix/var/nix/profiles/system)
number=${number#system-} number=${number%-link}
read -r boot </proc/sys/kernel/random/boot_id
printf 'facts\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$boot" "$(readlink -f /run/current-system)" "$(readlink -f /run/booted-system)" \
    "$(readlink -f /nix/var/nix/profiles/system)" "$number" "${holder:--}" "$guard"
printf 'end\n'
