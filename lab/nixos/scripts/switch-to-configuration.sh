#!/bin/bash
# switch-to-configuration of a lab server: same verbs, order, messages and exit statuses as NixOS' program as seen
# from outside: 0 done, 1 refused, 2 activation failed (it goes on nevertheless), 4 units failed, 100 needs a reboot.
# Its system is $OUT; messages go to stderr, what the activation script says to stdout.
action=${1-}
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 SYSTEMD_COLORS=0 SYSTEMD_PAGER="" NIXOS_ACTION=$action
say() { printf '%s\n' "$*" >&2; }
for part in units compare decide report; do
  # shellcheck source=/dev/null
  . "@lib@/stc-$part.sh"
done

case $action in
  switch|boot|test|dry-activate|check) ;;
  *)
    say "Usage: switch-to-configuration [check|switch|boot|test|dry-activate]"
    say "check:        run pre-switch checks and exit"
    say "switch:       make the configuration the boot default and activate now"
    say "boot:         make the configuration the boot default"
    say "test:         activate the configuration, but don't make it the boot default"
    say "dry-activate: show what would be done if this configuration were activated"
    exit 1 ;;
esac
[ "$(id -u)" = 0 ] || { say "switch-to-configuration must be run as the root user"; exit 1; }
grep -q "^ID=\"\?$DISTRO_ID\"\?$" /etc/os-release || [ -f /etc/NIXOS ] || { say "This is not a NixOS installation!"; exit 1; }

mkdir -p /run/nixos
exec 9>>/run/nixos/switch-to-configuration.lock
flock -n 9 || { say "Could not acquire lock"; exit 1; }

# Pre-switch check: critical components that must not change under a running system. Only a boot may change them.
if [ "$action" != boot ] && [ "${NIXOS_NO_CHECK-}" != 1 ]; then
  changed=$(changed_components /run/current-system/switch-inhibitors "$OUT/switch-inhibitors")
  if [ -n "$changed" ]; then
    say "Critical components of the running system would change: $changed"
    say "Use boot and restart the server, or set NIXOS_NO_CHECK=1 to switch in spite of this."
    say "Pre-switch checks failed"
    exit 1
  fi
fi
[ "$action" != check ] || exit 0

if [ "$action" = switch ] || [ "$action" = boot ]; then
  "$INSTALL_BOOTLOADER" "$TOPLEVEL" || { say "Failed to install bootloader"; exit 1; }
fi
[ "${NIXOS_NO_SYNC-}" = 1 ] || sync -f /nix/store
[ "$action" != boot ] || exit 0

if [ "$(cat /run/current-system/init-interface-version)" != "$(cat "$OUT/init-interface-version")" ]; then
  say "Warning: the new NixOS configuration has an ‘init’ that is
incompatible with the current configuration.  The new configuration
won't take effect until you reboot the system."
  exit 100
fi

take_up_interrupted_run
list_units before || { say "Failed to get active units"; exit 1; }
decide_all

if [ "$action" = dry-activate ]; then
  announce "would stop the following units" shown_stop
  announce "would NOT stop the following changed units" skip
  say "would activate the configuration..."
  "$OUT/dry-activate" "$OUT"
  announce "would reload the following units" reload
  announce "would restart the following units" restart
  announce "would start the following units" shown_start
  exit 0
fi

logger -t nixos -p user.info "switching to system configuration $TOPLEVEL"
status=0
announce "stopping the following units" shown_stop
[ ${#stop[@]} = 0 ] || systemctl stop "${!stop[@]}" 2>/dev/null
announce "NOT restarting the following changed units" skip

say "activating the configuration..."
"$OUT/activate" "$OUT" || { say "Failed to run activate script"; status=2; }

systemctl reset-failed
systemctl daemon-reload
reexec_user_managers
say "restarting sysinit-reactivation.target"
systemctl restart sysinit-reactivation.target

start_instead_of_reload
announce "reloading the following units" reload
run_jobs reload reload
announce "restarting the following units" restart
run_jobs restart restart
announce "starting the following units" shown_start
run_jobs start start

settle
list_units after || status=4
report_new_units
report_failed_units

if [ $status = 0 ]; then
  logger -t nixos -p user.info "finished switching to system configuration $TOPLEVEL"
else
  logger -t nixos -p user.err "switching to system configuration $TOPLEVEL failed (status $status)"
fi
exit $status
