# journal.sh UNIT LINES: the newest LINES entries of a unit's journal and then each new one, as JSON, one a line.
# An empty line comes every five seconds, so that a connection that is gone is noticed and nothing stays behind.
LC_ALL=C
export LC_ALL

leave() {
    trap - HUP INT PIPE TERM
    kill "$reader" 2>/dev/null
    exit 0
}

reader=''
trap leave HUP INT PIPE TERM
# A unit of systemd is found by what it writes and by what systemd writes about it: that is what -u asks for.
journalctl --no-pager --follow --output=json --lines="$2" --unit="$1" --output-fields=MESSAGE,PRIORITY,_PID,SYSLOG_IDENTIFIER 2>/dev/null </dev/null &
reader=$!
while kill -0 "$reader" 2>/dev/null; do
    sleep 5
    printf '\n' || leave
done
exit 1
