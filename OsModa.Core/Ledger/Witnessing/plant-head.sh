# plant-head.sh NAME LINE: keeps a signed head of the dashboard's ledger on this server, and tells those that were kept before, oldest first.
# NAME is 64 hexadecimal digits, LINE what is kept, a signed note in base 64; with an empty one nothing is. Who wants to make a server forget has to be root on it; who rewrites the ledger has to be on all of them.
LC_ALL=C
export LC_ALL
umask 022
folder=/var/lib/osmoda-dashboard/heads
file=$folder/$1
mkdir -p "$folder" || exit 1
[ ! -f "$file" ] || tail -n 64 "$file"
printf 'end\n'
[ -n "$2" ] || exit 0
[ "$2" != "$(tail -n 1 "$file" 2>/dev/null)" ] || exit 0
{ tail -n 255 "$file" 2>/dev/null; printf '%s\n' "$2"; } >"$file.new" && sync "$file.new" && mv "$file.new" "$file"
