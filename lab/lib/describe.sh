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

describe_json() {
  local address user
  address=$(address_of "$(fact "$1" number)") user=$(fact "$1" user)
  jq -cn --arg name "$1" --arg state "$(state_of "$1")" --arg address "$address" --arg user "$user" \
    --argjson sudo "$([ "$(fact "$1" sudo)" = yes ] && echo true || echo false)" \
    --arg hostKey "$(host_key_of "$1")" --arg fingerprint "$(fingerprint_of "$1")" \
    --arg privateKey "$login_key" --arg knownHosts "$known_hosts" \
    --arg base "$(fact "$1" suite)" --arg store "$(fact "$1" store-name)" \
    --arg disk "$(server_dir "$1")/up" \
    --arg ssh "ssh $(ssh_options | xargs) $user@$address" \
    '{name: $name, state: $state, address: $address, port: 22, user: $user, sudo: $sudo, hostKey: $hostKey,
      fingerprint: $fingerprint, privateKey: $privateKey, knownHosts: $knownHosts, base: $base, store: $store, disk: $disk, ssh: $ssh}'
}

describe() {
  describe_json "$1" | jq -r '"\(.name)  \(.state)
  address      \(.address) port \(.port)
  user         \(.user)\(if .user == "root" then "" elif .sudo then ", with sudo" else ", without sudo" end)
  host key     \(.fingerprint)
  system       \(.base), store \(.store)
  connect      \(.ssh)"'
}
