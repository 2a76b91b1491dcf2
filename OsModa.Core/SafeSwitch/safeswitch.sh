#!/bin/sh
# safeswitch.sh: switches this server to a system that it already has, and writes down what happens (see Journal.md).
#   run ID MODE TARGET GENERATION EXPECTED   the switch; a unit of its own, started by start-switch.sh
#   ended ID                                 after the unit ended, however it ended: the last line, if it is missing
# Needs systemd, coreutils and Nix. Order: look (preflight), activate without touching what starts at next boot, look again
# (verify), and only then make it the default (commit): a crash or a power failure before that comes back on the old system.
# Each process costs 1 to 5 ms, so the straight way starts few; what is only needed to explain a failure is asked when it failed.
set -uf
umask 077
PATH=/run/current-system/sw/bin:$PATH
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export PATH LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER

id=$2
operations=/var/lib/osmoda/operations dir=/var/lib/osmoda/operations/$2 live=/run/osmoda/operation
profiles=/nix/var/nix/profiles
tab=$(printf '\t') newline='
'

# ---- writing ----------------------------------------------------------------------------------------------------------

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
harmless() { tr '\000-\037\177' ' ' | head -c 600; }         # text of others: no TAB, no line feed, and not without end

# What ran, what starts next, now. Into $current, $profile and $number ("-" when there is none).
look() {
    current=$(readlink /run/current-system) || current=-
    number=$(readlink "$profiles/system") || number=-
    profile=-
    if [ "$number" != - ]; then
        profile=$(readlink "$profiles/$number") || profile=-
        number=${number#system-}; number=${number%-link}
        case $number in '' | *[!0-9]*) number=- ;; esac
    fi
}

# The last line: VERDICT, exit status of the switch program, sentence. Then what need not be waited for.
done_with() {
    look
    line 'done' "$1" "$2" "$current" "$profile" "$number" "$3"
    sync "$dir/journal" "$dir/output" "$dir"
    rm -f "$root" "$dir/pipe"
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

# ---- the switch program -----------------------------------------------------------------------------------------------

# Takes lines of the switch program until the mark, and no more than 256 KiB of them.
keep_output() {
    room=262144
    while IFS= read -r text; do
        [ "$text" != "$mark" ] || exit 0
        [ -n "$text" ] || continue
        printf '%s\n' "$text" >>"$dir/output"
        printf 'O\t%s\t%s\n' "$id" "$text" >>"$live"
        room=$((room - ${#text} - 1))
        [ "$room" -gt 0 ] || break
    done
    : >"$dir/full"
    printf '[the rest is left out]\n' >>"$dir/output"
    exec cat >/dev/null
}

# While the switch program waits for units, says every few seconds for which. NixOS waits until systemd has been quiet for 250 ms,
# up to 90 s, and each unit that does not stop or start costs up to its own timeout.
tell_waiting() {
    waited=0
    while sleep 3; do
        waited=$((waited + 3))
        line note settling "$waited s: $(systemctl list-units --state=activating,deactivating,reloading --plain --no-legend --full --no-pager 2>/dev/null |
            while read -r unit _ _ sub _; do printf '%s (%s) ' "$unit" "$sub"; done | harmless)"
    done
}

# Runs the target's switch program with one of its verbs; its exit status into $status.
switch_program() {
    mark="end of output $us"
    rm -f "$dir/pipe"
    mkfifo "$dir/pipe"
    keep_output <"$dir/pipe" &
    keeper=$!
    exec 3>"$dir/pipe"
    tell_waiting 3>&- &
    teller=$!
    "$target/bin/switch-to-configuration" "$1" >&3 2>&1 3>&-
    status=$?
    kill "$teller"
    printf '\n%s\n' "$mark" >&3                              # a daemon that it left behind may hold the pipe: no waiting for its end
    exec 3>&-
    [ -e "$dir/full" ] || wait "$keeper"
}

# Units that have failed or are being started again and again, one a line.
troubled() {
    systemctl list-units --state=failed,activating --plain --no-legend --full --no-pager 2>/dev/null | while read -r unit _ active sub _; do
        case $active/$sub in failed/* | */auto-restart*) printf '%s\n' "$unit" ;; esac
    done
}

# ---- only asked after a failure ---------------------------------------------------------------------------------------

# Units that systemd started again in the minute before the operation: their crashes are not of its making, although they may
# have looked well in the very moment of the first look.
restarted_before() {
    journalctl -q --no-pager --since="@$((wall0 / 1000000 - 60))" --until="@$((wall0 / 1000000))" -o cat --output-fields=UNIT \
        MESSAGE_ID=5eb03494b6584870a536b337290809b3 2>/dev/null | sort -u
}

listed() { case $newline$2$newline in *"$newline$1$newline"*) ;; *) return 1 ;; esac; }

