# Units as systemd lists them and as their files describe them.
# shellcheck shell=bash
declare -A before=() after=()      # unit -> "active sub"

# list_units before|after: every unit that is not inactive. Fails when systemd does not tell.
list_units() {
  local -n list=$1
  local unit active sub said _
  said=$(systemctl list-units --all --full --plain --no-legend --no-pager) || return
  while read -r unit _ active sub _; do
    [ "$active" = inactive ] || list[$unit]="$active $sub"
  done <<< "$said"
}

# parse_unit ARRAY FILE: "Section/Key" -> values, one a line, of a unit file and its drop-ins.
parse_unit() {
  local -n keys=$1
  local file line section key
  for file in "$2" "$2".d/*.conf; do
    [ -e "$file" ] || continue
    section=
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        '['*']') section=${line:1:-1} ;;
        ''|'#'*|';'*) ;;
        *=*)
          key=$section/${line%%=*}
          if [ -z "${line#*=}" ]; then unset "keys[$key]"; else keys[$key]+=${keys[$key]+$'\n'}${line#*=}; fi ;;
      esac
    done < "$file"
  done
}

# is_set ARRAY KEY true|false: a boolean of a parsed unit, with its default.
is_set() {
  local -n parsed=$1
  case ${parsed[$2]-$3} in true|yes|on|1) ;; *) return 1 ;; esac
}

# unit_file DIRECTORY UNIT: sets $file to its file, or that of its template; fails where the directory has none, or a mask.
unit_file() {
  file=$1/$2
  [ -e "$file" ] || [[ $2 != *@*.* ]] || file=$1/${2%%@*}@.${2##*.}
  [ -e "$file" ] && [ ! "$file" -ef /dev/null ]
}

changed_components() {
  [ -e "$1" ] && [ -e "$2" ] && ! cmp -s "$1" "$2" || return 0
  jq -rn --slurpfile old "$1" --slurpfile new "$2" \
    '[$old[0] | to_entries[] | select(.key as $k | $new[0] | has($k)) | select($new[0][.key] != .value)
      | "\(.key) (\(.value) to \($new[0][.key]))"] | join(", ")'
}
