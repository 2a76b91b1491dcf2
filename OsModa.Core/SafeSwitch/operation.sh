#!/bin/sh
# operation.sh ID: the truth about an operation, for whoever was away: what runs, and all that it wrote down. Lines as in Journal.md:
#   facts BOOT-ID CURRENT BOOTED PROFILE PROFILE-GENERATION HOLDER    HOLDER: description of the running switch unit, or "-"
#   J ID line of the journal;  O ID line of the output (the newest 200);  end
set -uf
PATH=/run/current-system/sw/bin:$PATH
LC_ALL=C
export PATH LC_ALL
dir=/var/lib/osmoda/operations/$1

# The unit is asked before the journal is read: an operation that ends in between has its last line in what is read.
holder=-
case $(systemctl is-active nixos-rebuild-switch-to-configuration.service) in
    active | activating | deactivating | reloading) holder=$(systemctl show --property=Description --value nixos-rebuild-switch-to-configuration.service | tr '\000-\037\177' ' ' | head -c 200) ;;
esac
number=$(readlink /nix/var/nix/profiles/system)
number=${number#system-} number=${number%-link}
read -r boot </proc/sys/kernel/random/boot_id
printf 'facts\t%s\t%s\t%s\t%s\t%s\t%s\n' "$boot" "$(readlink -f /run/current-system)" "$(readlink -f /run/booted-system)" \
    "$(readlink -f /nix/var/nix/profiles/system)" "$number" "${holder:--}"
if [ -r "$dir/journal" ]; then
    while IFS= read -r line; do printf 'J\t%s\t%s\n' "$1" "$line"; done <"$dir/journal"
    tail -n 200 "$dir/output" 2>/dev/null | while IFS= read -r line; do printf 'O\t%s\t%s\n' "$1" "$line"; done
fi
printf 'end\n'
