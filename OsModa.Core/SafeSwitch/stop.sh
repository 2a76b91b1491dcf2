# stop.sh ID: a person wants a switch undone that is not decided yet. Answers with one word:
#   stopping | late (it is decided already, or over) | unknown
answer=unknown
if [ -r "$dir/journal" ]; then
    answer=stopping
    while IFS=$tab read -r _ _ word _; do case $word in verdict | 'done' | never) answer=late ;; esac; done <"$dir/journal"
fi
[ "$answer" != stopping ] || : >"$dir/stop" || answer=unknown
printf '%s\n' "$answer"
