#!/bin/sh
# A service of the lab: daemon MODE [arguments]. It logs to the journal, obeys TERM, reloads on HUP.
PATH=/usr/bin:/bin
mode=$1
shift
me=${0##*/}
package=${0#/nix/store/*-}
package=${package%%/*}
# sleep in a child, so that a signal is answered at once
rest() { sleep "$1" & child=$!; wait $child; }
trap 'echo "$me: shutting down"; kill $child 2>/dev/null; exit 0' TERM INT
trap 'echo "$me: configuration reloaded"' HUP
case $mode in
  serve)      # lines like a web server's, one every so many seconds
    echo "$package started"
    n=0
    while :; do
      n=$((n + 1))
      echo "$me: 10.0.0.$((n % 250)) \"GET /item/$n\" 200 $((n * 37 % 9000))"
      [ $((n % 7)) != 0 ] || echo "<4>$me: upstream slow: $((n % 900)) ms"
      rest "${1:-5}"
    done ;;
  notify)     # ready so many seconds after the start, and says so
    echo "$package warming up"
    rest "${1:-0}"
    systemd-notify --ready --status="serving, 0 requests"
    while :; do rest 60; done ;;
  chatter)    # tells systemd a new status ten times a second
    systemd-notify --ready
    while :; do
      n=$((${n:-0} + 1))
      systemd-notify --status="sent $n batches"
      rest 0.1
    done ;;
  stubborn)   # ignores the request to stop until systemd loses patience
    trap '' TERM
    echo "$package started"
    while :; do rest 60; done ;;
  once)
    echo "$me: job done"
    exit "${1:-0}" ;;
esac
