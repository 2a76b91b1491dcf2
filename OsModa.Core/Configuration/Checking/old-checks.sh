# Old runs of checks go, and with them the roots of what they built or brought: what was deployed has roots of its own by then. One of the last day may
# still be copied to its server.
clear_old_checks() {
    checks=/var/lib/osmoda/checks
    mkdir -p "$checks" 2>/dev/null
    set +f
    ls -1dt "$checks"/*/ 2>/dev/null | tail -n +60 | while IFS= read -r old; do
        [ -n "$(find "$old" -maxdepth 0 -mmin +1440)" ] || continue
        systemctl -q is-active "osmoda-check-$(basename "$old").service" || rm -rf "${old%/}"
    done
    set -f
}
