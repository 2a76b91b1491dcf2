#!/bin/sh
# stop.sh ID: a person wants a switch undone that is not decided yet. Answers with one word:
#   stopping | late (it is decided already, or over) | unknown
set -uf
umask 077
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
tab=$(printf '\t')
case $1 in *[!0-9a-f-]*) printf 'unknown\n'; exit ;; ????????-????-????-????-????????????) ;; *) printf 'unknown\n'; exit ;; esac
dir=/var/lib/osmoda/operations/$1
answer=unknown
if [ -r "$dir/journal" ]; then
    answer=stopping
    while IFS=$tab read -r _ _ word _; do case $word in verdict | 'done' | never) answer=late ;; esac; done <"$dir/journal"
fi
[ "$answer" != stopping ] || : >"$dir/stop" || answer=unknown
printf '%s\n' "$answer"
