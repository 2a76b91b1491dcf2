# Part of observe.sh: how something is told: frames.
# frame KIND FIELD…: one write, so that frames of several processes never mix.
frame() {
    kind=$1 line=
    shift
    for field in "$@"; do line=$line$tab$field; done
    count=$((count + 1))
    printf '%.3990s\n' "$kind$tab$writer$count$tab$boot$line" || leave
}

# Makes text of the server fit for a field. Sets $text.
plain() {
    case $1 in
        *[[:cntrl:]\\]*) text=$(printf '%.300s' "$1" | tr '\000-\037\177' ' ' | sed 's/\\/\\\\/g') ;;
        *) text=$1 ;;
    esac
}

leave() {
    trap - EXIT HUP INT PIPE TERM USR1
    # shellcheck disable=SC2086  # process ids, meant to be words
    kill $bus $news $journal $events $follower $poller 2>/dev/null
    exit 0
}

# CLOCK_MONOTONIC in microseconds, to 10 ms, without a process. Sets $mono.
monotonic() {
    read -r up _ </proc/uptime
    mono=${up%.*}${up#*.}0000
}
