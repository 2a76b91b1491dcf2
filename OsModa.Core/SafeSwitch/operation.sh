#!/bin/sh
# operation.sh ID [fence]: the truth about an operation, for whoever was away: what runs, and all that it wrote down. Lines as in Journal.md:
#   facts BOOT-ID CURRENT BOOTED PROFILE PROFILE-GENERATION HOLDER    HOLDER: description of the running switch unit, or "-"
#   never                            it never began, and now it never will: see below
#   J ID line of the journal;  O ID line of the output (the newest 200);  end
set -uf
umask 077
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
dir=/var/lib/osmoda/operations/$1

# First the unit, then the journal, then the links: an operation that ends in between has its last line and its effect in what is read.
holder=-
case $(systemctl is-active nixos-rebuild-switch-to-configuration.service) in
    active | activating | deactivating | reloading) holder=$(systemctl show --property=Description --value nixos-rebuild-switch-to-configuration.service | tr '\000-\037\177' ' ' | head -c 200) ;;
esac
# An operation without a journal has not begun, but a late command could still begin it. With "fence" the journal is made here, and
# because safeswitch.sh only runs when it makes the journal itself, "never" is true for ever.
if [ "${2-}" = fence ] && [ ! -e "$dir/journal" ] && [ "$holder" != "osModa operation $1" ]; then
    mkdir -p "$dir" && (set -C && printf 'never\n' >"$dir/journal") 2>/dev/null
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
printf 'facts\t%s\t%s\t%s\t%s\t%s\t%s\n' "$boot" "$(readlink -f /run/current-system)" "$(readlink -f /run/booted-system)" \
    "$(readlink -f /nix/var/nix/profiles/system)" "$number" "${holder:--}"
printf 'end\n'
