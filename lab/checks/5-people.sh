# Host keys, users and their rights.
# shellcheck shell=bash
server=$prefix-a
"$lab/up" "$server" --base "$suite" >/dev/null
address=$(address_of "$(fact "$server" number)")
shown_key() { ssh-keyscan -t ed25519 "$address" 2>/dev/null | cut -d' ' -f2,3; }

before=$(shown_key)
cp "$known_hosts" "/tmp/$prefix-known"
"$lab/hostkey" "$server" >/dev/null
check "hostkey replaces the host key" fails same "$before" "$(shown_key)"
check "who knew the old key is warned" fails ssh -F none -i "$login_key" -o UserKnownHostsFile="/tmp/$prefix-known" \
  -o StrictHostKeyChecking=yes -o BatchMode=yes "root@$address" true
check "the lab knows the new one" "$lab/ssh" "$server" true
rm -f "/tmp/$prefix-known"

stranger=/tmp/$prefix-key
ssh-keygen -qt ed25519 -N '' -C stranger -f "$stranger"
knock() { ssh -F none -i "$stranger" -o IdentitiesOnly=yes -o UserKnownHostsFile="$known_hosts" -o BatchMode=yes "$1@$address" "${@:2}"; }
check "a stranger's key is refused" fails knock root true
check "admit" "$lab/admit" "$server" "$stranger.pub"
check "lets it in" knock root true
check "what is no key is not admitted" fails "$lab/admit" "$server" nonsense

"$lab/up" "$server" --user viewer --no-sudo >/dev/null
check "a user without sudo gets in" same viewer "$("$lab/ssh" "$server" id -un)"
check "and is no root" fails "$lab/ssh" "$server" sudo -n true
check "the system's links can be read all the same" "$lab/ssh" "$server" readlink /run/current-system "$profile"
"$lab/up" "$server" --user old --expired >/dev/null
check "a user whose password expired is turned away" has "Password change required" "$("$lab/ssh" "$server" true 2>&1)"
"$lab/up" "$server" --user deploy >/dev/null
check "a user with sudo becomes root" same root "$("$lab/ssh" "$server" sudo -n id -un)"
check "and finds the same programs then" "$lab/ssh" "$server" sudo -n nixos-version
check "the printed login is that user's" has "deploy@$address" "$("$lab/list" --json "$server" | jq -r '.[0].ssh')"
rm -f "$stranger" "$stranger.pub"
