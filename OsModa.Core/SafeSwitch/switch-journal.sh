# Part of safeswitch.sh: writing the journal (see Journal.md).
# Microseconds of the monotonic clock into $us. The kernel prints it in /proc/timer_list to the nanosecond and no process has to
# be started to read it; /proc/uptime, where root may not read that, has steps of 10 ms.
monotonic() {
    if { read -r _ && read -r _ && read -r _ _ us _; } 2>/dev/null </proc/timer_list; then
        us=$((us / 1000))
    else
        read -r us _ </proc/uptime
        us=${us%.*}${us#*.}0000
    fi
}

# One line of the journal, its fields as arguments. $t0 and $wall0 are the two clocks at the beginning.
line() {
    monotonic
    IFS=$tab
    set -- "$((us - t0))$tab$((wall0 + us - t0))$tab$*"
    unset IFS
    printf '%s\n' "$1" >>"$dir/journal"
    printf 'J\t%s\t%s\n' "$id" "$1" >>"$live"
}

begin_stage() { stage=$1; line stage "$1"; }
end_stage() { line ended "$stage" "$@"; }

# Where a link leads in the end, into $where; "-" when nowhere. cd does it without a process.
follow() {
    where=-
    ! cd -P "$1" 2>/dev/null || where=$PWD
    cd /
}

# What runs and what starts at next boot, now: into $current, $profile and its $number; "-" for none.
look() {
    follow /run/current-system; current=$where
    follow "$profiles/system"; profile=$where
    number=$(readlink "$profiles/system")
    number=${number#system-} number=${number%-link}
    case $number in '' | *[!0-9]*) number=- ;; esac
}

# The last line: VERDICT, exit status of the switch program, sentence. Then what need not be waited for.
done_with() {
    look
    if [ "$1" = verified ] && [ "$profile" != "$target" ]; then
        set -- unhealthy "$2" "Generation $generation is not the default at next boot: somebody has set another one."
    fi
    line 'done' "$1" "$2" "$current" "$profile" "$number" "$3"
    sync "$dir/journal" "$dir/output" "$dir"
    rm -f "$root" "$dir/pipe" "$dir/full"
    forget_old_operations
    exit 0
}

forget_old_operations() (
    cd "$operations" || exit
    count=0
    ls -t | while IFS= read -r old; do
        count=$((count + 1))
        case $old in *[!0-9a-f-]*) continue ;; ????????-????-????-????-????????????) ;; *) continue ;; esac
        [ "$count" -le 50 ] || rm -rf "./$old"
    done
)
