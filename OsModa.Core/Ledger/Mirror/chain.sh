# chain.sh WALFROM SALTS RANGE…: reads parts of the ledger of osModa's agentd, an SQLite database, without opening it as one: nothing is locked, written or installed.
# WALFROM is how many bytes of the write-ahead log are known already, of that with these SALTS (16 hexadecimal digits); "none": it is not wanted.
# RANGE is db:OFFSET:BYTES or wal:OFFSET:BYTES. The answer: "state" before, a part for each range and for what is new of the log, "state" after.
# A part is "part NAME OFFSET", then base 64 of it gzipped, then ".". Pages are read before the log: what a checkpoint moves meanwhile is still in the log.
LC_ALL=C
export LC_ALL
db=/var/lib/osmoda/ledger.db

state() {
    header=$(od -An -v -tx1 -N32 "$db-wal" 2>/dev/null | tr -d ' \n')
    printf 'state %s %s %s\n' "$(stat -c '%s %.9Y %i' "$db")" "$(stat -c %s "$db-wal" 2>/dev/null || echo 0)" "${header:--}"
}

# part NAME FILE OFFSET BYTES
part() {
    printf 'part %s %s\n' "$1" "$3"
    dd if="$2" bs=1M iflag=skip_bytes,count_bytes skip="$3" count="$4" status=none 2>/dev/null | gzip -1 | base64 -w 32768
    printf '.\n'
}

[ -f "$db" ] || { echo none; exit 0; }
known=$1 salts=$2
shift 2
state
for range in "$@"; do
    bytes=${range##*:} offset=${range#*:} offset=${offset%:*}
    case $range in
        db:*) part db "$db" "$offset" "$bytes" ;;
        wal:*) part wal "$db-wal" "$offset" "$bytes" ;;
    esac
done
if [ "$known" != none ] && [ -s "$db-wal" ]; then
    header=$(od -An -v -tx1 -N32 "$db-wal" 2>/dev/null | tr -d ' \n')
    [ "$(printf '%s' "$header" | cut -c33-48)" = "$salts" ] || known=0
    part log "$db-wal" "$known" 67108864
fi
state
