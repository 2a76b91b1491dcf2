# Part of observe.sh: what stays the same while a server runs.
facts() {
    os='' os_id=''
    while IFS='=' read -r key value; do
        value=${value#[\"\']} value=${value%[\"\']}
        case $key in PRETTY_NAME) os=$value ;; ID) os_id=$value ;; esac
    done </etc/os-release
    read -r name </proc/sys/kernel/hostname
    read -r kernel </proc/sys/kernel/osrelease
    plain "$name"; frame fact hostname "$text"
    plain "$os"; frame fact os "$text"
    plain "$os_id"; frame fact os-id "$text"
    plain "$kernel"; frame fact kernel "$text"
    frame fact machine "$(uname -m)"
    frame fact cores "$(nproc)"
    systemd=$(systemctl --version 2>/dev/null | sed -n '1s/^systemd //p')
    plain "$systemd"; frame fact systemd "$text"
    # nix-env opens the store even for this, which only root may where no daemon runs; nix does not, but is not everywhere.
    nix=$({ nix --version || nix-env --version; } 2>/dev/null | sed -n '1s/.* //p')
    plain "$nix"; frame fact nix "$text"
    monotonic
    frame fact booted "$((wall - mono))"
    [ "$os_id" = nixos ] || frame trouble not-nixos "This is not NixOS but ${os_id:-unknown}"
    [ -n "$nix" ] || frame trouble no-nix 'There is no nix-env in the path'
    # Whoever may not read the journal of the system is shown an empty one, without an error.
    if [ -z "$(journalctl -q -n 1 -o cat _PID=1 2>/dev/null </dev/null)" ]; then
        if [ "$user" = 0 ]; then frame trouble no-journal 'The journal holds nothing of systemd'
        else frame trouble no-journal 'Its login is not in the group systemd-journal'; fi
    fi
}
