# Packages by name. `packages versions` gives all of them, with some versions other than the ones below;
# who needs a changed package is built anew under the same name, as in nixpkgs.
{ make, sizes }:
let
  table = builtins.fromJSON (builtins.readFile ./packages.json);
  daemons = {
    plain = make.script "daemon.sh";
    agent = make.script "agent.pl";
  };
  size = bytes: if sizes == "tiny" then bytes / 1000 else bytes;
in extra: versions: without:
let
  all = builtins.removeAttrs (table // extra) without;
  # the key is the package's name, but where one package has several outputs
  set = builtins.mapAttrs (key: spec: let pname = spec.pname or key; in make.run "${pname}-${versions.${key} or spec.version}${spec.output or ""}" "package.sh" {
    inherit pname;
    size = size spec.size;
    needs = map (n: set.${n}) (spec.needs or [ ]);
    programs = spec.programs or [ ];
    daemon = if spec ? daemon then daemons.${spec.daemon} else "";
  }) all;
in set