# The switch program writes this line before it touches the first unit.
touched_units() {
    journalctl --sync 2>/dev/null
    case $(journalctl -q --no-pager -t nixos --since="@$((wall0 / 1000000))" -o cat 2>/dev/null) in
        *"switching to system configuration $target"*) ;;
        *) return 1 ;;
    esac
}

# Who holds the lock of the switch program, as a few words; fails when nobody does.
lock_holder() {
    inode=$(stat -c %i /run/nixos/switch-to-configuration.lock 2>/dev/null) || return 1
    while read -r _ _ _ _ pid where _; do
        case $where in *":$inode") printf '%s (process %s)' "$(tr '\000' ' ' <"/proc/$pid/cmdline" 2>/dev/null | harmless)" "$pid"; return 0 ;; esac
    done </proc/locks
    return 1
}

newest_output() { tail -n 3 "$dir/output" 2>/dev/null | harmless; }

# ---- stages -----------------------------------------------------------------------------------------------------------

check() { line check "$@"; }
refuse() { check "$1" failed "$2"; end_stage failed; done_with refused - "$2"; }

preflight() {
    begin_stage preflight
    troubled >"$dir/before" &
    [ "$from" = "$expected" ] || refuse current "The server runs another system than the page showed: somebody switched it meanwhile."
    check current ok ''

    # With a root of its own the target cannot be collected any more. While a generation's link still points to it after that,
    # there was no moment without a root, and Nix keeps what a root needs whole: no need to ask the store, which costs 25 ms.
    ln -sfn "$target" "$root" || refuse valid "The server cannot write to /nix/var/nix/gcroots: the disk is full or read-only."
    if ! [ "$profiles/system-$generation-link" -ef "$target" ]; then
        said=$(nix-store --check-validity "$target" 2>&1) || refuse valid "The system is not valid in the Nix store: $(printf %s "$said" | harmless)"
        check generation warn "Generation $generation is not this system any more; it gets a new number."
    fi
    [ -x "$target/bin/switch-to-configuration" ] || refuse valid "The system of generation $generation is not on the server any more: its files were collected as garbage."
    check valid ok ''

    # 16 MiB: the new boot entry and our own notes fit in; a kernel that has to be copied is the boot loader's own check.
    set -- /nix/var/nix/profiles "$dir"
    [ ! -d /boot ] || set -- "$@" /boot
    full=$(df --output=avail,itotal,iavail,target -B1 "$@" | while read -r bytes inodes free at; do
        case $bytes in *[!0-9]*) continue ;; esac
        [ "$bytes" -ge 16777216 ] || printf '%s MiB are left on %s; ' "$((bytes / 1048576))" "$at"
        case $inodes$free in *[!0-9]*) ;; *) [ "$inodes" = 0 ] || [ "$free" -ge 64 ] || printf '%s inodes are left on %s; ' "$free" "$at" ;; esac
    done)
    [ -z "$full" ] || refuse disk "The disk is full: ${full%; }."
    check disk ok ''

    if [ "$mode" = now ]; then
        old='' new=''
        read -r old 2>/dev/null <"$from/init-interface-version"
        read -r new 2>/dev/null <"$target/init-interface-version"
        if [ "$old" != "$new" ]; then
            check init failed "This system has another init ($new) than the one that runs ($old)."
            end_stage failed
            done_with reboot - "Generation $generation has another init ($new) than the one that runs ($old): it can only come by a restart."
        fi
    fi
    wait
    before=
    while IFS= read -r unit; do before=$before$unit$newline; done <"$dir/before"
    rm -f "$dir/before" &
    [ -z "$before" ] || line note baseline "$(printf '%s' "$before" | harmless)"
    end_stage ok ''
}

activate() {
    begin_stage activate
    sync "$dir/journal" "$dir" &
    NIXOS_NO_SYNC=1 switch_program test
    activated=$status
    look
    case $status in
        0 | 4) [ "$current" != "$target" ] || { end_stage ok ''; return; } ;;
        2) [ "$current" != "$target" ] || { end_stage failed 'The activation script failed (exit status 2).'; return; } ;;
        100) end_stage failed ''; done_with reboot 100 "Generation $generation can only come by a restart." ;;
    esac
    end_stage failed "The switch program ended with exit status $status: $(newest_output)"
    if [ "$current" != "$from" ]; then
        done_with person "$status" "The switch broke off in the middle: the server runs parts of two systems."
    elif holder=$(lock_holder); then
        done_with refused "$status" "Somebody else is switching the server: $holder."
    elif touched_units; then
        done_with person "$status" "The switch broke off in the middle: units of the old system may have been stopped."
    elif ! cmp_inhibitors; then
        done_with reboot "$status" "Generation $generation changes something that must not change while the server runs: it can only come by a restart."
    else
        done_with failed "$status" "The switch program gave up before it changed anything: $(newest_output)"
    fi
}

