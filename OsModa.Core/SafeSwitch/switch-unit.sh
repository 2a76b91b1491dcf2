# Part of start-switch.sh and safeswitch.sh: the unit in which a switch runs. Its name is the one that nixos-rebuild uses: systemd
# itself lets only one of us and of them run.
switch_unit=nixos-rebuild-switch-to-configuration

# No order towards sysinit.target and basic.target, which a unit otherwise has: when somebody stops this one, their start, which every
# switch program asks for, would wait for the stop, and the stop for the way back.
unordered='--property=DefaultDependencies=no --property=Conflicts=shutdown.target --property=Before=shutdown.target'

# start_unit VERB ID: what systemd says, into $said; fails when it does not start it. However the script ends, systemd calls it
# once more with "ended": who was killed half-way goes back then.
start_unit() {
    # shellcheck disable=SC2086  # several words
    said=$(systemd-run $unordered --quiet --collect --no-ask-password --unit="$switch_unit" --service-type=exec --description="osModa operation $2" \
        --setenv=LOCALE_ARCHIVE="${LOCALE_ARCHIVE-}" --property=RuntimeMaxSec=26h --property=TimeoutStopSec=10min --property=KillMode=mixed \
        --property=ExecStopPost="/bin/sh $operations/$2/safeswitch.sh ended $2" \
        /bin/sh "$operations/$2/safeswitch.sh" "$1" "$2" 2>&1 </dev/null)
}
