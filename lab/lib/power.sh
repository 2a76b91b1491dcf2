# Power: on, off, cut, again.
# shellcheck shell=bash

# create_disk NAME: what the installer would leave on an empty disk: host key, machine id, login key, boot menu.
create_disk() {
  local dir=$servers/$1 disk=$servers/$1/up
  [ ! -e "$disk/etc/machine-id" ] || return 0
  mkdir -p "$dir"/{up,up-work,nix-up,nix-up-work,root} "$disk"/{etc/ssh,root/.ssh,boot}
  chmod 700 "$disk/root" "$disk/root/.ssh"
  [ -e "$disk/etc/ssh/ssh_host_ed25519_key" ] || ssh-keygen -qt ed25519 -N '' -C "root@$1" -f "$disk/etc/ssh/ssh_host_ed25519_key"
  cp "$login_key.pub" "$disk/root/.ssh/authorized_keys"
  cp -a "$(fact "$1" store)/boot/." "$disk/boot/"
  echo "$1" > "$disk/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.0.2 %s\n' "$1" > "$disk/etc/hosts"
  write_configuration "$1"
  # last, because it tells that the disk is complete
  tr -d - < /proc/sys/kernel/random/uuid > "$disk/etc/machine-id"
}

# write_configuration NAME: what the installer writes into /etc/nixos, and where Nix finds nixpkgs without a network.
write_configuration() {
  local disk=$servers/$1/up
  mkdir -p "$disk"/etc/{nix,nixos}
  cat > "$disk/etc/nixos/configuration.nix" <<'END'
# What this server was installed with.
{ ... }:
{
  imports = [ ./hardware-configuration.nix ];
  system.stateVersion = "25.05";
}
END
  cat > "$disk/etc/nixos/hardware-configuration.nix" <<'END'
# Found by nixos-generate-config.
{ lib, ... }:
{
  lab.generation = lib.mkDefault 0;
}
END
  { cat "$(fact "$1" base)/etc/nix/nix.conf"; echo 'flake-registry = /etc/nix/registry.json'; } > "$disk/etc/nix/nix.conf"
  cat > "$disk/etc/nix/registry.json" <<'END'
{"version":2,"flakes":[{"from":{"type":"indirect","id":"nixpkgs"},"to":{"type":"path","path":"/nix/var/nix/profiles/per-user/root/channels/nixos"}}]}
END
}

power_on() {
  local name=$1 dir=$servers/$1 number tree cgroup controller parent
  number=$(fact "$name" number)
  tree=$(cgroup_root)
  cgroup=$tree/$name
  mkdir -p "$cgroup"
  # Where cgroup v2 has the controllers (a hybrid machine has not), the server gets figures of memory and tasks.
  for controller in memory pids cpu; do
    for parent in "$tree/.." "$tree"; do
      echo "+$controller" > "$parent/cgroup.subtree_control" 2>/dev/null || true
    done
  done
  echo "$cgroup" > "$dir/cgroup"
  : >> "$dir/console.log"
  with_lock network connect "$name" "$number"
  setsid nsenter --net="/run/netns/$(namespace_of "$name")" \
    "$lab/boot/supervise" "$dir" "$lab_supervise_mark$name" </dev/null >>"$dir/console.log" 2>&1 &
  echo $! > "$dir/supervisor"
}

# Asks systemd to power off, as a person at the console would.
power_off() {
  local name=$1 pid1
  if pid1=$(pid1_of "$name"); then kill -s RTMIN+4 "$pid1"; fi
  patiently 120 is_off "$name" || die "$name does not shut down; pull its plug with: lab/kill $name"
  clean_up "$name"
}

# A power cut: nothing inside gets to run another instruction.
cut_power() {
  local name=$1 supervisor pid1
  if supervisor=$(supervisor_of "$name"); then
    kill -STOP "$supervisor"      # or it would take the end for a reboot
    if pid1=$(pid1_of "$name"); then kill -KILL "$pid1"; fi
    kill -KILL "$supervisor"
    [ -z "${pid1-}" ] || patiently 5 process_gone "$pid1"
  fi
  clean_up "$name"
}

is_off() { ! is_up "$1"; }
process_gone() { [ ! -e "/proc/$1" ]; }

# Nothing of a server that is off stays behind but its disk.
clean_up() {
  local name=$1 cgroup
  cgroup=$(cgroup_root)/$name
  patiently 5 remove_cgroup "$cgroup" || say "lab: $cgroup still has processes"
  with_lock network disconnect "$name" "$(fact "$name" number)"
  rmdir "$(dirname "$cgroup")" 2>/dev/null || true      # with the last server
  rm -f "$servers/$name/supervisor"
}

remove_cgroup() {
  [ ! -d "$1" ] || find "$1" -depth -type d -exec rmdir {} +
}

forget() {
  local number
  number=$(fact "$1" number)
  rm -rf --one-file-system "${servers:?}/$1"
  release_number "$number"
  forget_host_key "$(address_of "$number")"
}
