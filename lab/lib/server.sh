# One server: its directory, its processes, and when it is ready. Everything it is stands in $servers/NAME:
# number, base, store, user, sudo (facts), up and nix-up (its disk), console.log, supervisor (a pid, while it runs).
# shellcheck shell=bash

server_dir() { echo "$servers/$1"; }
fact() {      # its first line; nothing where it is not known
  local value=
  { read -r value < "$servers/$1/$2"; } 2>/dev/null || true
  [ -z "$value" ] || echo "$value"
}

valid_name() {
  [[ $1 =~ ^[a-z][a-z0-9-]{0,30}$ ]] || die "'$1' is no server name: lower-case letters, digits and dashes, a letter first, 31 at most"
}

known_server() {
  [ -n "${1-}" ] || die "which server? Known: $(server_names | xargs)"
  [ -e "$servers/$1/number" ] || die "there is no server '$1'. Known: $(server_names | xargs)"
}

# A server counts from the moment it has its identity; one that is being made or forgotten right now has no more than a folder.
server_names() {
  local dir
  for dir in "$servers"/*/; do
    [ ! -s "$dir/number" ] || [ ! -s "$dir/up/etc/ssh/ssh_host_ed25519_key.pub" ] || basename "$dir"
  done | sort -V
}

# The supervisor is a process of ours only if its command line says so: pids are used again.
supervisor_of() {
  local pid words=()
  { read -r pid < "$servers/$1/supervisor" && mapfile -td '' words < "/proc/$pid/cmdline"; } 2>/dev/null || return
  [ "${words[*]: -1}" = "$lab_supervise_mark$1" ] && echo "$pid"
}
lab_supervise_mark=osmlab-server=

# pid1_of NAME: the process that is pid 1 inside; fails while the server is off.
pid1_of() {
  local supervisor child comm pid1
  supervisor=$(supervisor_of "$1") || return
  for child in $(children_of "$supervisor"); do
    { read -r comm < "/proc/$child/comm"; } 2>/dev/null || continue      # it has ended
    [ "$comm" = unshare ] || continue
    pid1=$(children_of "$child")
    [ -z "$pid1" ] || { echo "${pid1%% *}"; return; }
  done
  return 1
}

# The kernel's own list: to look through all processes of the machine takes longer than everything else here.
children_of() {
  local children
  { read -r children < "/proc/$1/task/$1/children"; } 2>/dev/null || true
  echo "${children-}"
}

is_up() { supervisor_of "$1" >/dev/null; }
must_be_up() { known_server "$1"; is_up "$1" || die "$1 is off; start it with: lab/up $1"; }

# inside NAME command...: runs it in the server, whether its network works or not.
# A shell waits for the command, not nsenter: that one stops itself when its child is stopped, as systemd stops everything
# at the end of a shutdown, and would stay so for ever, the server with it: its pid 1 does not end before its last process is fetched.
inside() {
  local pid1
  pid1=$(pid1_of "$1") || return 125
  shift
  # shellcheck disable=SC2016  # expanded by that shell
  nsenter --target "$pid1" --mount --uts --ipc --net --pid --cgroup --time --no-fork -- chroot / /bin/sh -c '"$@"; exit $?' inside \
    /usr/bin/env -i HOME=/root USER=root TERM="${TERM:-dumb}" LC_ALL=C.UTF-8 \
    PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

boot_id_of() { fact "$1" boot-id; }

# Ready: systemd has nothing left to start, and sshd greets.
wait_ready() {
  local address
  address=$(address_of "$(fact "$1" number)")
  if ! patiently 60 has_booted "$1"; then
    say "last lines of its console, $servers/$1/console.log:"
    tail -n 8 "$servers/$1/console.log" >&2
    die "$1 did not boot within a minute"
  fi
  patiently 20 greets "$address" || die "$1 has booted, but its sshd does not answer at $address; look into it with: lab/enter $1"
}

# Once systemd listens, it tells by itself when it is done: asking again and again takes the processor from what boots.
has_booted() {
  local pid1 comm
  pid1=$(pid1_of "$1") && { read -r comm < "/proc/$pid1/comm"; } 2>/dev/null && [ "$comm" = systemd ] || return
  [ -S "/proc/$pid1/root/run/systemd/private" ] || return
  case $(inside "$1" timeout 60 systemctl is-system-running --wait 2>/dev/null) in running|degraded) ;; *) return 1 ;; esac
}

greets() { [[ $(timeout 1 bash -c 'exec 3<>/dev/tcp/'"$1"'/22; head -c 4 <&3') = SSH- ]]; }
