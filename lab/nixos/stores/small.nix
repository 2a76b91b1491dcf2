# The store most tests use: seven generations, each with one idea. ../../generations.json names them.
# Keys of a generation: daysAgo, release, kernel; and where they differ from the usual: versions, without,
# packages, units, files, configurationRevision, specialisations, kernelParams, and faults (see troubles.nix).
_:
let
  releases = {
    june = { version = "25.05"; name = "Warbler"; codename = "warbler"; label = "25.05.20250603.7c43f08"; nixpkgs = "7c43f080a7f28b2774f3b3f43234ca11661bf334"; };
    july = { version = "25.05"; name = "Warbler"; codename = "warbler"; label = "25.05.20250708.9b008d6"; nixpkgs = "9b008d60392981ad674e04016d25619281550a9d"; };
    august = { version = "25.05"; name = "Warbler"; codename = "warbler"; label = "25.05.20250811.3385ca0"; nixpkgs = "3385ca0cd7e14c1a1eb80401fe011705ff012323"; };
  };
  base = {
    daysAgo = 61;
    release = releases.june;
    kernel = "6.6.32";
    without = [ "prometheus-node-exporter" ];
    specialisations.debug.kernelParams = [ "loglevel=7" "net.ifnames=0" "systemd.log_level=debug" ];
  };
  # Built from a work tree with changes not yet committed: such builds share one revision.
  packages = base // {
    daysAgo = 33;
    release = releases.july;
    versions = { nginx = "1.28.0"; openssl = "3.4.1"; };
    configurationRevision = "5d0c5b1a0f4c6b7ed1f9b1c1a2a0d3d8c4f0e6b2-dirty";
    specialisations = { };
  };
  unit = packages // {
    daysAgo = 26;
    units = _: { "redis-main.service".Service.LimitNOFILE = 65536; };
  };
  file = unit // {
    daysAgo = 19;
    files."shop/limits.toml" = "requests_per_minute = 120\n";
  };
  kernel = file // {
    daysAgo = 12;
    kernel = "6.6.94";
  };
  crashLoop = kernel // {
    daysAgo = 5;
    versions = kernel.versions // { agent-scout = "0.5.0"; };
    units = p: kernel.units p // { "agent-scout.service".Service.ExecStart = "${p.agent-scout}/bin/agent-scoutd scout --crash-after 1"; };
    configurationRevision = "c81e728d9d4c2f636f067f89cc14862c65a1d0f7";
  };
  healthy = kernel // {
    daysAgo = 2;
    release = releases.august;
    versions = { nginx = "1.28.0"; openssl = "3.4.2"; postgresql = "16.9"; curl = "8.14.1"; git = "2.50.0"; agent-scout = "0.5.1"; agent-scribe = "1.2.0"; };
    without = [ ];
    units = p: kernel.units p // {
      "prometheus-node-exporter.service" = {
        Unit = { Description = "Prometheus node exporter"; After = "network.target"; };
        Service = { ExecStart = "${p.prometheus-node-exporter}/bin/prometheus-node-exporterd serve 60"; Restart = "always"; };
        wantedBy = [ "multi-user.target" ];
      };
    };
    configurationRevision = "e4da3b7fbbce2345d7772b0674a318d5ef5b4a0c";
    specialisations.rescue = {
      kernelParams = [ "loglevel=4" "net.ifnames=0" "systemd.unit=rescue.target" ];
      files."motd" = "Rescue system\n";
    };
  };
in [ base packages unit file kernel crashLoop healthy ]
