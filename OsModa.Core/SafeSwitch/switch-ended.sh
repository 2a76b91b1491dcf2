# Part of safeswitch.sh: a switch that somebody or something ended half-way is brought to an end here.
# systemd calls this after the unit ended. Normally there is a last line; without one somebody or something ended it half-way.
ended() {
    if is_through; then
        # It was killed between its last word and the beginning of the standing watch.
        case $(tail -n 1 "$dir/journal") in *"${tab}done${tab}verified${tab}"*) [ -e "$dir/watched" ] || { restore && look && stand_watch; } ;; esac
        exit 0
    fi
    ! stopped_by_shutdown || exit 0
    restore || exit 0
    open_events
    over=1 ending=1 loader_limit=120 how="(${EXIT_CODE:-unknown} ${EXIT_STATUS-})"
    kill_leftovers
    case $mode$begun in
        restart*' good '*) done_with verified - '' ;;
        *' cause '*)
            stay
            settle_after_all ;;
        now*' back '*) ;;                                               # it was good, and could not be made the default
        boot*' commit '* | *' good '*)                                  # it was decided: what is left is done here
            commit
            done_with verified "$status" '' ;;
        now*' activate '*) ;;
        restart*' commit '*)
            [ "$boots" = 0 ] || ended_after_boot
            repair_default || done_with person - "The switch was ended from outside $how, and what starts at next boot is not certain: $said"
            done_with failed - "The switch was ended from outside before the server was restarted $how." ;;
        *) done_with failed - "The switch was ended from outside before it had touched anything $how." ;;
    esac
    case $begun in *' decided '*) ;; *) trouble activation - $((us - t0)) "The switch was ended from outside before it was through $how." ;; esac
    go_back
}
ended_after_boot() {
    [ "$stage" != recheck ] || recheck
    case $begun in *' decided '*) ;; *) trouble activation - $((us - t0)) "The probation was ended from outside $how." ;; esac
    go_back_by_restart
}
# The switch program and what kept its output may have outlived the script that ran them; the first holds the lock. Somebody else's
# is left alone.
kill_leftovers() {
    set +f
    for process in /proc/[0-9]*; do
        [ "${process#/proc/}" != $$ ] && in_switch_unit "$process" && kill_tree "${process#/proc/}"
    done
    set -f
    turns=100
    while [ "$turns" -gt 0 ] && find_holder; do
        turns=$((turns - 1)) holder=${holder##*(process }
        holder=${holder%)}
        in_switch_unit "/proc/$holder" || return
        kill_tree "$holder"
        sleep 0.05
    done
}
in_switch_unit() {
    its_group=
    { IFS= read -r its_group <"$1/cgroup"; } 2>/dev/null
    case $its_group in *"/$switch_unit.service"*) ;; *) return 1 ;; esac
}
