# writes $content to $out/$file
set -e
mkdir -p "$out"
printf '%s' "$content" > "$out/$file"
