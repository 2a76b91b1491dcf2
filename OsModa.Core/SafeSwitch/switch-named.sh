# Part of confirm.sh and stop.sh: the operation that is spoken of, into $dir; one without a proper id is not known.
set -uf
umask 077
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
tab=$(printf '\t')
an_id "$1" || { printf 'unknown\n'; exit; }
dir=/var/lib/osmoda/operations/$1
