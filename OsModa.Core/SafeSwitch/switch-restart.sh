# Part of safeswitch.sh: changes that only a restart can bring. The new system is made the default, the server restarts itself, and a
# hook takes the operation up after every boot until it is through: a server that goes down in its probation, by a power cut or by what
# it is to prove, goes back.
hook_in() { put_hook osmoda-restart after-boot "osModa: probation after the restart of operation $id"; }
hook_out() { take_hook osmoda-restart "$id"; }

# begin_patiently VERB ID: after a boot another switch may hold the name for a moment.
begin_patiently() {
    turns=60
    until start_unit "$1" "$2" || [ $((turns -= 1)) = 0 ]; do sleep 1; done
}

restart_server() {
    line restart
    sync "$dir/journal" "$dir"
    sync -f /etc
    # systemd might start a kernel instead that somebody has loaded, or only user space anew.
    export SYSTEMCTL_SKIP_AUTO_KEXEC=1 SYSTEMCTL_SKIP_AUTO_SOFT_REBOOT=1
    systemctl reboot --no-block 2>/dev/null || systemctl reboot --force
    [ -z "$ending" ] || exit 0                                # systemd waits for the end of a unit that is ending
    while :; do beat; sleep 1; done
}

# Takes the operation up in its next boot. AT goes on by the wall clock, which the restart did not stop, but never backwards.
resume() {
    ! is_through && restore || { hook_out; exit 1; }
    line boot "$boot"
    boots=$((boots + 1))
    open_events
    beat
    arm &
    wait_for_boot
    look
    activated=0 status=0 committing=1 over=1 reloaded=1 bases=$newline
    monotonic
    case $stage in
        recheck) recheck ;;
        back)
            [ "$current" != "$target" ] || [ "$boots" -gt 3 ] || go_back_by_restart      # it went down before the way back was prepared
            [ "$current" = "$from" ] || { end_stage failed ''; done_with person - "$bad_text The server was restarted to go back, but runs another system."; }
            end_stage ok ''
            recheck ;;
    esac
    case $begun in
        *' good '*) [ "$current" != "$target" ] || done_with verified 0 '' ;;
        *' bad '*) go_back_by_restart ;;
        *' probation '*)
            trouble activation - $((us - t0)) 'The server went down in the middle of its probation.'
            go_back_by_restart ;;
        *' restart '*) ;;
        *) went_down_before ;;
    esac
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

# Five minutes at most.
wait_for_boot() {
    waited=0
    while case $(systemctl is-system-running 2>/dev/null) in initializing | starting) [ "$waited" -lt 1200 ] ;; *) false ;; esac; do
        beat
        sleep 0.25
        waited=$((waited + 1))
    done
    monotonic
}

# It did not wait for the restart that was planned. If that started the new system all the same, it is as good.
went_down_before() {
    [ -z "$stage" ] || end_stage failed 'The server went down.'
    [ "$current" != "$target" ] || return 0
    repair_default || done_with person - "The server went down, and what starts at next boot is not certain: $said"
    done_with failed - 'The server went down before the switch could restart it.'
}

# Back by another restart: what a restart brought, only a restart can take away.
go_back_by_restart() {
    decide bad "$bad_unit" "$bad_text"
    case $stage in '' | back) ;; *) end_stage failed '' ;; esac
    close_events
    begin_stage back
    committing=1 returning=1
    repair_default || done_with person - "$bad_text What starts at next boot is not certain: $said"
    restart_server
}
