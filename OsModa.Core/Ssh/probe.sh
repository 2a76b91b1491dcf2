# What kind of server is this, and what may we do here? One key=value a line. Reads only, and runs with the rights of the login.
say() { printf '%s=%s\n' "$1" "$(printf %s "$2" | tr '\000-\037\177' ' ' | cut -c 1-200)"; }

uid=$(id -u)
say uid "$uid"
if [ "$uid" != 0 ]; then
    if answer=$(sudo -n true 2>&1); then say sudo yes; else say sudo no; say sudo-says "$answer"; fi
fi

[ ! -d /run/systemd/system ] || say systemd "$(systemctl --version 2>/dev/null | head -n 1)"

if [ -r /etc/os-release ]; then
    say os "$(. /etc/os-release && printf %s "$PRETTY_NAME")"
    say os-id "$(. /etc/os-release && printf %s "$ID")"
fi
[ ! -e /etc/NIXOS ] || say nixos-mark yes

say nix "$(nix --version 2>/dev/null || nix-env --version 2>/dev/null)"
say done yes
