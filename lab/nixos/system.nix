# One system closure, laid out as NixOS does it. `g` is a generation of a store, see stores/small.nix for its keys.
{ make, packages, services, sizes }:
let
  b = builtins;
  inherit (make) text textFile links run script lines;
  real = bytes: if sizes == "tiny" then bytes / 1000 else bytes;

  # what every system starts and is switched with: one path for all of them, as with NixOS' own program
  switcher = run "switch-to-configuration-0.1" "switcher.sh" {
    main = script "switch-to-configuration.sh";
    parts = map script [ "stc-units.sh" "stc-compare.sh" "stc-decide.sh" "stc-report.sh" "install-boot-entries.sh" ];
  };

  # Units that come with systemd. The closure has them too, as on NixOS: only what it has is compared in a switch,
  # and only its targets are started again.
  upstream = map (n: "${n}.target") [ "basic" "local-fs" "multi-user" "network" "paths" "slices" "sockets" "sysinit" "timers" ]
    ++ [ "dbus.service" "dbus.socket" "systemd-journald.service" "systemd-journald.socket" "systemd-logind.service"
         "systemd-tmpfiles-clean.service" "systemd-tmpfiles-clean.timer" "systemd-tmpfiles-setup.service" "user@.service" ];

  kernelOf = version: rec {
    modules = run "linux-${version}-modules" "kernel.sh" { inherit version; file = "lib/modules/${version}/modules.bundle"; size = real 90000000; };
    image = run "linux-${version}" "kernel.sh" { inherit version; file = "bzImage"; size = real 12000000; };
    initrd = run "initrd-linux-${version}" "kernel.sh" { inherit version; file = "initrd"; size = real 18000000; from = modules; };
  };
  firmware = run "linux-firmware-20250509-zstd" "kernel.sh" { version = ""; file = "lib/firmware/bundle.zst"; size = real 120000000; };

  toplevel = g: special:
    let
      p = packages (g.packages or { }) (g.versions or { }) (g.without or [ ]);
      units = services p ((g.units or (p: { })) p);
      unitTree = links "system-units" (
        map (n: { at = n; to = "/usr/lib/systemd/system/${n}"; }) upstream
        ++ [ { at = "default.target"; to = "multi-user.target"; } ]
        ++ map (n: { at = n; to = textFile n units.${n}.text; }) (b.attrNames units)
        ++ b.concatMap (n: map (t: { at = "${t}.wants/${n}"; to = "../${n}"; }) units.${n}.wantedBy) (b.attrNames units));
      r = g.release;
      osRelease = textFile "os-release" (lines [
        "BUG_REPORT_URL=\"https://github.com/NixOS/nixpkgs/issues\""
        "BUILD_ID=\"${r.label}\"" "ID=nixos" "NAME=NixOS" "PRETTY_NAME=\"NixOS ${r.version} (${r.name})\""
        "VERSION=\"${r.version} (${r.name})\"" "VERSION_CODENAME=${r.codename}" "VERSION_ID=\"${r.version}\"" "" ]);
      files = { "NIXOS" = ""; "motd" = "NixOS ${r.label}\n"; } // (g.files or { });
      etc = links "etc" ([ { at = "os-release"; to = osRelease; } { at = "systemd/system"; to = unitTree; } ]
        ++ map (n: { at = n; to = textFile (b.baseNameOf n) files.${n}; }) (b.attrNames files));
      revision = g.configurationRevision or "";
      nixosVersion = run "nixos-version" "nixos-version.sh" {
        inherit (r) label nixpkgs; inherit revision; codename = r.name;
      };
      kernel = kernelOf g.kernel;
      specialisations = if special == "" then g.specialisations or { } else { };
    in run "nixos-system-lab-${r.label}" "toplevel.sh" {
      inherit switcher nixosVersion firmware etc special;
      inherit (r) label;
      sw = run "system-path" "system-path.sh" {
        packages = b.attrValues p ++ (g.more or (_: [ ])) p ++ [ nixosVersion ];
        passAsFile = [ "packages" ];      # thousands of paths are too long for one variable
      };
      systemd = p.systemd;
      kernel = kernel.image; kernelModules = kernel.modules; initrd = kernel.initrd; kernelVersion = g.kernel;
      kernelParams = g.kernelParams or [ "loglevel=4" "net.ifnames=0" ];
      distribution = "NixOS ${r.name} ${r.label} (Linux ${g.kernel})";
      initInterface = g.initInterface or "systemd 257";
      inhibitors = b.toJSON ({ dbus-implementation = "dbus"; } // (g.inhibitors or { }));
      activationFault = g.activationFault or "";
      activate = script "activate.sh"; dryActivate = script "dry-activate.sh"; init = script "init.sh";
      specialisations = map (n: "${n}=${toplevel (g // specialisations.${n}) n}") (b.attrNames specialisations);
    };
in g: toplevel g ""
