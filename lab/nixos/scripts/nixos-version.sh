# the nixos-version command of one system; what is not known is left out of the JSON
set -e
mkdir -p "$out/bin"
json="{\"nixosVersion\":\"$label\",\"nixpkgsRevision\":\"$nixpkgs\"}"
[ -z "$revision" ] || json="{\"configurationRevision\":\"$revision\",${json#\{}"
cat > "$out/bin/nixos-version" <<END
#!/bin/sh
case "\$1" in
  --hash|--revision)
    echo "$nixpkgs"
    ;;
  --configuration-revision)
    if [ -z "$revision" ]; then
      echo "\$0: configuration revision is unknown" >&2
      exit 1
    fi
    echo "$revision"
    ;;
  --json)
    cat <<EOF
$json
EOF
    ;;
  *)
    echo "$label ($codename)"
    ;;
esac
END
chmod 755 "$out/bin/nixos-version"
