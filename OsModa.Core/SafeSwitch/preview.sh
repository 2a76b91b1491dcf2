#!/bin/sh
# preview.sh TARGET GENERATION [WATCHED]: what a switch to TARGET would do, without doing it. One finding a line, fields separated by TAB:
#   check NAME ok|warn|failed TEXT
#   inhibitors OLD NEW           the two files (JSON, one line), when both systems have one
#   reboot PART                  kernel, initrd, kernel-modules or systemd differ from what was booted
#   missing UNITS                those of WATCHED, units with spaces between them, that TARGET does not have
#   clock WALL                   microseconds since 1970
#   would LINE                   what the switch program says it would do
#   end STATUS                   exit status of its dry run; "-" when it was not run
set -uf
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C SYSTEMD_COLORS=0
export PATH LC_ALL SYSTEMD_COLORS
target=$1 generation=$2 watched=${3-}
check() { printf 'check\t%s\t%s\t%s\n' "$@"; }

printf 'clock\t%s\n' "$(date +%s%6N)"
case $target in /nix/store/?*) ;; *) exit 2 ;; esac
case ${target#/nix/store/} in *[!A-Za-z0-9+._?=-]*) exit 2 ;; esac

if [ ! -x "$target/bin/switch-to-configuration" ]; then
    check valid failed 'Its files are not on the server any more: they were collected as garbage.'
    printf 'end\t-\n'
    exit 0
elif ! said=$(nix-store --check-validity "$target" 2>&1); then
    check valid failed "The Nix store does not know it as whole: $(printf %s "$said" | harmless)"
    printf 'end\t-\n'
    exit 0
fi
check valid ok "$(nix-store --query --requisites "$target" | wc -l) paths"
[ "/nix/var/nix/profiles/system-$generation-link" -ef "$target" ] || check generation warn 'The profile has it under another number, or not at all; it gets a new number.'

full=$(full_disks)
if [ -n "$full" ]; then check disk failed "$full"; else check disk ok "$(df --output=avail -h /nix/store | { read -r _; read -r free; printf '%s' "$free"; }) free"; fi

if being_switched; then check lock failed "Somebody is switching this server: $holder."
elif systemctl -q is-active nixos-rebuild-switch-to-configuration.service; then check lock failed 'Another switch runs on this server.'
else check lock ok ''; fi

# Two watchdogs on one switch would work against each other: osModa's own goes first.
if upstream_sessions; then
    case $sessions in
        probation) check upstream failed 'osmoda-watch has one of its own on probation. Let it end or commit it there, then look again.' ;;
        silent) check upstream failed 'osmoda-watch does not answer, as when it is just deploying something itself. Look again when it does.' ;;
        none) check upstream ok '' ;;
    esac
fi

read_inits /run/current-system "$target"
if [ "$old_init" != "$new_init" ]; then check init failed "It has another init ($new_init) than the one that runs ($old_init): it can only come by a restart."; else check init ok ''; fi
if [ -e /run/current-system/switch-inhibitors ] && [ -e "$target/switch-inhibitors" ]; then
    printf 'inhibitors\t%s\t%s\n' "$(head -c 8192 /run/current-system/switch-inhibitors | tr '\000-\037\177' ' ')" "$(head -c 8192 "$target/switch-inhibitors" | tr '\000-\037\177' ' ')"
fi
boot_parts /run/booted-system "$target"
for part in $parts; do printf 'reboot\t%s\n' "$part"; done

# shellcheck disable=SC2086  # several words
find_missing "$target" $watched
[ -z "$missing" ] || { printf 'missing\t%s\n' "$missing"; check watch warn "It has no unit $missing, which is an agent now: nobody watches it after the switch."; }

# Somebody else's preview is in its way for a moment only.
tries=0
while said=$(timeout 60 "$target/bin/switch-to-configuration" dry-activate 2>&1); status=$?; [ "$status" != 0 ] && [ "$tries" -lt 8 ]; do
    case $said in *'acquire lock'*) ! being_switched || break ;; *) break ;; esac
    tries=$((tries + 1))
    sleep 0.25
done
printf '%s\n' "$said" | while IFS= read -r line; do [ -z "$line" ] || printf 'would\t%s\n' "$line"; done
printf 'end\t%s\n' "$status"
