# Part of safeswitch.sh: what is only asked when something went wrong, to say what it was.
# Units that systemd started again in the minute before the operation: their crashes are not of its making, although they may
# have looked well in the very moment of the first look.
restarted_before() {
    journalctl -q --no-pager --since="@$((wall0 / 1000000 - 60))" --until="@$((wall0 / 1000000))" -o cat --output-fields=UNIT \
        MESSAGE_ID=5eb03494b6584870a536b337290809b3 2>/dev/null | sort -u
}

listed() { case $newline$2$newline in *"$newline$1$newline"*) ;; *) return 1 ;; esac; }

# The switch program says these before it touches the first unit; what it says lasts whatever the clock does, and so does the time of the
# journal that counts from the boot.
touched_units() {
    ! grep -q -e '^stopping the following units' -e '^activating the configuration' "$dir/output" || return 0
    journalctl --sync 2>/dev/null
    touched_at=$(journalctl -q --no-pager -b -t nixos -n 100 -o short-monotonic 2>/dev/null |
        sed -n "s|^\[ *\([0-9]*\)\.\([0-9]\{6\}\)\] .*switching to system configuration $target.*|\1\2|p" | tail -n 1)
    [ "${touched_at:-0}" -ge "$t0" ]
}

activation_failed() { grep -q -e '^Failed to run activate script' -e "^Activation script snippet .* failed" "$dir/output"; }

# Units that the switch program says have failed or could not be started, one a line.
named_units() {
    sed -n -e 's/^warning: the following units failed: //p' -e 's/^Failed to [a-z]* \([^ ]*\)$/\1/p' "$dir/output" | tr ',' '\n' | tr -d ' ' | sort -u
}

# Services that it says it starts or starts anew.
started_units() {
    sed -n -e 's/^starting the following units: //p' -e 's/^restarting the following units: //p' "$dir/output" | tr ',' '\n' | tr -d ' ' | while IFS= read -r named; do
        case $named in *.service) ! a_unit "$named" || printf '%s\n' "$named" ;; esac
    done
}

newest_output() { tail -n 3 "$dir/output" 2>/dev/null | harmless; }

# The files name what must not change in a running system (nixpkgs: system.switch.inhibitors). Equal or missing is fine.
same_inhibitors() {
    [ ! -e "$from/switch-inhibitors" ] || [ ! -e "$target/switch-inhibitors" ] ||
        [ "$(cat "$from/switch-inhibitors")" = "$(cat "$target/switch-inhibitors")" ]
}

# The switch program refused for their sake. Files that differ alone are no reason: only a key in both with another value is, and other
# checks may have failed.
found_inhibited() { ! same_inhibitors && grep -qi 'critical components' "$dir/output"; }

# The switch program found its lock taken, and so has touched nothing.
found_locked() { locked_out || return; case $(newest_output) in *'acquire lock'*) ;; *) return 1 ;; esac; }

# It was not taken by a switch.
only_dry_run() {
    found_locked && ! being_switched
}
