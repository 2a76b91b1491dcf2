# confirm.sh ID: the dashboard says, over a new connection, that it still reaches the server. Answers with one word:
#   confirmed | early (the activation is not over: try again) | late (it is decided already) | unknown

# How far it is, into $answer.
read_answer() {
    answer=unknown
    [ -r "$dir/journal" ] || return
    answer=early
    while IFS=$tab read -r _ _ word one _; do
        case $word/$one in
            never/*) answer=unknown ;;
            stage/probation) answer=confirmed ;;
            verdict/*) answer=late ;;
            done/*)
                answer=late
                [ ! -e "$dir/standing" ] || answer=standing ;;
        esac
    done <"$dir/journal"
}

read_answer
case $answer in
    confirmed)
        : >"$dir/confirmed" || exit
        read_answer                                          # it may have been decided at the same moment
        [ "$answer" != late ] || tail -n 20 "$dir/journal" | while IFS=$tab read -r _ _ word _; do [ "$word" != confirmed ] || : >"$dir/confirmed.seen"; done
        [ ! -e "$dir/confirmed.seen" ] || answer=confirmed ;;
    standing)
        : >"$dir/stand-confirmed" || exit
        sync "$dir/stand-confirmed" "$dir" 2>/dev/null       # after a power cut it is not asked for again
        answer=confirmed ;;
esac
printf '%s\n' "$answer"
