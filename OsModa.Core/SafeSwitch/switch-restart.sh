# Part of safeswitch.sh: changes that only a restart can bring. The new system is made the default, the server restarts itself, and a
# unit in /etc/systemd/system.control, the one place for units that NixOS leaves alone, takes the operation up again after the boot.
hook=/etc/systemd/system.control/osmoda-restart.service

hook_in() {
    mkdir -p /etc/systemd/system.control/multi-user.target.wants && cat >"$hook" <<END && ln -sfn ../osmoda-restart.service /etc/systemd/system.control/multi-user.target.wants/
[Unit]
Description=osModa: probation after the restart of operation $id
ConditionPathExists=$dir/safeswitch.sh

[Service]
Type=oneshot
ExecStart=/bin/sh $dir/safeswitch.sh after-boot $id
END
}
hook_out() {
    rm -f "$hook" /etc/systemd/system.control/multi-user.target.wants/osmoda-restart.service
    rmdir /etc/systemd/system.control/multi-user.target.wants /etc/systemd/system.control 2>/dev/null
}

restart_server() {
    hook_in || { hook_out; return 1; }
    line restart
    sync "$dir/journal" "$dir" "$hook" /etc/systemd/system.control
    sync -f /etc
    systemctl reboot --no-block 2>/dev/null || systemctl reboot --force
    while :; do beat; sleep 1; done
}

# Takes the operation up in its next boot. AT goes on by the wall clock, which the restart did not stop, but never backwards.
resume() {
    restore || exit 1
    hook_out
    read -r boot </proc/sys/kernel/random/boot_id
    line boot "$boot"
    open_events
    arm &
    waited=0
    while case $(systemctl is-system-running 2>/dev/null) in initializing | starting) [ "$waited" -lt 1200 ] ;; *) false ;; esac; do
        beat
        sleep 0.25
        waited=$((waited + 1))
    done
    look
    activated=0 status=0 committing=1 over=1 reloaded=1 bases=$newline
    monotonic
    if [ "$stage" = back ]; then
        [ "$current" = "$from" ] || { end_stage failed ''; done_with person - "$bad_text The server was restarted to go back, but runs another system."; }
        end_stage ok ''
        recheck
    fi
    if [ "$current" != "$target" ]; then
        trouble activation - $((us - t0)) "The server came back on another system than $name."
        decide bad - "$bad_text"
        begin_stage back
        repair_default || done_with person - "$bad_text What starts at next boot is not certain: $said"
        end_stage ok ''
        [ "$current" = "$from" ] || done_with person - "$bad_text It is not the old one either."
        recheck
    fi
    probation
    done_with verified 0 ''
}

# Back by another restart: what a restart brought, only a restart can take away.
go_back_by_restart() {
    decide bad "$bad_unit" "$bad_text"
    end_stage failed ''
    close_events
    begin_stage back
    repair_default || done_with person - "$bad_text What starts at next boot is not certain: $said"
    restart_server
    done_with person - "$bad_text The server could not be restarted: its disk is full or read-only. The default at next boot is the old system."
}
