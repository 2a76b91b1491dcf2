# One system closure: the files a NixOS toplevel has.
set -e
mkdir -p "$out/bin" "$out/specialisation"
ln -s "$etc" "$out/etc"
ln -s "$sw" "$out/sw"
ln -s "$systemd" "$out/systemd"
ln -s "$firmware/lib/firmware" "$out/firmware"
ln -s "$kernel/bzImage" "$out/kernel"
ln -s "$kernelModules" "$out/kernel-modules"
ln -s "$initrd/initrd" "$out/initrd"
printf %s "$label" > "$out/nixos-version"
printf %s x86_64-linux > "$out/system"
printf %s "$kernelParams" > "$out/kernel-params"
printf %s "$initInterface" > "$out/init-interface-version"
printf %s "$inhibitors" > "$out/switch-inhibitors"
printf %s "$special" > "$out/configuration-name"
: > "$out/extra-dependencies"

fill() {
  sed -e "s|@out@|$out|g" -e "s|@activationFault@|$activationFault|g" "$1" > "$2"
  chmod 555 "$2"
}
fill "$activate" "$out/activate"
fill "$dryActivate" "$out/dry-activate"
fill "$init" "$out/init"

cat > "$out/bin/switch-to-configuration" <<END
#!/bin/sh
export OUT=$out TOPLEVEL=$out DISTRO_ID=nixos
export INSTALL_BOOTLOADER=$switcher/lib/install-boot-entries.sh
exec $switcher/bin/switch-to-configuration "\$@"
END
chmod 555 "$out/bin/switch-to-configuration"

# boot.json holds the boot.json of every specialisation inside it
params=
for param in $kernelParams; do params="${params:+$params,}\"$param\""; done
nested=
for pair in $specialisations; do
  name=${pair%%=*} path=${pair#*=}
  ln -s "$path" "$out/specialisation/$name"
  nested="${nested:+$nested,}\"$name\":$(cat "$path/boot.json")"
done
cat > "$out/boot.json" <<END
{"org.nixos.bootspec.v1":{"init":"$out/init","initrd":"$initrd/initrd","kernel":"$kernel/bzImage","kernelParams":[$params],"label":"$distribution","system":"x86_64-linux","toplevel":"$out"},"org.nixos.specialisation.v1":{$nested},"org.nixos.systemd-boot":{"sortKey":"nixos"}}
END
