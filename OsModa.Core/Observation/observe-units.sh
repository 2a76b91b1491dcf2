# Part of observe.sh: units.
# Every loaded unit as a line of fields, cheap also with many: a call of 10 ms where properties of all would take 400.
list_units() {
    systemctl list-units --all --plain --no-legend --full --no-pager 2>/dev/null </dev/null | sed -e 's/\\/\\\\/g' -e "s/$tab/ /g" \
        -e "s/^\\([^ ]*\\)  *\\([^ ]*\\)  *\\([^ ]*\\)  *\\([^ ]*\\) *\\(.\\{0,200\\}\\).*/\\1${tab}LoadState=\\2${tab}ActiveState=\\3${tab}SubState=\\4${tab}Description=\\5/" \
        -e 's/  *$//'
}

# Properties of the units named as lines of fields: blocks of Key=value lines joined.
show_units() {
    systemctl show --all --no-pager --timestamp=us+utc \
        -p Id,Description,LoadState,ActiveState,SubState,Result,NRestarts,MainPID,ExecMainCode,ExecMainStatus,StatusText,InvocationID \
        -p MemoryCurrent,StateChangeTimestamp,StateChangeTimestampMonotonic,ActiveEnterTimestampMonotonic,FragmentPath,NeedDaemonReload,UnitFileState \
        -- "$@" 2>/dev/null </dev/null | sed -n -e 's/\\/\\\\/g' -e "s/$tab/ /g" -e 's/^\(StatusText=.\{0,300\}\).*/\1/' -e 's/^\(Description=.\{0,200\}\).*/\1/' \
        -e '/./{H;$!d;}' -e 'x' -e "s/\\n/$tab/g" -e "s/^\\(.*\\)${tab}Id=\\([^$tab]*\\)/\\2\\1/" -e '/./p' -e 's/.*//' -e 'x'
}

# tell_units LINES
tell_units() {
    IFS=$nl
    for row in $1; do
        unset IFS
        frame unit "$row"
    done
    unset IFS
}

# Memory of services as the kernel counts it, and the marks of units that declare an agent: one process each.
tell_extras() {
    cgroups=/sys/fs/cgroup/system.slice
    tell_units "$(set +f; grep -s . $cgroups/*.service/memory.current $cgroups/*/*.service/memory.current /dev/null \
        | sed -n -e 's/\\/\\\\/g' -e "s|.*/\\([^/]*\\)/memory.current:\\([0-9]*\\)\$|\\1${tab}MemoryCurrent=\\2|p")"
    tell_units "$(set +f; cd /etc/systemd/system 2>/dev/null && grep -s '^X-OsModa-Agent=' ./*.service ./*.service.d/*.conf \
        | sed -n -e 's/\\/\\\\/g' -e "s/$tab/ /g" -e "s|^\\./\\([^/:]*\\.service\\)[^:]*:X-OsModa-Agent=\\(.\\{0,100\\}\\).*|\\1${tab}Marker=\\2|p")"
}

# Lists the units anew. Sets $known, and $as_of to a time before it: who reads takes a unit that changed later and is not
# in the list for a new one, not for one that is gone. Fails when systemd gives none: it does not answer while it executes itself anew.
list_known() {
    monotonic
    list=$(list_units)
    [ -n "$list" ] || return
    known=$list as_of=$mono
}

# The whole set; $1 is what list_units said, $2 says whether properties of services come with it.
units() {
    frame begin units "$as_of"
    began=$count
    tell_units "$1"
    [ -z "$2" ] || tell_units "$(show_units '*.service')"
    tell_extras
    frame end units $((count - began))
}

# poll OLD NEW: the safety net, run beside the main loop: the list, then the properties of units whose line is not as it was.
poll() {
    writer=p count=0
    units "$2" ''
    changed=$({ printf '%s\n%s\n' "$1" "$1"; printf '%s\n' "$2"; } | sort | uniq -u | sed -n -e "s/^\\([^$tab]*\\)$tab.*/\\1/" -e 's/\\\\/\\/gp' -e 't' -e 'p')
    [ -n "$changed" ] || return 0
    IFS=$nl
    # shellcheck disable=SC2086  # lines are the words
    changed=$(show_units $changed)
    unset IFS
    tell_units "$changed"
}
