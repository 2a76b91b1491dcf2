# What happens to each active unit of the old system: stop, start, restart, reload, skip; or nothing.
# shellcheck shell=bash
declare -A stop=() start=() restart=() reload=() skip=() hidden=() shown_stop=() shown_start=()
lists=/run/nixos

# A switch that was cut off left its intentions behind; they are carried out by the next one.
take_up_interrupted_run() {
  local unit what
  for what in start restart reload; do
    local -n set=$what
    [ ! -e "$lists/$what-list" ] || while read -r unit; do set[$unit]=1; done < "$lists/$what-list"
  done
}

intend() {      # intend start|restart|reload UNIT
  local -n set=$1
  set[$2]=1
  [ "$action" = dry-activate ] || echo "$2" >> "$lists/$1-list"
}

decide_all() {
  local unit
  for unit in "${!before[@]}"; do
    case ${before[$unit]} in active*|activating*) decide "$unit" ;; esac
  done
  for unit in "${!stop[@]}"; do [ -n "${hidden[$unit]-}" ] || shown_stop[$unit]=1; done
  for unit in "${!start[@]}"; do [ -n "${hidden[$unit]-}" ] || shown_start[$unit]=1; done
}

decide() {
  local unit=$1 file old new verdict
  unit_file /etc/systemd/system "$unit" || return 0      # not one of the system closure
  old=$file
  local -A now=() was=()
  if unit_file "$OUT/etc/systemd/system" "$unit"; then new=$file
  else
    parse_unit was "$old"
    ! is_set was Unit/X-StopOnRemoval true || stop[$unit]=1
    return 0
  fi
  if [[ $unit = *.target ]]; then
    parse_unit now "$new"
    # Active targets are started again: that pulls in what is new, and what was stopped.
    case $unit in suspend.target|hibernate.target|hybrid-sleep.target) return 0 ;; esac
    if ! is_set now Unit/RefuseManualStart false && ! is_set now Unit/X-OnlyManualStart false; then
      intend start "$unit"
      [ "${STC_DISPLAY_ALL_UNITS-}" = 1 ] || hidden[$unit]=1
    fi
    ! is_set now Unit/X-StopOnReconfiguration false || stop[$unit]=1
    return 0
  fi
  [ ! "$old" -ef "$new" ] || return 0
  compare_units "$old" "$new"
  case $verdict in
    reload) [ -n "${restart[$unit]-}" ] || intend reload "$unit" ;;
    restart) decide_changed "$unit" "$new" ;;
  esac
}

decide_changed() {
  local unit=$1 file socket sockets activated=
  case $unit in
    -.mount|nix.mount) intend reload "$unit"; return ;;
    *.mount) intend restart "$unit"; return ;;
    *.slice|*.path|*.socket) return ;;
  esac
  parse_unit now "$2"
  if is_set now Service/X-ReloadIfChanged false; then intend reload "$unit"; return; fi
  if ! is_set now Service/X-RestartIfChanged true || is_set now Unit/RefuseManualStop false ||
    is_set now Unit/X-OnlyManualStart false; then
    skip[$unit]=1
    return
  fi
  # What is no service cannot have commands that stop it, so that it is restarted in one step.
  if ! is_set now Service/X-StopIfChanged true || [[ $unit != *.service ]]; then intend restart "$unit"; return; fi
  # A service that a socket starts is stopped with its sockets; only those are started again.
  sockets=${now[Service/Sockets]-${unit%.service}.socket}
  for socket in $sockets; do
    [ -n "${before[$socket]-}" ] || continue
    stop[$socket]=1
    unit_file "$OUT/etc/systemd/system" "$socket" || continue
    intend start "$socket"
    activated=1
  done
  ! is_set now Service/X-NotSocketActivated false || activated=
  stop[$unit]=1
  unset "reload[$unit]"
  [ -n "$activated" ] || intend start "$unit"
}

# A unit that lost what it needs meanwhile cannot be reloaded; it is started.
start_instead_of_reload() {
  local unit
  for unit in "${!reload[@]}"; do
    systemctl -q is-active "$unit" && continue
    unset "reload[$unit]"
    intend start "$unit"
    shown_start[$unit]=1
  done
}
