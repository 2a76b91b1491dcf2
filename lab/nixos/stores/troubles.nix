# The seven generations of small, and after them those that go wrong, each in its own way. A fresh server of this
# store runs the healthy one too; the others are there to be tried.
arguments:
let
  small = import ./small.nix arguments;
  healthy = builtins.elemAt small 6 // { daysAgo = 1; };
  wanted = [ "multi-user.target" ];
  # healthy with one more unit, or one that is changed
  withUnits = units: healthy // { units = p: healthy.units p // units p; };
  exitsAtOnce = p: { "agent-scout.service".Service.ExecStart = "${p.restic}/bin/resticd once 3"; };
  web = status: unit "Shop" { ExecStart = "/usr/bin/perl ${../scripts/web.pl} ${toString status}"; Restart = "always"; };
  unit = description: keys: { Unit.Description = description; Service = keys; wantedBy = wanted; };
in builtins.genList (builtins.elemAt small) 6 ++ [ (builtins.elemAt small 6 // { start = true; }) ] ++ [
  # a job that fails at every start: the switch ends with 4
  (withUnits (p: { "migrate.service" = unit "Migration that fails" { Type = "oneshot"; ExecStart = "${p.restic}/bin/resticd once 7"; }; }))
  # a part of the activation script fails: 2, and the switch goes on
  (healthy // { activationFault = "lab-secrets"; })
  # another systemd, which only a reboot can bring: 100
  (healthy // { initInterface = "systemd 258"; })
  # a critical component differs: refused with 1
  (healthy // { inhibitors.dbus-implementation = "broker"; })
  # sshd cannot start any more: open connections live on, new ones are refused
  (withUnits (p: { "sshd.service".Service.ExecStart = "${p.openssh}/bin/sshd -D -e -o Port=notaport"; }))
  # the network goes down with the switch
  (withUnits (p: { "network-cut.service" = unit "Cuts the network" {
    Type = "oneshot"; RemainAfterExit = "yes"; ExecStart = "/usr/sbin/ip link set eth0 down"; ExecStop = "/usr/sbin/ip link set eth0 up"; }; }))
  # tells its status ten times a second: the bus is never quiet for 250 ms, so the switch waits its full 90 s
  (withUnits (p: { "metrics-push.service" = unit "Metrics push" { Type = "notify"; NotifyAccess = "all"; ExecStart = "${p.restic}/bin/resticd chatter"; }; }))
  # dies later than an impatient observer looks
  (withUnits (p: { "agent-scout.service".Service.ExecStart = "${p.agent-scout}/bin/agent-scoutd scout --crash-after 8"; }))
  # does not stop when asked: leaving this generation takes 8 s
  (withUnits (p: { "legacy-queue.service" = unit "Legacy queue" { ExecStart = "${p.restic}/bin/resticd stubborn"; TimeoutStopSec = 8; }; }))
  # takes 20 s to start: time to cut the power in the middle of a switch
  (withUnits (p: { "search-index.service" = unit "Search index" { Type = "notify"; NotifyAccess = "all"; ExecStart = "${p.restic}/bin/resticd notify 20"; }; }))
  # dies as soon as it runs, again and again
  (withUnits exitsAtOnce)
  # runs 3 s and dies: looks well to whoever only looks at states
  (withUnits (p: { "agent-scout.service".Service.ExecStart = "${p.agent-scout}/bin/agent-scoutd scout --crash-after 3"; }))
  # never tells that it is ready
  (withUnits (_: { "search-index.service" = unit "Search index" { Type = "notify"; ExecStart = "/usr/bin/sleep infinity"; TimeoutStartSec = 3; }; }))
  # takes memory without an end; where cgroups have no memory controller, the limit of addresses ends it
  (withUnits (_: { "agent-scout.service".Service = {
    ExecStart = "/usr/bin/perl -e 'while (1) { push @x, q(x) x 4000000 }'"; MemoryMax = "64M"; MemorySwapMax = 0; LimitAS = "256M"; }; }))
  # dies at once, and with it came what does not stop when asked
  (withUnits (p: exitsAtOnce p // { "legacy-queue.service" = unit "Legacy queue" { ExecStart = "${p.restic}/bin/resticd stubborn"; TimeoutStopSec = 90; }; }))
  # a web server that answers well, and one that does not
  (withUnits (_: { "shop-web.service" = web 200; }))
  (withUnits (_: { "shop-web.service" = web 500; }))
]
