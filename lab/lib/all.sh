# What every command of the lab reads first. The words below are used hundreds of times in a run of the tests: where the shell can do it, no program is started.
# shellcheck shell=bash
set -eu
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH LC_ALL=C.UTF-8
lab=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd -P)
for part in settings machine base store network server power people describe; do
  # shellcheck source=/dev/null
  . "$lab/lib/$part.sh"
done
