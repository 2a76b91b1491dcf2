# tool-calls.sh SINCE MOST: asks osModa's teachd over its own socket which tools agents have called since then, MOST of them and the newest first. Nothing is written, started or installed.
# The answer: "none" where there is nobody to ask, or "part", then base 64 of the beginning of what was said gzipped, then ".".
LC_ALL=C
export LC_ALL
socket=/run/osmoda/teachd.sock

{ [ -S "$socket" ] && command -v curl >/dev/null; } || { echo none; exit 0; }
echo part
curl -q -sf --max-time 10 --noproxy '*' --unix-socket "$socket" "http://localhost/actions?since=$1&limit=$2" | head -c 4194304 | gzip -1 | base64 -w 32768
echo .
