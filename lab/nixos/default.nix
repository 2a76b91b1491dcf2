# The systems of one store, oldest first: `toplevels` become generations 1, 2, 3... of the system profile.
#   store        a file of stores/: what the generations are
#   units        so many trivial services more on every system
#   sizes        "real" (library files with their true size, sparse on disk) or "tiny" (for copying)
#   generations, paths   for the store "big" only
# The rest is for ../channel, which makes further systems of them.
{ store ? "small", units ? 0, sizes ? "real", generations ? 9, paths ? 3000 }:
let
  make = import ./make.nix;
  packages = import ./packages.nix { inherit make sizes; };
  interpreters = import ./interpreters.nix { inherit make; };
  services = import ./services.nix { inherit make units; };
  system = import ./system.nix { inherit make packages services sizes; };
  history = import (./stores + "/${store}.nix") { inherit make generations paths; };
  positions = builtins.genList (n: n + 1) (builtins.length history);
  start = builtins.foldl' (found: n: if (builtins.elemAt history (n - 1)).start or false then n else found) 0 positions;
  running = if start == 0 then builtins.length history else start;
in {
  toplevels = map system history;
  # "days ago" of each generation, in the same order: its profile link gets that time
  ages = map (g: g.daysAgo) history;
  # the generation a fresh server runs; 0 for the last one
  inherit start;

  arguments = { inherit store units sizes generations paths; };
  historyOf = number: builtins.elemAt history ((if number == 0 then running else number) - 1);
  packagesOf = g: let set = packages (g.packages or { }) (g.versions or { }) (g.without or [ ]); in set // interpreters set;
  systemOf = system;
  inherit (make) textFile;
  slow = make.run "slow-1.0" "slow.sh";
}
