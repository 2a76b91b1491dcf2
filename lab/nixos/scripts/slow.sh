# A package that takes its time: so many lines, one after the other within so many seconds, and then perhaps a mistake.
set -e
n=0
while [ "$n" -lt "$lines" ]; do
  n=$((n + 1))
  echo "step $n of $lines"
  sleep "$(awk "BEGIN { print $seconds / $lines }")"
done
if [ -n "$fails" ]; then
  echo "cc1: fatal error: $fails" >&2
  exit 2
fi
mkdir -p "$out/bin"
echo "$salt" > "$out/bin/built-with"
