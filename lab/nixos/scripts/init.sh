#!/bin/bash
# Stage 2: activates this system, then becomes systemd.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
printf '\n<<< NixOS Stage 2 >>>\n\n'
echo "running activation script..."
@out@/activate
ln -sfn @out@ /run/booted-system
ln -sfn /run/booted-system /nix/var/nix/gcroots/booted-system
echo "starting systemd..."
exec /lib/systemd/systemd "$@"
