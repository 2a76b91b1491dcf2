# schema-source.sh: what the system of this server is made of. Reads only.
# Lines:
#   flake FOLDER NAME     /etc/nixos has a flake; NAME is the host's
#   file FILE             /etc/nixos/default.nix gives an attribute set with `options`
#   channel               /etc/nixos/configuration.nix on the channel's nixpkgs
#   nixpkgs PATH          what the channel's nixpkgs is, a path in the store
#   stamp SHA256          of the files in /etc/nixos and of which nixpkgs they are evaluated with
#   manual FILE           an options.json in the store, for when nothing can be evaluated
# Exit status: 0.
LC_ALL=C PATH=${PATH-}:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin
export LC_ALL PATH
set -uf
tab=$(printf '\t')

if [ -e /etc/nixos/flake.nix ]; then
    printf 'flake\t%s\t%s\n' /etc/nixos "$(cat /proc/sys/kernel/hostname)"
elif [ -e /etc/nixos/configuration.nix ]; then
    echo channel
elif [ -e /etc/nixos/default.nix ]; then
    printf 'file\t%s\n' /etc/nixos/default.nix
fi

nixpkgs=$(readlink -f /nix/var/nix/profiles/per-user/root/channels/nixos 2>/dev/null)
[ ! -e "$nixpkgs" ] || printf 'nixpkgs\t%s\n' "$nixpkgs"

stamp=$({
    readlink -f /nix/var/nix/profiles/per-user/root/channels /root/.nix-defexpr/channels 2>/dev/null
    find -L /etc/nixos -maxdepth 6 -type f \( -name '*.nix' -o -name '*.json' -o -name flake.lock \) -size -1024k -exec sha256sum {} + 2>/dev/null | sort
} | sha256sum)
printf 'stamp%s%s\n' "$tab" "${stamp%% *}"

set +f
for manual in /run/current-system/sw/share/doc/nixos/options.json /nix/store/*-options.json/share/doc/nixos/options.json; do
    if [ -e "$manual" ]; then
        printf 'manual%s%s\n' "$tab" "$manual"
        break
    fi
done
exit 0
