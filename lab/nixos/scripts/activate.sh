#!/bin/bash
# Activation, as far as somebody who manages the server can see it: /etc, wrappers, /run/current-system.
systemConfig=@out@
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
fault="@activationFault@"      # the part that fails, if any
status=0
# a link is renamed into place, so that nobody ever sees it missing
link() { ln -sfn "$1" "$2.tmp$$" && mv -T "$2.tmp$$" "$2"; }

if [ -n "$fault" ]; then
  echo "setting up $fault..."
  echo "$fault: /var/lib/lab/age.key: No such file or directory" >&2
  echo "Activation script snippet '$fault' failed (1)" >&2
  status=1
fi

echo "setting up /etc..."
link "$systemConfig/etc" /etc/static
place() {      # directories are made, everything else becomes a link through /etc/static
  local entry name
  for entry in /etc/static/"$1"*; do
    name=${entry#/etc/static/}
    if [ -d "$entry" ] && [ ! -L "$entry" ]; then
      mkdir -p "/etc/$name"
      place "$name/"
    elif [ "$(readlink "/etc/$name")" != "$entry" ]; then
      [ -L "/etc/$name" ] || rm -rf "/etc/${name:?}"
      link "$entry" "/etc/$name"
    fi
  done
}
shopt -s dotglob nullglob
place ""
find /etc -xdev -lname '/etc/static/*' -xtype l | while read -r gone; do
  echo "removing obsolete symlink ‘$gone’..."
  rm -f "$gone"
done

mkdir -p /run/wrappers/bin /run/nixos /nix/var/nix/gcroots
ln -sft /run/wrappers/bin /usr/bin/{sudo,su,passwd,mount,umount}

link "$systemConfig" /run/current-system
link /run/current-system /nix/var/nix/gcroots/current-system
exit $status
