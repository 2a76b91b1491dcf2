#!/bin/sh
# safeswitch.sh: switches this server to a system that it already has, and writes down what happens (see Journal.md).
#   run ID MODE TARGET GENERATION EXPECTED   the switch; a unit of its own, started by start-switch.sh
#   ended ID                                 after the unit ended, however it ended: the last line, if it is missing
# Needs systemd, coreutils and Nix. Order: look (preflight), activate without touching what starts at next boot, look again
# (verify), and only then make it the default (commit): a crash or a power failure before that comes back on the old system.
# Each process costs 1 to 5 ms, so the straight way starts few; what is only needed to explain a failure is asked when it failed.
set -uf
umask 077
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
export PATH LC_ALL SYSTEMD_COLORS SYSTEMD_PAGER

id=$2
operations=/var/lib/osmoda/operations dir=/var/lib/osmoda/operations/$2 live=/run/osmoda/operation
profiles=/nix/var/nix/profiles
tab=$(printf '\t') newline='
'

check() { line check "$@"; }
refuse() { check "$1" failed "$2"; end_stage failed ''; done_with refused - "$2"; }

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

    full=$(full_disks)
    [ -z "$full" ] || refuse disk "$full"
    check disk ok ''

    if [ "$mode" = now ]; then
        read_inits "$from" "$target"
        if [ "$old_init" != "$new_init" ]; then
            check init failed "It has another init ($new_init) than the system that runs ($old_init)."
            end_stage failed ''
            done_with reboot - "Generation $generation has another init ($new_init) than the one that runs ($old_init): it can only come by a restart."
        fi
    fi
    wait
    before=
    while IFS= read -r unit; do before=$before$unit$newline; done <"$dir/before"
    [ -z "$before" ] || line note baseline "$(printf '%s' "$before" | harmless)"
    end_stage ok ''
}

activate() {
    begin_stage activate
    sync "$dir/journal" "$dir" &
    NIXOS_NO_SYNC=1 switch_patiently test
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
    elif ! same_inhibitors; then
        done_with reboot "$status" "Generation $generation changes something that must not change while the server runs: it can only come by a restart."
    else
        done_with failed "$status" "The switch program gave up before it changed anything: $(newest_output)"
    fi
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
        done_with unhealthy 2 "Generation $generation runs, but a part of its activation script failed; the output says which."
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
    switch_patiently boot
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
