# start-check.sh ID ORDER FILES SCRIPT SYSTEM
# Starts check.sh (its text is SCRIPT) as a unit of its own, on the files of a configuration (FILES: a tar archive, gzipped, in base 64),
# so that neither this connection nor the dashboard is needed any more. Answers with one line: started | joined | refused WHY, separated by TAB.
set -uf
umask 077
PATH=/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
id=$1 dir=/var/lib/osmoda/checks/$1

answer() {
    word=$1; shift
    printf '%s' "$word"
    [ $# = 0 ] || printf '\t%s' "$@"
    printf '\n'
    exit 0
}

case $id in *[!0-9a-f-]*) answer refused 'The run has no proper id.' ;; ????????-????-????-????-????????????) ;; *) answer refused 'The run has no proper id.' ;; esac
[ ! -e "$dir/journal" ] || answer joined
command -v nix-instantiate >/dev/null || answer refused 'Nix is missing on this server.'

clear_old_checks
mkdir -p "$dir/source" 2>/dev/null &&
    printf '%s' "$3" | base64 -d 2>/dev/null | tar -xzf - -C "$dir/source" --no-same-owner 2>/dev/null &&
    printf '%s' "$4" 2>/dev/null >"$dir/check.sh" && printf '%s' "$5" 2>/dev/null >"$dir/system.nix" && printf '%s' "$2" 2>/dev/null >"$dir/order" ||
    { rm -rf "$dir"; answer refused 'The server cannot write to /var/lib/osmoda/checks: the disk is full or read-only.'; }

said=$(systemd-run --quiet --collect --no-ask-password --unit="osmoda-check-$id" --service-type=exec --description="osModa check $id" \
    --setenv=LOCALE_ARCHIVE="${LOCALE_ARCHIVE-}" --setenv=NIX_PATH="${NIX_PATH-}" --property=RuntimeMaxSec=12h --property=TimeoutStopSec=20s --property=Nice=5 --property=OOMScoreAdjust=500 \
    --property=ExecStopPost="/bin/sh $dir/check.sh ended $id" /bin/sh "$dir/check.sh" run "$id" 2>&1 </dev/null) && answer started
[ ! -e "$dir/journal" ] || answer joined
rm -rf "$dir"
answer refused "systemd would not start the checks: $(printf '%s' "$said" | tr '\000-\037\177' ' ' | head -c 500)"
