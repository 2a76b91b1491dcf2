# Part of safeswitch.sh: what is looked at before anything is touched. Each finding has a state and, where there is more to say, a why.
check() { line check "$@"; }
refuse() { check "$1" failed "$2"; end_stage failed ''; done_with refused - "$2"; }

preflight() {
    begin_stage preflight
    [ "$from" = "$expected" ] || refuse current "The server runs another system than the page showed: somebody switched it meanwhile."
    check current ok ''

    # With a root of its own the target cannot be collected any more. While a generation's link still points to it after that,
    # there was no moment without a root, and Nix keeps what a root needs whole: no need to ask the store, which costs 25 ms.
    ln -sfn "$target" "$root" || [ "$standing_root" -ef "$target" ] || refuse valid "The server cannot write to /nix/var/nix/gcroots: the disk is full or read-only."
    [ "$default" = "$from" ] || ln -sfn "$from" "$root-from"
    if ! [ "$profiles/system-$generation-link" -ef "$target" ]; then
        said=$(nix-store --check-validity "$target" 2>&1) || refuse valid "The system is not valid in the Nix store: $(printf %s "$said" | harmless)"
        [ "$generation" = 0 ] || check generation warn "Generation $generation is not this system any more; it gets a new number."
    fi
    [ -x "$target/bin/switch-to-configuration" ] || refuse valid "The system of $name is not on the server any more: its files were collected as garbage."
    check valid ok ''

    full=$(full_disks)
    if [ -z "$full" ]; then check disk ok ''
    # What is bad has to go all the same, even if the old system starts only by hand then; and a way back may be what makes room again.
    elif [ -n "$undone_id" ] || { [ "$early" = yes ] && notes_fit; }; then check disk warn "$full"
    else refuse disk "$full"; fi

    if [ "$mode" = now ]; then
        read_inits "$from" "$target"
        if [ "$old_init" != "$new_init" ]; then
            check init failed "It has another init ($new_init) than the system that runs ($old_init)."
            end_stage failed ''
            done_with reboot - "It has another init ($new_init) than the one that runs ($old_init): it can only come by a restart."
        fi
    fi
    look_closer
    wait_for_baseline || refuse baseline 'systemd does not tell how the units of the server are.'
    read -r loaded <"$dir/loaded"
    # Before it is the default at next boot: whatever restarts the server then, the operation goes on after it.
    [ "$mode" != restart ] || hook_in || { hook_out; refuse disk 'The server cannot be prepared for a restart: its disk is full or read-only.'; }
    end_stage ok ''
}

notes_fit() {
    if head -c 262144 /dev/zero 2>/dev/null >"$dir/room"; then fits=0; else fits=1; fi
    rm -f "$dir/room"
    return "$fits"
}

look_closer() {
    ! being_switched || refuse lock "Somebody is switching this server: $holder."
    check lock ok ''
    if same_inhibitors; then check inhibitors ok ''; else check inhibitors warn 'The list of critical components differs; the switch program decides.'; fi
    boot_parts /run/booted-system "$target"
    later=''
    for part in $parts; do later=$later${later:+, }$part; done
    if [ -z "$later" ]; then check kernel ok ''; else check kernel warn "Other than what was booted, and only new after a restart: $later."; fi
    if [ "$wall0" -lt 1577836800000000 ]; then check clock warn 'The clock of the server stands before 2020.'; else check clock ok ''; fi
    # shellcheck disable=SC2086  # several words
    find_missing "$target" $watched
    # Back to a time before there was an agent is a way back, too.
    if [ -z "$missing" ]; then check watch ok ''
    elif [ "$early" = yes ]; then check watch warn "The system has no unit $missing to watch."
    else refuse watch "The new system has no unit $missing to watch."; fi
    if upstream_sessions; then
        case $sessions$undone_id in
            probation*) refuse upstream "osmoda-watch has a deployment of its own on probation: two watchdogs on one switch would work against each other." ;;
            # Not on the way back: it may hang because of the very system that is to be undone.
            silent) refuse upstream "osmoda-watch does not answer, as when it is just deploying something itself: two watchdogs on one switch would work against each other." ;;
        esac
        check upstream ok ''
    fi
    for_checks check_before
}
