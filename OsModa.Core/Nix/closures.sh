# closures.sh SYSTEM…: what Nix knows of all paths that the given systems need.
#
# First line: "json" or "list". Then
#   json   the answer of `nix path-info --json`, cut into lines of 32,768 bytes (no line feed belongs to it)
#   list   where there is no such command: "system PATH", then "SIZE PATH" for each path of its closure, system by system
# Exit status: 0 everything told, 1 none of the systems is valid or Nix is missing (one line on standard error).
set -u
export LC_ALL=C

answer=$(mktemp "${TMPDIR:-/tmp}/osmoda-closures.XXXXXXXX") || exit 1
trap 'rm -f "$answer"' EXIT
trap 'exit 1' HUP INT TERM PIPE

# A generation that was just collected must not spoil the answer for the others.
count=$#
while [ "$count" -gt 0 ]; do
    [ -e "$1" ] && set -- "$@" "$1"
    shift
    count=$((count - 1))
done
[ "$#" -gt 0 ] || { echo "none of the systems is there" >&2; exit 1; }

# Warnings about the format of JSON go to standard error and are of no use to the reader.
if nix --extra-experimental-features nix-command path-info --json --recursive "$@" >"$answer" 2>/dev/null; then
    echo json
    fold -b -w 32768 "$answer"
    exit 0
fi

echo list
for system in "$@"; do
    paths=$(nix-store --query --requisites "$system") || exit 1
    printf 'system %s\n' "$system"
    printf '%s\n' "$paths" | xargs nix-store --query --size >"$answer" || exit 1
    printf '%s\n' "$paths" | paste -d ' ' "$answer" -
done
