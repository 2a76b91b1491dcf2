# compare_units OLD NEW: sets $verdict to equal, reload or restart. Keys that systemd takes over by reading the
# file again need neither.
# shellcheck shell=bash
compare_units() {
  local -A old=() new=()
  local key
  verdict=equal
  cmp -s "$1" "$2" && [ ! -d "$1.d" ] && [ ! -d "$2.d" ] && return
  parse_unit old "$1"
  parse_unit new "$2"
  for key in "${!old[@]}" "${!new[@]}"; do
    [ "${old[$key]-}" != "${new[$key]-}" ] || continue
    case $key in
      Install/*) ;;
      Unit/X-Reload-Triggers) verdict=reload ;;
      Unit/Description|Unit/Documentation|Unit/OnFailure|Unit/OnSuccess|Unit/OnFailureJobMode) ;;
      Unit/IgnoreOnIsolate|Unit/StopWhenUnneeded|Unit/RefuseManualStart|Unit/RefuseManualStop) ;;
      Unit/AllowIsolate|Unit/CollectMode|Unit/SourcePath) ;;
      Mount/Options) verdict=reload ;;
      *) verdict=restart; return ;;
    esac
  done
}
