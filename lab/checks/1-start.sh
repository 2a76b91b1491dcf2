# A server as it comes up, and what a program is told about it.
# shellcheck shell=bash
server=$prefix-a
json=$("$lab/up" "$server" --base "$suite" --json)
ask() { jq -er "$1" <<< "$json"; }

check "up says it is on" same on "$(ask .state)"
check "its address is of the lab's network" has 10.77. "$(ask .address)"
check "its host key is the one that sshd shows" same "$(ask .hostKey)" \
  "$(ssh-keyscan -t ed25519 "$(ask .address)" 2>/dev/null | cut -d' ' -f2,3)"
check "the printed ssh command works as it stands" same "$server" "$(bash -c "$(ask .ssh) cat /etc/hostname")"
check "list knows it too" same "$(ask .address)" "$("$lab/list" --json "$server" | jq -r '.[0].address')"
check "systemd runs with nothing failed" same running "$(on systemctl is-system-running)"
check "it calls itself NixOS" has 'ID=nixos' "$(on cat /etc/os-release)"
check "its uptime began with it" test "$(on cut -d. -f1 /proc/uptime)" -lt 30
check "up again finds it running" same "$(on cat /proc/sys/kernel/random/boot_id)" \
  "$("$lab/up" "$server" >/dev/null; on cat /proc/sys/kernel/random/boot_id)"
check "a name with odd letters is refused" fails "$lab/up" 'Bad;Name'
check "an unknown store is refused" fails "$lab/up" "$prefix-x" --store nowhere

# tests run in parallel: nothing that servers share may be made twice
several_at_once() {
  local n
  for n in 1 2 3; do "$lab/up" "$prefix-many-$n" --base "$suite" --json | jq -r .address & done
  wait
}
check "three at once get three addresses" same 3 "$(several_at_once | sort -u | wc -l)"
