# stop-check.sh ID: ends a run of checks. Answers with one word: stopped | over | unknown
set -uf
PATH=/run/current-system/sw/bin:${PATH-}
export PATH
tab=$(printf '\t')
case $1 in *[!0-9a-f-]*) printf 'unknown\n'; exit ;; ????????-????-????-????-????????????) ;; *) printf 'unknown\n'; exit ;; esac
dir=/var/lib/osmoda/checks/$1
[ -e "$dir/journal" ] || { printf 'unknown\n'; exit; }
case $(tail -n 1 "$dir/journal") in *"${tab}done${tab}"*) printf 'over\n'; exit ;; esac
: >"$dir/stop"
systemctl stop "osmoda-check-$1.service" 2>/dev/null
printf 'stopped\n'
