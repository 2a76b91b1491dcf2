# adopt.sh: what this server is configured with, for reading in. Nothing is changed. Lines of fields separated by TAB:
#   source channel|flake   host NAME   system STOREPATH   left WHY PATH
#   =BASE64                pieces of a tar archive, gzipped: the files of /etc/nixos and its links
#   end COUNT | failed WHY
set -uf
PATH=/run/current-system/sw/bin:${PATH-}
LC_ALL=C
export PATH LC_ALL
most_files=2000
folder=$(readlink -f /etc/nixos)
harmless() { tr '\000-\037\177' ' ' | head -c 400; }

cd "$folder" 2>/dev/null || { printf 'failed\tThere is no folder /etc/nixos on this server.\n'; exit; }
if [ -e flake.nix ]; then printf 'source\tflake\n'
elif [ -e configuration.nix ]; then printf 'source\tchannel\n'
else printf 'failed\tThere is neither configuration.nix nor flake.nix in /etc/nixos on this server.\n'; exit
fi
printf 'host\t%s\n' "$(printf %s "$(uname -n)" | harmless)"
printf 'system\t%s\n' "$(readlink -f /run/current-system)"

# Results of builds and the history of Git are no configuration.
choose() { find . -xdev \( -name .git -o -name .direnv \) -prune -o "$@"; }
count=$(choose \( -type f -o -type l \) -printf . | wc -c)
if [ "$count" -gt "$most_files" ]; then
    printf 'failed\tThere are %s files in /etc/nixos, more than the %s that are read in. Move what is no configuration elsewhere.\n' "$count" "$most_files"
    exit
fi
choose -type f -size +1024k -print | sed 's/[[:cntrl:]]/ /g' | head -n 100 | while IFS= read -r large; do printf 'left\tIt is larger than 1 MiB.\t%s\n' "${large#./}"; done
choose \( -type l -o -type f -size -1025k \) -print0 | tar --null --no-recursion -T - -cf - 2>/dev/null | gzip -c | head -c 8388609 | base64 -w 32768 | sed 's/^/=/'
printf 'end\t%s\n' "$count"
