# Part of safeswitch.sh: an operation is taken up by another process than the one that began it.
# What an earlier process knew, from its files: order, clocks, baseline, and how far it came.
restore() {
    read_order <"$dir/order" && read -r t0 wall0 old_boot default default_number <"$dir/state" && mkdir -p -m 700 "$scratch" || return
    monotonic
    read -r boot </proc/sys/kernel/random/boot_id
    at=0 last=0
    while IFS=$tab read -r at _ word one two three; do
        last=$at
        case $word in
            begin) IFS=$tab read -r _ _ _ _ _ _ _ _ from _ <"$dir/journal" ;;
            stage) stage=$one begun="$begun $one " ;;
            ended) stage='' ;;
            cause) begun="$begun cause " undone_id=$two ;;
            restart) begun="$begun restart " ;;
            trouble) bad_kind=${bad_kind:-$one} ;;
            boot) boots=$((boots + 1)) ;;
            verdict)
                begun="$begun decided $one "
                [ "$one" = good ] || { bad_unit=$two bad_text=$three; } ;;
        esac
    done <"$dir/journal"
    if [ "$boot" != "$old_boot" ]; then
        t0=$((us - $(date +%s%6N) + wall0))
        if [ $((us - t0)) -lt "$last" ] || [ $((us - t0)) -gt $((last + 86400000000)) ]; then t0=$((us - last - 1)); fi
        printf '%s\n' "$t0 $wall0 $boot $default $default_number" >"$dir/state"
    fi
    case $begun in *' commit '*) committing=1 ;; esac
    keep_tools
    [ -e "$live" ] || relive
    read_baseline
}

# The programs that are called here are those of the system that is gone back to: the other one's may be what is wrong with it.
keep_tools() {
    tools=$from
    [ -z "$undone_id" ] || tools=$target
    [ ! -d "$tools/sw/bin" ] || PATH=$tools/sw/bin:$PATH
}

# The live stream is gone after a restart; followers get the operation from its beginning.
relive() {
    while IFS= read -r old_line; do printf 'J\t%s\t%s\n' "$id" "$old_line"; done <"$dir/journal" >"$live.$id"
    mv -f "$live.$id" "$live"
}
