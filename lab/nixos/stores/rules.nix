# Two generations in which each rule of the switch program about units has one unit that shows it.
arguments:
let
  small = import ./small.nix arguments;
  healthy = builtins.elemAt small 6;
  wanted = [ "multi-user.target" ];
  runs = { ExecStart = "/usr/bin/sleep infinity"; ExecReload = "/usr/bin/true"; };
  # a service as it was and as it becomes: `keys` in both, `old` or `new` beside them
  service = keys: change: { wantedBy = wanted; Service = runs // (keys.Service or { }) // (change.Service or { }); Unit = (keys.Unit or { }) // (change.Unit or { }); };
  changed = keys: { old = service keys { Service.Environment = "STEP=1"; }; new = service keys { Service.Environment = "STEP=2"; }; };
  both = old: new: { old = service { } old; new = service { } new; };

  rules = {
    # what counts as a change
    "rule-alike.service" = let wants = { Unit.Wants = "rule-on-demand.service"; }; in both wants wants;
    "rule-description.service" = both { Unit.Description = "One"; } { Unit = { Description = "Two"; Documentation = "man:sleep(1)"; OnFailure = "rule-alike.service"; }; };
    "rule-settings.service" = changed { };
    "rule-order.service" = both { Unit.After = "network.target"; } { Unit.After = "network.target rule-alike.service"; };
    "rule-restart-trigger.service" = both { Unit.X-Restart-Triggers = "a"; } { Unit.X-Restart-Triggers = "b"; };
    "rule-reload-trigger.service" = both { Unit.X-Reload-Triggers = "a"; } { Unit.X-Reload-Triggers = "b"; };
    "rule-section.service" = { old = service { } { }; new = service { } { } // { X-Mine.Key = "value"; }; };
    # what the unit itself wishes
    "rule-reloads.service" = changed { Service.X-ReloadIfChanged = "true"; };
    "rule-kept.service" = changed { Service.X-RestartIfChanged = "false"; };
    "rule-manual.service" = changed { Unit.RefuseManualStop = "yes"; };
    "rule-in-place.service" = changed { Service.X-StopIfChanged = "false"; };
    # what comes and goes
    "rule-removed.service" = { old = service { } { }; };
    "rule-stays.service" = { old = service { Unit.X-StopOnRemoval = "false"; } { }; };
    "rule-new.service" = { new = service { } { }; };
    "rule-unwanted.service" = { new = service { } { } // { wantedBy = [ ]; }; };
    # what does not run
    "rule-resting.service" = { old = service { } { } // { wantedBy = [ ]; }; new = service { } { Service.Environment = "STEP=2"; } // { wantedBy = [ ]; }; };
    # other kinds
    # wanted by none but its socket, and by a unit that is not touched, so that it runs
    "rule-on-demand.service" = builtins.mapAttrs (_: unit: unit // { wantedBy = [ ]; }) (changed { Unit.Requires = "rule-on-demand.socket"; });
    "rule-on-demand.socket" = let socket = { Socket.ListenStream = "/run/rule-on-demand"; wantedBy = wanted; }; in { old = socket; new = socket; };
    "rule-lonely.socket" = { old = { Socket.ListenStream = "/run/rule-lonely-1"; wantedBy = wanted; }; new = { Socket.ListenStream = "/run/rule-lonely-2"; wantedBy = wanted; }; };
    "rule-lonely.service" = { old = service { } { } // { wantedBy = [ ]; }; new = service { } { } // { wantedBy = [ ]; }; };
    "rule-timer.timer" = { old = { Timer.OnCalendar = "yearly"; wantedBy = wanted; }; new = { Timer.OnCalendar = "monthly"; wantedBy = wanted; }; };
    "rule-timer.service" = { old = service { } { } // { wantedBy = [ ]; }; new = service { } { } // { wantedBy = [ ]; }; };
    "rule-slice.slice" = { old = { Slice.MemoryMax = "1G"; wantedBy = wanted; }; new = { Slice.MemoryMax = "2G"; wantedBy = wanted; }; };
    "rule-path.path" = { old = { Path.PathExists = "/run/rule-path-1"; wantedBy = wanted; }; new = { Path.PathExists = "/run/rule-path-2"; wantedBy = wanted; }; };
    "rule-path.service" = { old = service { } { } // { wantedBy = [ ]; }; new = service { } { } // { wantedBy = [ ]; }; };
  };
  side = which: p: healthy.units p // builtins.mapAttrs (_: rule: rule.${which}) (removeAttrsWithout which);
  removeAttrsWithout = which: builtins.removeAttrs rules (builtins.filter (name: !(rules.${name} ? ${which})) (builtins.attrNames rules));
in [
  (healthy // { daysAgo = 2; start = true; units = side "old"; })
  (healthy // { daysAgo = 1; units = side "new"; })
]
