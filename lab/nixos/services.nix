# The units of a system. `services p change` gives { "NAME.service" = { text, wantedBy } }, where p are the
# packages and `change` alters single keys: { "redis-main.service".Service.LimitNOFILE = 65536; }
{ make, units }:
let
  b = builtins;
  merge = old: new: old // b.mapAttrs (n: v: if b.isAttrs v && b.isAttrs (old.${n} or null) then merge old.${n} v else v) new;
  section = name: keys: make.lines ([ "[${name}]" ] ++ b.concatLists (b.attrValues (b.mapAttrs
    (k: v: map (one: "${k}=${toString one}") (if b.isList v then v else [ v ])) keys)));
  render = unit: {
    wantedBy = unit.wantedBy or [ ];
    text = b.concatStringsSep "\n\n" (b.attrValues (b.mapAttrs section (b.removeAttrs unit [ "wantedBy" ]))) + "\n";
  };

  service = description: keys: {
    Unit = { Description = description; After = "network.target"; };
    Service = keys;
    wantedBy = [ "multi-user.target" ];
  };
  # An agent is restarted for ever: with no start limit it never ends as "failed", however often it dies.
  agent = package: name: work: merge (service "AI agent ${name}: ${work}" {
    ExecStart = "${package}/bin/agent-${name}d ${name}";
    Restart = "always";
    RestartSec = "200ms";
    RuntimeDirectory = "agents";
    RuntimeDirectoryPreserve = "yes";
    Environment = "\"OSMODA_AGENT=${name}\"";
  }) { Unit.StartLimitIntervalSec = 0; };

  trivial = n: {
    name = "worker-${b.substring 1 3 (toString (1000 + n))}.service";
    value = service "Worker ${toString n}" { ExecStart = "/usr/bin/sleep infinity"; };
  };

  all = p: {
    "sshd.service" = service "SSH Daemon" {
      ExecStart = "${p.openssh}/bin/sshd -D -e";
      ExecReload = "/bin/kill -HUP $MAINPID";
      KillMode = "process";
      Restart = "always";
      RuntimeDirectory = "sshd";
      RuntimeDirectoryPreserve = "yes";
      X-StopIfChanged = "false";
    };
    "nginx.service" = service "Nginx Web Server" {
      ExecStart = "${p.nginx}/bin/nginxd serve 5";
      ExecReload = "/bin/kill -HUP $MAINPID";
      Restart = "always";
      RestartSec = "10s";
    };
    "postgresql.service" = service "PostgreSQL Server" {
      ExecStart = "${p.postgresql}/bin/postgresqld notify 0.2";
      Type = "notify";
      NotifyAccess = "all";
      TimeoutSec = 120;
    };
    "redis-main.service" = service "Redis Server - redis-main" {
      ExecStart = "${p.redis}/bin/redisd notify";
      Type = "notify";
      NotifyAccess = "all";
      LimitNOFILE = 10032;
    };
    "agent-scout.service" = agent p.agent-scout "scout" "reads incoming requests and sorts them";
    "agent-scribe.service" = agent p.agent-scribe "scribe" "writes summaries for the support desk";
    "agent-ledgerbot.service" = agent p.agent-ledgerbot "ledgerbot" "reconciles invoices every hour";
    "restic-backups-daily.service" = service "Restic backup" { Type = "oneshot"; ExecStart = "${p.restic}/bin/resticd once"; }
      // { wantedBy = [ ]; };
    "restic-backups-daily.timer" = {
      Unit.Description = "Daily backup";
      Timer = { OnCalendar = "03:20"; Persistent = "true"; };
      wantedBy = [ "timers.target" ];
    };
    # what NixOS restarts in the middle of every switch
    "sysinit-reactivation.target".Unit = { Description = "Reactivate sysinit units"; RefuseManualStart = "no"; };
  } // b.listToAttrs (map trivial (b.genList (n: n + 1) units));
in p: change: b.mapAttrs (name: render) (merge (all p) change)
