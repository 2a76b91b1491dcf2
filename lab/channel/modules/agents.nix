# AI agents: small programs that answer at /run/agents/NAME.sock.
{ config, lib, pkgs, ... }:
let
  inherit (builtins) attrNames concatLists concatMap filter listToAttrs map match;
  inherit (lib) mkOption types;
  agents = config.services.agents;
  enabled = filter (name: agents.${name}.enable) (attrNames agents);
  unit = name: {
    name = "agent-${name}.service";
    value = {
      wantedBy = [ "multi-user.target" ];
      Unit = { Description = "AI agent ${name}: ${agents.${name}.work}"; After = "network.target"; StartLimitIntervalSec = 0; };
      Service = {
        ExecStart = builtins.concatStringsSep " " ([ "${agents.${name}.package}/bin/${agents.${name}.package.pname}d" name ] ++ agents.${name}.arguments);
        Restart = "always";
        RestartSec = "200ms";
        RuntimeDirectory = "agents";
        RuntimeDirectoryPreserve = "yes";
        Environment = [ "\"OSMODA_AGENT=${name}\"" ] ++ map (key: "\"${key}=${agents.${name}.environment.${key}}\"") (attrNames agents.${name}.environment);
      } // (if agents.${name}.memoryMax == null then { } else { MemoryMax = agents.${name}.memoryMax; });
    };
  };
  agent = types.submodule {
    options = {
      enable = mkOption { type = types.bool; default = true; description = "Whether this agent runs."; };
      framework = mkOption { type = types.enum [ "langgraph" "crewai" "autogen" "mcp" "python" "node" ]; default = "python"; description = "What it is written with."; };
      work = mkOption { type = types.singleLineStr; default = "does what it is told"; description = "What it is there for."; };
      package = mkOption { type = types.package; default = pkgs.agent-scout; description = "The program."; };
      arguments = mkOption { type = types.listOf types.str; default = [ ]; example = [ "--crash-after" "1" ]; description = "Words after its name."; };
      environment = mkOption { type = types.attrsOf types.str; default = { }; description = "Variables that it sees. No secrets: everybody on the server can read them."; };
      memoryMax = mkOption { type = types.nullOr types.str; default = null; example = "512M"; description = "How much memory it may take."; };
    };
  };
in
{
  options.services.agents = mkOption { type = types.attrsOf agent; default = { }; description = "AI agents on this server, by name."; };

  config = {
    systemd.units = listToAttrs (map unit enabled);
    assertions = map (name: { assertion = match "[a-z][a-z0-9-]*" name != null; message = "services.agents.${name}: an agent's name has small letters, digits and dashes."; }) (attrNames agents);
    warnings = map (name: "services.agents.${name}.enable is off: the agent is set up but does not run.") (filter (name: !agents.${name}.enable) (attrNames agents));
  };
}
