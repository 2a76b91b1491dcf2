# boot_parts BOOTED OTHER: which parts of a system other than the booted one come with a restart only; sets $parts, separated by a space.
# What neither of the two has is no difference: a container has no kernel of its own, and not every kernel starts from an initrd.
boot_parts() {
    parts=''
    for part in kernel initrd kernel-modules; do
        # shellcheck disable=SC3013  # -ef is in POSIX since 2024, and in dash and bash since long before
        [ "$1/$part" -ef "$2/$part" ] || ! { [ -e "$1/$part" ] || [ -e "$2/$part" ]; } || parts="$parts $part"
    done
    # shellcheck disable=SC3013
    if [ -e "$1/systemd" ] && [ -e "$2/systemd" ] && ! [ "$1/systemd" -ef "$2/systemd" ]; then
        was=$(systemd_major "$1") would=$(systemd_major "$2")
        [ -z "$was" ] || [ -z "$would" ] || [ "$was" = "$would" ] || parts="$parts systemd"
    fi
    parts=${parts# }
}

# systemd_major SYSTEM: 255 of /nix/store/…-systemd-255.6; nothing where the name tells no version.
systemd_major() {
    package=$(readlink -f "$1/systemd")
    case $package in *-systemd-[0-9]*) package=${package##*-systemd-}; printf '%s' "${package%%[!0-9]*}" ;; esac
}
