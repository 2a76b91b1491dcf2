# Who may log in, and by which host key the server is known.
# shellcheck shell=bash

# create_user NAME USER SUDO EXPIRED: a person with the lab's key. The server must be up.
create_user() {
  local name=$1 user=$2 sudo=$3 expired=$4
  if ! inside "$name" id "$user" >/dev/null 2>&1; then
    inside "$name" /usr/sbin/useradd --create-home --shell /bin/bash "$user"
  fi
  admit "$name" "$user" "$(<"$login_key.pub")"
  if [ "$sudo" = yes ]; then inside "$name" /usr/sbin/usermod --append --groups wheel "$user"; fi
  # sshd lets such a user in only to change the password, which nobody can without a terminal
  if [ "$expired" = yes ]; then inside "$name" chage --lastday 0 "$user"; fi
}

# admit NAME USER KEY: one more authorized key.
admit() {
  # shellcheck disable=SC2016  # the variables are the server's
  inside "$1" /bin/bash -euc '
    entry=$(getent passwd "$1") || { echo "lab: there is no user $1 on this server" >&2; exit 1; }
    home=$(cut -d: -f6 <<< "$entry")
    mkdir -p -m 700 "$home/.ssh"
    touch "$home/.ssh/authorized_keys"
    grep -qxF "$2" "$home/.ssh/authorized_keys" || echo "$2" >> "$home/.ssh/authorized_keys"
    chown -R "$1:" "$home/.ssh"
    chmod 600 "$home/.ssh/authorized_keys"' _ "$2" "$3"
}

# new_host_key NAME: as after a reinstallation, or somebody in the middle.
new_host_key() {
  # shellcheck disable=SC2016
  inside "$1" /bin/bash -euc '
    rm -f /etc/ssh/ssh_host_ed25519_key*
    ssh-keygen -qt ed25519 -N "" -C "root@$1" -f /etc/ssh/ssh_host_ed25519_key
    systemctl restart sshd.service' _ "$1"
  trust_host_key "$1"
}

host_key_of() {
  local kind key _
  read -r kind key _ < "$servers/$1/up/etc/ssh/ssh_host_ed25519_key.pub"
  echo "$kind $key"
}

fingerprint_of() {
  local bits fingerprint _
  read -r bits fingerprint _ < <(ssh-keygen -lf "$servers/$1/up/etc/ssh/ssh_host_ed25519_key.pub")
  echo "$fingerprint"
}

# The lab's own known_hosts file has the key of each server before the first connection.
trust_host_key() { with_lock "known-hosts-$(id -u)" replace_host_key "$(address_of "$(fact "$1" number)")" "$(host_key_of "$1")"; }
forget_host_key() { with_lock "known-hosts-$(id -u)" replace_host_key "$1" ""; }

replace_host_key() {
  local file=$known_hosts
  { [ ! -e "$file" ] || grep -vF "$1 " "$file" || true; [ -z "$2" ] || echo "$1 $2"; } > "$file.new"
  mv "$file.new" "$file"
}
