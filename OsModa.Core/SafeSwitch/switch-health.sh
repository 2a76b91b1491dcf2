# Part of safeswitch.sh: whether units are worse than before. Everything is judged against the baseline of the pre-flight.
# for_units FUNCTION TEXT: calls it for each unit of what show_units said, with the fields in variables. A unit begins with its Type,
# or with its Result where its kind has no types, such as sockets and timers.
for_units() {
    judge=$1 unit='' type='' has_result='' restarts=0 code=0 main_began=0 main_ended=0 tried_at=0
    IFS=$newline
    set -- $2
    unset IFS
    for field; do
        value=${field#*=}
        case $field$has_result in
            Type=* | Result=*1) [ -z "$unit" ] || "$judge"; unit='' type='' has_result='' restarts=0 code=0 main_began=0 main_ended=0 tried_at=0 ;;
        esac
        case ${field%%=*} in
            Id) unit=$value ;;
            Type) type=$value ;;
            ActiveState) active=$value ;;
            SubState) sub=$value ;;
            Result) result=$value has_result=1 ;;
            NRestarts) restarts=$value ;;
            ExecMainStatus) code=$value ;;
            ExecMainStartTimestampMonotonic) main_began=$value ;;
            ExecMainExitTimestampMonotonic) main_ended=$value ;;
            InactiveEnterTimestampMonotonic) fell=$value ;;
            InactiveExitTimestampMonotonic) rose=$value ;;
            ActiveEnterTimestampMonotonic) activated_at=$value ;;
            ConditionTimestampMonotonic) tried_at=$value ;;
        esac
    done
    [ -z "$unit" ] || "$judge"
}

