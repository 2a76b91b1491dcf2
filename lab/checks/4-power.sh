# Power, reboot, cable: and what each leaves on the disk.
# shellcheck shell=bash
server=$prefix-t
"$lab/up" "$server" --base "$suite" --store troubles >/dev/null
address=$(address_of "$(fact "$server" number)")
boot_id() { on cat /proc/sys/kernel/random/boot_id; }
booted() { on readlink -f /run/booted-system; }
generation() { on readlink -f "$profile-$(number_of "$1")-link"; }

before=$(boot_id)
"$lab/switch" "$server" "$(number_of file)" test >/dev/null 2>&1
check "what was only tested runs" same "$(generation file)" "$(on readlink -f /run/current-system)"
"$lab/reboot" "$server"
check "a reboot brings a new boot id" fails same "$before" "$(boot_id)"
check "and ends what was only tested" same "$(generation healthy)" "$(booted)"
check "the journal's boot id is the same as the kernel's" same "$(boot_id | tr -d -)" \
  "$(on journalctl -b -n 1 -o json --no-pager | jq -r ._BOOT_ID)"

"$lab/switch" "$server" "$(number_of file)" boot >/dev/null 2>&1
check "boot does not activate" same "$(generation healthy)" "$(on readlink -f /run/current-system)"
on reboot
reappeared() { [ "$(boot_id)" != "$1" ] && has_booted "$server"; }
check "a reboot from inside works too" patiently 30 reappeared "$(boot_id)"
check "and starts what boot chose" same "$(generation file)" "$(booted)"

# The profile alone decides nothing: without boot, the menu still names the old default.
on nix-env -p "$profile" --switch-generation "$(number_of healthy)" 2>/dev/null
before=$(boot_id)
on touch /var/lib/written-before-the-cut
"$lab/kill" "$server"
check "after a power cut nobody answers" fails greets "$address"
check "and no process, cgroup or namespace is left" nothing_left "$server"
"$lab/up" "$server" >/dev/null
check "the disk is as it was" on test -e /var/lib/written-before-the-cut
check "a power cut brings a new boot id" fails same "$before" "$(boot_id)"
check "it starts the boot menu's default, not the profile" same "$(generation file)" "$(booted)"

"$lab/plug" "$server" out
check "with the cable out nobody answers" fails greets "$address"
check "but the server runs on" same running "$(on systemctl is-system-running)"
check "list says so" same unplugged "$("$lab/list" --json "$server" | jq -r '.[0].state')"
"$lab/plug" "$server" in
check "with the cable in it answers" patiently 5 greets "$address"

check "it powers off cleanly" "$lab/down" "$server"
check "and nothing is left of it" nothing_left "$server"
check "its console saw the shutdown" has "ended with 130" "$(cat "$servers/$server/console.log")"
