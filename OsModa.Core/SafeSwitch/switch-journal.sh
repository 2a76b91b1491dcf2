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

# Microseconds since 1970 into $wall0; bash, which is NixOS's sh, tells them without a process.
wall_clock() {
    # shellcheck disable=SC3028
    case ${EPOCHREALTIME-} in
        *[0-9].??????) wall0=${EPOCHREALTIME%.*}${EPOCHREALTIME#*.} ;;
        *) wall0=$(date +%s%6N) ;;
    esac
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

# The border of a stage is on the disk soon, whatever happens then; nobody waits for it.
begin_stage() {
    stage=$1
    case $begun in *" $1 "*) return ;; esac                  # who takes it up after somebody else was killed does not begin it again
    begun="$begun $1 "
    line stage "$1"
    sync "$dir/journal" &
}
end_stage() { line ended "$stage" "$@"; stage=; }

# The decision, once.
decide() {
    case $begun in *' decided '*) return ;; esac
    begun="$begun decided "
    line verdict "$@"
}

# A sign of life for the timer of last resort; good for so many seconds more than usual. Written over what is there: whoever reads it
# at that moment does not find an empty file.
beat() {
    monotonic
    printf '%20d\n' $((us + ${1:-0} * 1000000)) 1<>"$scratch/beat"
}

# A moment of systemd's monotonic clock on the scale of the journal, into $moment. In a container the two clocks may differ.
when() {
    [ -n "$shift" ] || { while read -r clock seconds rest; do [ "$clock" != monotonic ] || shift=$((seconds * 1000000)); done; } 2>/dev/null </proc/self/timens_offsets
    shift=${shift:-0}
    moment=$(($1 - shift - t0))
    [ "$moment" -ge 0 ] || moment=0
}

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
    if [ "$1" = verified ] && [ "$mode" != boot ] && [ "$current" != "$target" ]; then
        set -- person "$2" 'Somebody else has switched the server just now.'
    elif [ "$1" = verified ] && [ "$profile" != "$target" ]; then
        set -- person "$2" "Generation $generation is not the default at next boot: somebody has set another one."
    fi
    # What a standing watch wanted undone is as bad as before.
    [ -z "$undone_id" ] || case $1 in refused | reboot | failed) set -- person "$2" "$bad_text It was not undone: $3" ;; esac
    [ -z "$stage" ] || end_stage failed ''
    line 'done' "$1" "$2" "$current" "$profile" "$number" "$3"
    : >"$scratch/done"
    [ "$mode" != restart ] || hook_out
    sync "$dir/journal" "$dir/output" "$dir"
    # Whoever holds the unit is the only one: other roots are of operations that a power cut ended; but for that of the standing watch.
    if [ "$1" = verified ] && will_stand; then ln -sfn "$from" "$standing_root"; fi
    set +f
    for old_root in "${root%/*}"/*; do [ "$old_root" = "$standing_root" ] || rm -f "$old_root"; done
    rm -f "$scratch/pipe" "$scratch/events" "$scratch/full" "$scratch/status" "$scratch"/holds.* "$scratch"/missed.* "$scratch"/due.* "$scratch"/code.*
    set -f
    close_events
    disarm
    # The watch that began this one, to go back, is over.
    [ -z "$undone_id" ] || stand_down "$undone_id" "$target"
    [ "$1" != verified ] || stand_watch
    forget_old_operations
    exit 0
}

forget_old_operations() (
    cd "$operations" || exit
    count=0
    ls -t | while IFS= read -r old; do
        count=$((count + 1))
        case $old in *[!0-9a-f-]*) continue ;; ????????-????-????-????-????????????) ;; *) continue ;; esac
        [ "$count" -le 50 ] || [ -e "./$old/standing" ] || rm -rf "./$old" "${live%/*}/$old"
    done
)