# The baseline: units in trouble ($before), units that ran ($ran), units that were stopping ($leaving), and how often each had been started again ($bases).
read_baseline() {
    before=$newline ran=$newline leaving=$newline bases=$newline
    for_units note_baseline "$(cat "${1:-$dir/before}" 2>/dev/null)"
}
note_baseline() {
    case $active/$sub in
        failed/* | */auto-restart*) before=$before$unit$newline ;;
        active/*) ran=$ran$unit$newline ;;
        deactivating/*) leaving=$leaving$unit$newline ;;
    esac
    [ "$restarts" = 0 ] || bases="$bases$unit $restarts$newline"
}
listed() { case $2 in *"$newline$1$newline"*) ;; *) return 1 ;; esac; }

base_of() {
    base=0
    case $bases in *"$newline$1 "*) base=${bases#*"$newline$1 "} base=${base%%"$newline"*} ;; esac
}
set_base() {
    case $bases in *"$newline$1 "*) rest=${bases#*"$newline$1 "} bases=${bases%%"$newline$1 "*}$newline${rest#*"$newline"} ;; esac
    bases="$bases$1 $2$newline"
}

# Store paths name their contents: another path, another definition.
changed() {
    definition "$target" "$1"; new=$file
    definition "$from" "$1"
    [ -e "$new" ] && [ ! "$new" -ef /dev/null ] || return 1              # NixOS leads to /dev/null what was disabled
    [ "$new" -ef "$file" ] || return 0
    [ -e "$new.d/overrides.conf" ] || [ -e "$file.d/overrides.conf" ] || return 1
    ! [ "$new.d/overrides.conf" -ef "$file.d/overrides.conf" ]
}
watched() { listed "$1" "$newline$watched"; }

# trouble KIND UNIT SINCE TEXT: the first one decides. What follows from it is told, each thing once.
trouble() {
    case $evidence in *"$newline$1 $2$newline"*) return ;; esac
    evidence="$evidence$1 $2$newline"
    [ -n "$quiet" ] || line trouble "$@"
    [ -z "$bad" ] || return
    bad=$1 bad_unit=$2 bad_since=$3 bad_noticed=$((us - t0)) bad_text=$4
}

# When systemd took over the target's units, by its clock, into $reloaded: what died before that had the old definition.
see_reload() {
    [ -z "$reloaded" ] && [ /run/current-system -ef "$target" ] || return
    read -r now_loaded <<END
$(systemctl show --property=UnitsLoadTimestampMonotonic --value)
END
    [ "${now_loaded:-0}" = "$loaded" ] || reloaded=$now_loaded
}

# Looks at all services; the first evidence makes $bad. $over: the activation has ended. Units that the change did not touch only count
# once it is calm, at the end of the activation or 5 s after the reload: what they need may be away for a moment before. The end of
# an undoing looks for itself.
look_at_units() {
    [ -z "$undone_id" ] || return 0
    see_reload
    [ -n "$reloaded$over" ] || return
    [ -z "$told" ] || [ -z "$reloaded" ] || [ -n "$lasting" ] || judge_jobs
    shown=$(show_units)
    monotonic
    if [ -z "$shown" ]; then unheard; return; fi
    heard_at=$us
    [ "$calm$final$shown" != "$seen" ] || return
    case $calm$shown in 1*) ;; *=[1-9]*) for_units judge_unit "$shown" ;; esac
    if [ -z "$calm" ]; then
        [ -n "$over" ] || { when "$reloaded"; [ $((us - t0)) -ge $((moment + 5000000)) ]; } && calm=1
    fi
    [ -z "$calm" ] || [ -n "$bad" ] || for_units judge_unit "$shown"
    seen=$calm$final$shown
}

# systemd that is executed anew does not tell anything for a moment: that is no look, and above all not the last one. The standing
# watch goes on; a switch does not wait for ever.
unheard() {
    final=''
    [ "$heard_at" != 0 ] || heard_at=$us
    [ -n "$lasting" ] || [ $((us - heard_at)) -lt 30000000 ] || trouble activation - $((us - t0)) 'systemd does not tell any more how the units of the server are.'
}

judge_unit() {
    case $active$result$restarts in activesuccess0) return ;; esac
    case $unit in "$switch_unit.service" | osmoda-guard-* | osmoda-standing.service) return ;; esac
    ! listed "$unit" "$before" || return
    # A nightly job that fails once, hours later, is no crash loop.
    [ -z "$lasting" ] || { [ "$type" != oneshot ] && { [ "$active$restarts" != failed0 ] || watched "$unit" || is_wanted "$target" "$unit"; }; } || return
    [ "$lasting$active$restarts" != 1failed0 ] || ! stopped_by_hand || return
    base_of "$unit"
    [ "$restarts" -ge "$base" ] || { base=$restarts; set_base "$unit" "$base"; }
    mine=
    ! changed "$unit" || mine=1
    if [ -n "$mine" ] && [ -n "$reloaded" ]; then
        case $result in
            success | exec-condition) ;;
            *) if [ "$active" != active ] && [ "$rose" -ge "$reloaded" ]; then fall
                if [ "$active" = failed ]; then trouble failed "$unit" "$moment" "$unit has failed: $result, status $code."
                elif [ "$main_began" -lt "$reloaded" ] || [ -n "$lasting" ]; then :
                elif [ "$result" = timeout ]; then trouble failed "$unit" "$moment" "$unit ran out of the time that it has for starting or running; this switch had changed it."
                else trouble crash "$unit" "$moment" "$unit crashed ($result, status $code); this switch had changed it."; fi
            fi ;;
        esac
    elif [ -z "$calm" ]; then
        [ "$restarts" = "$base" ] || set_base "$unit" "$restarts"          # what it needs may be away for a moment
        return
    elif [ -n "$lasting" ] && [ -z "$mine" ] && ! watched "$unit"; then return
    elif [ "$active" = failed ] && is_ours; then
        fall
        trouble failed "$unit" "$moment" "$unit has failed: $result, status $code."
    fi
    if [ $((restarts - base)) -ge 2 ]; then
        fall
        trouble crash-loop "$unit" "$moment" "$unit was started again $((restarts - base)) times."
        set_base "$unit" "$restarts"
    fi
    [ -z "$final" ] || judge_finally
}

# systemd would have started it again: somebody has stopped it, and it did not take that well.
stopped_by_hand() { case $(systemctl show --property=Restart --value "$unit" 2>/dev/null) in always | on-failure) ;; *) return 1 ;; esac; }

# It ran before, or the new system has it. What somebody starts by hand meanwhile may fail as it likes.
is_ours() {
    ! listed "$unit" "$ran" || return 0
    definition "$target" "$unit"
    [ -e "$file" ]
}

# When it died last, into $moment.
fall() {
    last=$main_ended
    [ "$last" -gt 0 ] || last=$rose
    [ "$last" -gt 0 ] || last=$fell
    when "$last"
}

# Only at the end: what ran has to run, and not only since a moment ago.
judge_finally() {
    [ -n "$mine" ] || watched "$unit" || return
    case $active in
        failed)
            if listed "$unit" "$ran"; then fall; trouble failed "$unit" "$moment" "$unit has failed: $result, status $code."; fi ;;
        inactive)
            if [ "$type" != oneshot ] && [ "$result" = success ] && listed "$unit" "$ran" && is_wanted "$target" "$unit"; then
                when "$fell"
                trouble vanished "$unit" "$moment" "$unit ran before and does not run any more."
            elif [ "$tried_at" = 0 ] && never_tried; then trouble start-job "$unit" $((us - t0)) "$unit is new and was to be started, and systemd has not tried to."
            fi ;;
        activating)
            when "$rose"
            if [ "$sub" != auto-restart ] && [ "$type" != oneshot ] && [ $((us - t0 - moment)) -ge 60000000 ]; then
                trouble start-job "$unit" $((us - t0)) "$unit is still being started a minute after it began."
            fi ;;
        active)
            when "$activated_at"
            if [ "$restarts" -gt "$base" ] && [ $((us - t0 - moment)) -lt "$enough" ]; then
                trouble short "$unit" "$moment" "$unit was started again only just before the end of the probation."
            fi ;;
    esac
}

# The poll for a start job that failed because of what the unit needs: nobody looked at its conditions, and nobody is about to.
never_tried() {
    definition "$from" "$unit"
    [ "$probation" != 0 ] && [ ! -e "$file" ] && is_wanted "$target" "$unit" &&
        [ -z "$(systemctl show --property=Job --value "$unit" 2>/dev/null)" ]
}

# Something in a system starts the unit by itself: a unit that is active wants it or requires it.
is_wanted() {
    definition "$1" "$2"
    [ ! "$file" -ef /dev/null ] || return 1
    set +f
    set -- "$2" "$1"/etc/systemd/system/*.wants/"$2" "$1"/etc/systemd/system/*.requires/"$2"
    set -f
    shift
    for link; do
        [ -e "$link" ] || [ -L "$link" ] || continue
        wants=${link%/*} wants=${wants##*/}
        case $wants in multi-user.target.wants | sysinit.target.wants) return 0 ;; esac
        ! systemctl -q is-active "${wants%.*}" 2>/dev/null || return 0
    done
    return 1
}

