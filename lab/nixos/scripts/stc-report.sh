# Doing the jobs, waiting for quiet, and telling what came of it.
# shellcheck shell=bash
announce() {      # announce "text" SET: one line, names sorted without regard to case
  local -n set=$2
  [ ${#set[@]} = 0 ] || say "$1: $(printf '%s\n' "${!set[@]}" | sort -f | paste -sd, | sed 's/,/, /g')"
}

run_jobs() {      # run_jobs start|restart|reload SET
  local -n set=$2
  local unit
  if [ ${#set[@]} != 0 ] && ! systemctl "$1" "${!set[@]}" 2>/dev/null; then
    status=4
    for unit in "${!set[@]}"; do
      ! systemctl -q is-failed "$unit" || say "Failed to $1 $unit"
    done
  fi
  rm -f "$lists/$1-list"
}

# Each person logged in has a systemd of their own, which must take over the new units too.
reexec_user_managers() {
  local uid name _
  while read -r uid name _; do
    [ -S "/run/user/$uid/systemd/private" ] || continue
    say "reloading user units for $name..."
    runuser -u "$name" -- env "XDG_RUNTIME_DIR=/run/user/$uid" systemctl --user daemon-reexec
  done < <(loginctl list-users --no-legend --no-pager)
}

# Settled: systemd has sent no signal for 250 ms. A busy bus puts that off, to 90 s at most.
settle() {
  local end=$((EPOCHSECONDS + 90)) pid
  coproc bus { exec busctl --json=short --match="type='signal',sender='org.freedesktop.systemd1'" \
    --match="type='signal',interface='lab.Settle'" monitor 2>/dev/null 9>&-; }
  pid=$bus_PID
  # Silence means something only once busctl listens: it does when it hears us.
  until read -r -t 0.02 -u "${bus[0]}" _ || ! kill -0 "$pid"; do busctl emit / lab.Settle Begin; done
  while [ "$EPOCHSECONDS" -lt "$end" ] && read -r -t 0.25 -u "${bus[0]}" _; do :; done
  kill "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
}

report_new_units() {
  local unit
  local -A fresh=()
  for unit in "${!after[@]}"; do
    [ -n "${before[$unit]-}" ] || [[ $unit = *.scope || ${after[$unit]} = failed* ]] || fresh[$unit]=1
  done
  announce "the following new units were started" fresh
}

report_failed_units() {
  local unit
  local -A failed=()
  for unit in "${!after[@]}"; do
    case ${after[$unit]} in
      failed*) failed[$unit]=1 ;;
      # waiting for its next attempt, after one that failed
      *' auto-restart') [ "$(systemctl show -P ExecMainStatus "$unit")" = 0 ] || failed[$unit]=1 ;;
    esac
  done
  [ ${#failed[@]} != 0 ] || return 0
  announce "warning: the following units failed" failed
  systemctl status --no-pager --full "${!failed[@]}" >&2
  status=4
}