# The files name what must not change in a running system (nixpkgs: system.switch.inhibitors). Equal or missing is fine.
cmp_inhibitors() {
    [ ! -e "$from/switch-inhibitors" ] || [ ! -e "$target/switch-inhibitors" ] ||
        [ "$(cat "$from/switch-inhibitors")" = "$(cat "$target/switch-inhibitors")" ]
}

verify() {
    begin_stage verify
    now=$(troubled)
    worse='' history='' asked=
    for unit in $now; do
        listed "$unit" "$before" && continue
        [ -n "$asked" ] || { asked=1 history=$(restarted_before); }
        listed "$unit" "$history" && continue
        worse="$worse${worse:+, }$unit"
        line note unit "$unit: $(systemctl show --property=ActiveState,SubState,Result,NRestarts,ExecMainStatus "$unit" | harmless)"
    done
    if [ "$status" = 4 ] && [ -z "$worse$before" ]; then
        [ -n "$asked" ] || history=$(restarted_before)
        [ -n "$history" ] || worse='a unit that has recovered since (the switch program ended with exit status 4)'
    fi
    for part in kernel initrd kernel-modules; do
        [ "/run/booted-system/$part" -ef "$target/$part" ] || { line note reboot "$part"; break; }
    done
    if [ "$status" = 2 ]; then
        end_stage failed 'The activation script failed.'
        done_with unhealthy 2 "Generation $generation runs, but its activation script failed: $(newest_output)"
    elif [ -n "$worse" ]; then
        end_stage failed "Worse than before: $worse"
        done_with unhealthy "$status" "Generation $generation runs, but these units are worse than before: $worse."
    fi
    end_stage ok ''
}

commit() {
    begin_stage commit
    sync "$dir/journal" &
    if [ "$profiles/system-$generation-link" -ef "$target" ]; then
        said=$(nix-env --profile "$profiles/system" --switch-generation "$generation" 2>&1)
    else
        said=$(nix-env --profile "$profiles/system" --set "$target" 2>&1)
    fi || {
        said=$(printf '%s' "$said" | harmless)
        end_stage failed "$said"
        [ "$mode" = now ] || done_with failed - "The profile could not be set: $said"
        done_with unhealthy "$activated" "Generation $generation runs, but could not be made the default at next boot: $said"
    }
    switch_program boot
    if [ "$status" != 0 ]; then
        end_stage failed "The switch program ended with exit status $status: $(newest_output)"
        done_with person "$status" "The boot loader could not be written: what starts at next boot is not certain."
    fi
    end_stage ok ''
}

run() {
    mode=$2 target=$3 generation=$4 expected=$5
    root=/nix/var/nix/gcroots/osmoda/$id
    set -C
    : >"$dir/journal" || exit 1                             # this operation has run: never twice
    set +C
    : >"$dir/output"
    monotonic
    t0=$us wall0=$(date +%s%6N)
    : >"$live.$id" && mv -f "$live.$id" "$live"
    look
    from=$current
    [ "$profile" = "$from" ] || number=-
    read -r boot </proc/sys/kernel/random/boot_id
    line begin 1 "$id" "$mode" "$target" "$generation" "$from" "$number" "$boot"
    preflight
    if [ "$mode" = now ]; then activate; verify; fi
    commit
    [ "$mode" = boot ] || done_with verified "$activated" ''
    done_with verified "$status" "The server starts generation $generation at next boot."
}

# systemd calls this after the unit ended. Normally there is a last line; without one somebody or something ended it half-way.
ended() {
    case $(tail -n 1 "$dir/journal") in *"${tab}done${tab}"*) return ;; esac
    root=/nix/var/nix/gcroots/osmoda/$id
    monotonic
    IFS=$tab read -r _ wall0 _ _ _ _ target generation from _ <"$dir/journal" || return
    t0=$((us - $(date +%s%6N) + wall0))
    look
    done_with person - "The switch was ended from outside before it was through (${EXIT_CODE:-unknown} ${EXIT_STATUS-})."
}

case $1 in run | ended) "$@" ;; esac