# Start jobs that failed, from the signals; units whose processes crash are told of by their state.
judge_jobs() {
    case $told in *'"JobRemoved"'*'"failed"'* | *'"JobRemoved"'*'"timeout"'* | *'"JobRemoved"'*'"dependency"'*) ;; *) return ;; esac
    IFS=$newline
    set -- $told
    unset IFS
    for signal; do
        case $signal in *'"member":"JobRemoved"'*'"failed"]'* | *'"member":"JobRemoved"'*'"timeout"]'* | *'"member":"JobRemoved"'*'"dependency"]'*) ;; *) continue ;; esac
        signal=${signal%'"]'*}
        how=${signal##*'"'} unit=${signal%'","'*}
        unit=${unit##*'"'}
        a_unit "$unit" && ! listed "$unit" "$before" && changed "$unit" || continue
        ! systemctl -q is-active "$unit" || continue
        trouble start-job "$unit" $((us - t0)) "$unit could not be started: $how."
    done
}

# Units of every kind that have failed or are being started again and again, one a line.
troubled() {
    systemctl list-units --state=failed,activating --plain --no-legend --full --no-pager 2>/dev/null | while read -r unit _ active sub _; do
        case $active/$sub in failed/* | */auto-restart*) printf '%s\n' "$unit" ;; esac
    done
}

# Mounts, sockets and the like; asked at the end, and when the switch program says that units failed.
judge_others() {
    history=''
    for unit in $(troubled); do
        beat
        ! listed "$unit" "$before" || continue
        is_ours || [ "$(systemctl show --property=SourcePath --value "$unit" 2>/dev/null)" = /etc/fstab ] || continue
        [ -n "$history" ] || history=$newline$(restarted_before)$newline
        ! listed "$unit" "$history" && ! comes_again || continue
        line note unit "$unit: $(systemctl show --property=ActiveState,SubState,Result,NRestarts,ExecMainStatus "$unit" | harmless)"
        trouble failed "$unit" $((us - t0)) "$unit has failed."
    done
}

# A unit that the change did not touch has died, and is back within a second: once is chance, and twice is a crash loop.
comes_again() {
    ! systemctl -q is-failed "$unit" && ! changed "$unit" || return
    turns=10
    while [ "$turns" -gt 0 ]; do
        turns=$((turns - 1))
        sleep 0.1
        ! systemctl -q is-active "$unit" || return 0
    done
    return 1
}

# The switch program said that units failed, and which. It says so too when it lost sight of systemd: then it names none.
judge_status() {
    [ "$status" = 4 ] && [ -z "$bad$undone_id" ] || return
    judge_others
    [ -z "$bad" ] || return
    history=$newline$(restarted_before)$newline
    for unit in $(named_units); do
        a_unit "$unit" && changed "$unit" && ! listed "$unit" "$before" && ! listed "$unit" "$history" || continue
        trouble activation "$unit" $((us - t0)) "$unit failed during the activation and has recovered since (the switch program ended with exit status 4)."
    done
}
