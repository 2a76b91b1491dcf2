# The system closure, the profile and what runs: as NixOS shows them to somebody who comes over ssh.
# shellcheck shell=bash
server=$prefix-a
over_ssh() { "$lab/ssh" "$server" "$@"; }
pin() { on readlink -f "$1"; }

check "the profile has the generations of the table" same "$(jq -r '[.generations[] | select(.store == "small") | .number] | join(" ")' "$lab/generations.json")" \
  "$(over_ssh "nix-env -p $profile --list-generations" | awk '{print $1}' | xargs)"
check "a fresh server's profile points to the healthy one" same "system-$(number_of healthy)-link" "$(on readlink "$profile")"
check "what runs is what the profile says" same "$(pin "$profile")" "$(pin /run/current-system)"
check "what was booted is what runs" same "$(pin "$profile")" "$(pin /run/booted-system)"
check "the boot menu's default is the same" same "default nixos-generation-$(number_of healthy).conf" "$(on grep ^default /boot/loader/loader.conf)"

for file in activate bin/switch-to-configuration boot.json dry-activate etc/os-release extra-dependencies init \
  init-interface-version initrd kernel kernel-params nixos-version sw/bin/nix-env switch-inhibitors system systemd; do
  on test -e "$profile/$file" || missing+=" $file"
done
check "the closure has every file of a NixOS system" same "" "${missing-}"
check "boot.json names its own system" same "$(pin "$profile")" "$(on cat "$profile/boot.json" | jq -r '."org.nixos.bootspec.v1".toplevel')"
check "boot.json has the kernel parameters" same "$(on cat "$profile/kernel-params")" "$(on cat "$profile/boot.json" | jq -r '."org.nixos.bootspec.v1".kernelParams | join(" ")')"
check "boot.json has the specialisation" same rescue "$(on cat "$profile/boot.json" | jq -r '."org.nixos.specialisation.v1" | keys[]')"
check "only the kernel generation brought a new kernel" same "6.6.32 6.6.32 6.6.32 6.6.32 6.6.94 6.6.94 6.6.94" \
  "$(for n in 1 2 3 4 5 6 7; do on ls "$profile-$n-link/kernel-modules/lib/modules"; done | xargs)"

version() { on "$profile-$(number_of "$1")-link/sw/bin/nixos-version" --json | jq -r ".$2 // \"none\""; }
check "nixos-version says what nixos-version holds" same "$(on cat "$profile/nixos-version")" "$(version healthy nixosVersion)"
check "the first system knows no configuration revision" same none "$(version base configurationRevision)"
check "the healthy one knows it" has e4da3b7 "$(version healthy configurationRevision)"

contents() { on find -L "$profile-$(number_of "$1")-link/etc" -type f -exec sha256sum {} + | sed 's/  .*\//  /' | sort -u; }
new_files() { comm -13 <(contents "$1") <(contents "$2") | awk '{print $2}' | xargs; }
check "the unit generation changed one unit, and nothing else of /etc" same redis-main.service "$(new_files packages unit)"
check "the file generation changed one file of /etc" same limits.toml "$(new_files unit file)"
check "the kernel generation left /etc alone" same "" "$(new_files file kernel)"

check "a shell over ssh finds NixOS' programs" same /run/current-system/sw/bin/systemctl "$(over_ssh 'command -v systemctl')"
check "and none that NixOS lacks" fails over_ssh 'command -v jq'
check "an agent answers" has '"status":"ok"' "$(over_ssh 'curl -s --unix-socket /run/agents/scout.sock http://agent/health')"
check "the journal tells of units" has 'Started agent-scout.service' "$(over_ssh 'journalctl -b -u agent-scout --no-pager -q')"

# PID 1 sends unit signals only while somebody has subscribed; on NixOS, and here, logind has.
signals() {
  on /bin/bash -c 'timeout 1 busctl --json=short --match="type=signal,member=PropertiesChanged" monitor 2>/dev/null & sleep 0.3
    systemctl restart agent-scribe.service; wait' | grep -c agent_2dscribe
}
check "logind runs" on systemctl is-active systemd-logind.service
check "the bus tells when a unit changes" test "$(signals)" -gt 0

metadata() { on nix path-info --json "$profile" 2>/dev/null | jq -r 'if type == "array" then .[0].path elif has("info") then .info | keys[0] else keys[0] end'; }
check "Nix answers for the system's path" same "$(pin "$profile")" "$(metadata)"
