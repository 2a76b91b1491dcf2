# Where the lab keeps things, and the few words all of it uses.
# shellcheck shell=bash

# Servers, their disks and the lab's login key. A second lab on the machine sets another directory here.
OSMODA_LAB=${OSMODA_LAB:-/var/lib/osmoda-lab}
# Base trees and stores, because they are costly to build, locks and address numbers, because there is one bridge:
# all labs of a machine share them. This is not a setting: two registers of numbers would give one address twice.
shared=/var/lib/osmoda-lab
servers=$OSMODA_LAB/servers
login_key=$OSMODA_LAB/id
known_hosts=$OSMODA_LAB/known_hosts

bridge=osmlab0
bridge_address=10.77.255.254

say() { printf '%s\n' "$*" >&2; }
die() { printf 'lab: %s\n' "$*" >&2; exit 1; }

# with_lock NAME command...: one at a time on this machine. The kernel drops the lock with the process,
# so a lab that was killed never blocks the next one.
with_lock() {
  local file=$shared/locks/$1
  shift
  mkdir -p "$shared/locks"
  ( flock 8; "$@" ) 8>"$file"
}

# patiently SECONDS command...: tries every 20 ms until it succeeds. It rests in a read that nobody answers, which is no process.
patiently() {
  local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "${EPOCHREALTIME/./}" -lt "$end" ] || return 1
    [ -n "${nobody-}" ] || exec {nobody}<> <(:)
    read -rt 0.02 -u "$nobody" || true
  done
}
