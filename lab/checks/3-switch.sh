# Switching: order, words and exit statuses, and what is left when it went wrong.
# shellcheck shell=bash
server=$prefix-t
"$lab/up" "$server" --base "$suite" --store troubles >/dev/null
switch() { "$lab/switch" "$server" "$@"; }

# try IDEA [ACTION]: switches and checks that the exit status is the one of the table
try() {
  local ended=0 started=${EPOCHREALTIME/./}
  said=$(switch "$(number_of "$1")" "${2-switch}" 2>&1) || ended=$?
  took=$(((${EPOCHREALTIME/./} - started) / 1000))
  check "switching to $1 ends with one of: $(exits_of "$1") ($took ms)" has " $ended " " $(exits_of "$1") "
}
running() { basename "$(on readlink -f /run/current-system)"; }
built() { basename "$(on readlink -f "$profile-$(number_of "$1")-link")"; }
restarts() { on systemctl show -P NRestarts agent-scout.service; }

said=$(switch "$(number_of kernel)" dry-activate 2>&1)
check "dry-activate tells what would stop" has "would stop the following units: agent-ledgerbot.service, agent-scout.service" "$said"
check "and what would be restarted in place" has "would restart the following units: sshd.service" "$said"
check "and changes nothing" same "$(built healthy)" "$(running)"
check "check only checks" switch "$(number_of healthy)" check

for idea in base packages unit file kernel; do
  try $idea
  check "  and $idea runs" same "$(built $idea)" "$(running)"
  case $idea in
    unit) check "  only redis was stopped" has "stopping the following units: redis-main.service"$'\n' "$said" ;;
    base) check "  the booted kernel is not the one of the running system" fails same "$(on readlink -f /run/booted-system/kernel)" "$(on readlink -f /run/current-system/kernel)" ;;
    file) check "  no unit was touched" fails has "stopping" "$said"
          check "  the file is there" on test -e /etc/shop/limits.toml ;;
  esac
done

try crashLoop
before=$(restarts)
sleep 3.5
after=$(restarts)
check "  the crash loop shows in NRestarts ($before, then $after)" test "$after" -ge $((before + 2))
check "  and never reaches a start limit" fails on systemctl -q is-failed agent-scout.service
try healthy
check "  a unit that is new is announced" has "new units were started: prometheus-node-exporter.service" "$said"
check "  the crash loop is over" same running "$(on systemctl show -P SubState agent-scout.service)"

try unitFails
check "  the failed unit is named" has "warning: the following units failed: migrate.service" "$said"
try activationFails
check "  it went on nevertheless" same "$(built activationFails)" "$(running)"
try needsReboot
check "  nothing was activated" same "$(built activationFails)" "$(running)"
try inhibited
check "  the component is named" has dbus-implementation "$said"
try healthy

on flock /run/nixos/switch-to-configuration.lock sleep 5 &
holder=$!
sleep 0.3
try_locked() { switch "$(number_of kernel)" test 2>&1; echo "status $?"; }
check "while the lock is held, it is refused with 1" has $'Could not acquire lock\nstatus 1' "$(try_locked)"
wait $holder

check "the journal has every switch" has "finished switching to system configuration /nix/store/$(built healthy)" "$(on journalctl -t nixos --no-pager -o cat)"

try networkLost
check "  the server cannot be reached" fails greets "$(address_of "$(fact "$server" number)")"
try healthy
check "  and can again" greets "$(address_of "$(fact "$server" number)")"

# The switch would wait 90 s for a quiet bus; it is cut off here.
switch "$(number_of busyBus)" test >/dev/null 2>&1 &
patiently 20 on systemctl is-active metrics-push.service
sleep 2
check "a busy bus keeps the switch waiting" on systemctl is-active nixos-rebuild-switch-to-configuration.service
on systemctl stop nixos-rebuild-switch-to-configuration.service
wait $! || true
on sh -c 'rm -f /run/nixos/*-list'
try healthy
