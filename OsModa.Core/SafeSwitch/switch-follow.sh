# Part of safeswitch.sh: the checks that a person set. Each is asked again and again by a process of its own. It has the first half of
# the probation to come true, and has to hold from then on: two misses in a row are trouble.
# ask_check KIND VALUES: why it does not hold, into $said; succeeds when it holds.
ask_check() {
    IFS=$tab
    set -- $1
    unset IFS
    case $1 in
        unit) said="$2 is not active"; systemctl -q is-active "$2" ;;
        tcp) said="nothing accepts connections at $2, port $3"; timeout 2 bash -c 'exec 3<>"/dev/tcp/$1/$2"' _ "$2" "$3" 2>/dev/null ;;
        http)
            answer=$(curl --silent --globoff --max-time "$(($5 / 1000)).$(printf %03d $(($5 % 1000)))" --write-out '%{stderr}%{http_code} %{exitcode}' -- "$2" 2>"$scratch/code.$number_of_check" | head -c 262144 | tr -d '\000')
            code=000 ended=
            read -r code ended <"$scratch/code.$number_of_check"
            said="$2 does not answer within $5 ms"
            [ "$code" != 000 ] || return
            case $ended in '' | 0 | 23) ;; *) return 1 ;; esac            # 23: it had more to say than is read here
            said="$2 answers $code instead of $3"
            [ "$code" = "$3" ] || return
            said="the answer of $2 does not contain the text"
            case $answer in *"${4#=}"*) ;; *) return 1 ;; esac ;;
        command) said='the command does not end with 0'; timeout 10 /bin/sh -c "$2" >/dev/null 2>&1 4>&- ;;
        daemon) said="$2 does not answer 200 to GET /health"; curl --silent --fail --output /dev/null --max-time 5 --unix-socket "$2" http://localhost/health 2>/dev/null ;;
        *) said='this version does not know the check'; return 1 ;;
    esac
}

# A process of its own for each check; ends with the first trouble.
follow_check() {
    held='' misses=0 missed_at=$us
    while :; do
        if ask_check "$2"; then
            held=1 misses=0
            : >"$scratch/holds.$number_of_check"
            [ ! -e "$scratch/due.$number_of_check" ] || rm -f "$scratch/due.$number_of_check"
        else
            rm -f "$scratch/holds.$number_of_check"
            monotonic
            if [ -n "$held" ] && [ "$misses" = 0 ]; then missed_at=$us; fi
            misses=$((misses + 1))
            if { [ -n "$held" ] && [ "$misses" -ge 2 ]; } || { [ -z "$held" ] && [ $((us - missed_at)) -ge "$patience" ]; }; then
                printf '%s\t%s\t%s\n' "$1" $((missed_at - t0)) "$said" >"$scratch/missed.$number_of_check"
                printf '\n' >&4
                exit
            fi
        fi
        sleep 0.25
    done
}

# for_checks FUNCTION: NAME and the rest of each check of the order; its number in $number_of_check.
for_checks() {
    number_of_check=0
    IFS=$newline
    for check_line in $checks; do
        unset IFS
        number_of_check=$((number_of_check + 1))
        "$1" "${check_line%%"$tab"*}" "${check_line#*"$tab"}"
    done
    unset IFS
}
begin_following() { follow_check "$@" & followers="$followers $!"; }
look_at_check() {
    [ -s "$scratch/missed.$number_of_check" ] || return
    IFS=$tab read -r _ since said <"$scratch/missed.$number_of_check"
    trouble check "$1" "$since" "Check $1: $said."
}
# At the end of the probation each has to hold once more: what was asked before may hang since.
ask_once_more() { : >"$scratch/due.$number_of_check"; }
# It neither holds nor has missed twice: the next answer decides.
doubt_check() { { [ -e "$scratch/holds.$number_of_check" ] && [ ! -e "$scratch/due.$number_of_check" ]; } || [ -s "$scratch/missed.$number_of_check" ] || in_doubt=$1; }
check_before() { ask_check "$2" || { : >"$dir/weak.$number_of_check"; check check warn "$1 does not hold before the change either: $said."; }; }
