# The wires: one bridge in the root network namespace, one veth pair a server, addresses in 10.77.0.0/16.
# Number N has the address 10.77.N/250.N%250+1 and the interface osmlN on our side of its cable.
# shellcheck shell=bash

address_of() { echo "10.77.$(($1 / 250)).$(($1 % 250 + 1))"; }
# A server keeps its card when it loses power: with a new hardware address nobody would reach it for half a minute,
# until the ARP entries of the old one have died.
card_of() { printf '02:6f:73:6d:%02x:%02x' $(($1 / 256)) $(($1 % 256)); }
cable_of() { echo "osml$1"; }
namespace_of() { echo "osmlab-$1"; }

# claim_number NAME DIRECTORY: the number of this server, allotted once and kept until the server is forgotten.
# A claim is a link in one directory for all labs of the machine, so that no two get the same name or address.
claim_number() {
  local name=$1 dir=$2 claims=$shared/numbers claim n=1
  [ ! -e "$dir/number" ] || return 0
  mkdir -p "$claims"
  for claim in "$claims"/*; do
    [ -L "$claim" ] || continue
    if [ ! -d "$claim" ]; then rm -f "$claim"      # its lab was deleted by hand
    elif [ "$(basename "$(readlink "$claim")")" = "$name" ]; then
      die "the name $name is taken by another lab: $(readlink "$claim")"
    fi
  done
  while [ -L "$claims/$n" ]; do n=$((n + 1)); done
  [ "$n" -lt 60000 ] || die "no address is left; forget some servers with: lab/down NAME --rm"
  ln -s "$dir" "$claims/$n"
  echo "$n" > "$dir/number"
}

release_number() { rm -f "$shared/numbers/$1"; }

# connect NAME NUMBER: bridge, network namespace and cable of a server.
connect() {
  local name=$1 number=$2 ns cable
  ns=$(namespace_of "$name") cable=$(cable_of "$number")
  make_bridge
  # What is left of the last run of this server may go; its namespace dies a moment after its last process, the
  # cable with it. A cable that stays is somebody else's and is not ours to take away.
  ip netns del "$ns" 2>/dev/null || true
  patiently 3 cable_gone "$cable" ||
    die "the interface $cable is in use by something that is not in $shared/numbers; remove it or forget this server (lab/down $name --rm)"
  ip netns add "$ns"
  ip link add "$cable" type veth peer name eth0 address "$(card_of "$number")" netns "$ns"
  # Without an address of its own on our side: browsers drop every connection, also those to 127.0.0.1, when an
  # address of their machine comes or goes, and each cable would bring one of IPv6.
  ip link set "$cable" addrgenmode none
  ip link set "$cable" master "$bridge" up
  ip -n "$ns" link set lo up
  ip -n "$ns" addr add "$(address_of "$number")/16" dev eth0
  ip -n "$ns" link set eth0 up
  # this address may have been another server's a moment ago
  ip neigh del "$(address_of "$number")" dev "$bridge" 2>/dev/null || true
}

cable_gone() { [ ! -e "/sys/class/net/$1" ]; }

make_bridge() {
  [ ! -e /sys/class/net/"$bridge" ] || return 0
  # Without a hardware address of its own it has the lowest one of its cables: then each that comes or goes may
  # change it, and no server hears us until its ARP entry of us has died.
  ip link add "$bridge" address "$(card_of 65535)" type bridge ||
    die "cannot create the bridge $bridge in this network namespace; the servers would not be reachable. It needs root with CAP_NET_ADMIN and the kernel's bridge and veth drivers"
  ip link set "$bridge" addrgenmode none
  ip addr add "$bridge_address/16" dev "$bridge"
  ip link set "$bridge" up
}

# disconnect NAME NUMBER: takes the cable away, and the bridge with the last one.
disconnect() {
  if [ -e "/run/netns/$(namespace_of "$1")" ]; then
    ip netns del "$(namespace_of "$1")"
    patiently 3 cable_gone "$(cable_of "$2")" || ip link del "$(cable_of "$2")"
  fi
  [ -e /sys/class/net/"$bridge" ] && [ -z "$(ls /sys/class/net/"$bridge"/brif)" ] && ip link del "$bridge"
  return 0
}

plugged() { [ -e "/sys/class/net/$(cable_of "$1")" ] && ip -o link show "$(cable_of "$1")" up | grep -q .; }
