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
        systemd_major "$1"; was=$major
        systemd_major "$2"; would=$major
        [ -z "$was" ] || [ -z "$would" ] || [ "$was" = "$would" ] || parts="$parts systemd"
    fi
    parts=${parts# }
}

# systemd_major SYSTEM: 255 of /nix/store/…-systemd-255.6 into $major; nothing where the name tells no version. cd follows links without a process.
systemd_major() {
    major=''
    ! cd -P "$1/systemd" 2>/dev/null || case $PWD in *-systemd-[0-9]*) major=${PWD##*-systemd-} major=${major%%[!0-9]*} ;; esac
    cd /
}
