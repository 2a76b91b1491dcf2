# What a person or a program needs to reach a server.
# shellcheck shell=bash

state_of() {
  if ! is_up "$1"; then echo off
  elif plugged "$(fact "$1" number)"; then echo on
  else echo unplugged; fi
}

ssh_options() {
  printf '%s\n' -F none -i "$login_key" -o IdentitiesOnly=yes -o UserKnownHostsFile="$known_hosts" \
    -o StrictHostKeyChecking=yes -o BatchMode=yes -o LogLevel=ERROR
}

# facts_of NAME: sets what both descriptions tell. None of it has a character that JSON would quote.
facts_of() {
  name=$1 state=$(state_of "$1") user=$(fact "$1" user) sudo=$(fact "$1" sudo) suite=$(fact "$1" suite) store=$(fact "$1" store-name)
  address=$(address_of "$(fact "$1" number)") host_key=$(host_key_of "$1") fingerprint=$(fingerprint_of "$1")
  options=$(ssh_options)
  connect="ssh ${options//$'\n'/ } $user@$address"
}

describe_json() {
  local name state user sudo suite store address host_key fingerprint options connect
  facts_of "$1"
  [ "$sudo" = yes ] && sudo=true || sudo=false
  printf '{"name":"%s","state":"%s","address":"%s","port":22,"user":"%s","sudo":%s,"hostKey":"%s","fingerprint":"%s","privateKey":"%s","knownHosts":"%s","base":"%s","store":"%s","disk":"%s","ssh":"%s"}\n' \
    "$name" "$state" "$address" "$user" "$sudo" "$host_key" "$fingerprint" "$login_key" "$known_hosts" "$suite" "$store" "$(server_dir "$1")/up" "$connect"
}

describe() {
  local name state user sudo suite store address host_key fingerprint options connect rights=
  facts_of "$1"
  if [ "$user" != root ]; then [ "$sudo" = yes ] && rights=", with sudo" || rights=", without sudo"; fi
  printf '%s  %s\n' "$name" "$state"
  printf '  %-12s %s\n' address "$address port 22" user "$user$rights" "host key" "$fingerprint" system "$suite, store $store" connect "$connect"
}
