# What the machine itself must offer: root, a few Debian packages, a cgroup v2 tree, enough inotify instances.
# shellcheck shell=bash

prepare_machine() {
  [ "$(id -u)" = 0 ] || die "must run as root: it makes namespaces, mounts and a bridge"
  mkdir -p "$servers" "$shared"
  [ "$(stat -f -c %T "$servers")" != overlayfs ] ||
    die "$OSMODA_LAB is on an overlay file system, which cannot carry the servers' disks; set OSMODA_LAB to a directory on a disk or a tmpfs"
  install_packages
  [ -e "$login_key" ] || with_lock login-key make_login_key
  allow_many_servers
}

install_packages() {
  command -v debootstrap ssh-keygen ip nsenter unshare flock jq pgrep >/dev/null 2>&1 && return
  with_lock apt apt_install debootstrap openssh-client iproute2 util-linux jq procps
}

apt_install() {
  command -v apt-get >/dev/null || die "needs these Debian packages, and there is no apt-get: $*"
  # A package that brings a daemon must not start it: this machine may have none of our making.
  [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; }
  say "installing $*"
  local log=$shared/apt.log
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1 ||
    { tail -n 5 "$log" >&2; die "apt-get failed, see $log"; }
}

make_login_key() {
  [ -e "$login_key" ] || ssh-keygen -qt ed25519 -N '' -C osmoda-lab -f "$login_key"
}

# systemd takes about five inotify instances a server; the kernel's default of 128 ends at the 30th,
# and the one after it hangs without a word.
allow_many_servers() {
  local limit=/proc/sys/fs/inotify/max_user_instances
  [ "$(<$limit)" -ge 8192 ] || echo 8192 > $limit 2>/dev/null ||
    say "lab: cannot raise $limit (now $(<$limit)); some thirty servers will be the most"
}

# The cgroup v2 tree below which each server gets a directory of its own.
cgroup_root() {
  local mount
  mount=$(findmnt -t cgroup2 -no TARGET | head -n 1)
  [ -n "$mount" ] || die "no cgroup v2 tree is mounted; try: mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified"
  echo "$mount/osmlab"
}
