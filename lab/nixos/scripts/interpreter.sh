# An interpreter as far as the lab needs one: it runs programs of shell, and tells them which packages it was made with.
set -e
mkdir -p "$out/bin"
cat > "$out/bin/$program" <<END
#!/bin/sh
LAB_PACKAGES='$packages' exec /bin/sh "\$@"
END
chmod 555 "$out/bin/$program"
