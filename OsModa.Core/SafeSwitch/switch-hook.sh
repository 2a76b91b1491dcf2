# Part of safeswitch.sh: what has to go on after a restart of the server. NixOS leaves the units in one folder alone.
control=/etc/systemd/system.control

# put_hook NAME VERB DESCRIPTION: a unit that calls this script with the verb in every boot, until it is taken away.
put_hook() {
    hook=$control/$1.service wanted=$control/multi-user.target.wants/$1.service
    mkdir -p "${wanted%/*}" && cat >"$hook" <<END && ln -sfn "../${hook##*/}" "$wanted" && sync "$hook" "${hook%/*}" "${wanted%/*}"
[Unit]
Description=$3
ConditionPathExists=$dir/safeswitch.sh

[Service]
Type=oneshot
ExecStart=/bin/sh $dir/safeswitch.sh $2 $id
END
}

# take_hook NAME ID: only the operation's own; another one may have put one of the same name there.
take_hook() {
    grep -qsF -e " $2" "$control/$1.service" || return 0
    rm -f "$control/$1.service" "$control/multi-user.target.wants/$1.service"
    rmdir "$control/multi-user.target.wants" "$control" 2>/dev/null
}
