# What runs programs that people bring, by the names that nixpkgs has for it. `interpreters set` is for the packages of one system.
{ make }:
let
  interpreter = name: program: packages: make.run name "interpreter.sh" { inherit program packages; };
in
set:
let
  library = pname: version: make.run "python3.12-${pname}-${version}" "package.sh" { inherit pname; size = 40000; needs = [ set.python3 ]; programs = [ ]; daemon = ""; };
in
rec {
  python3Packages = { httpx = set."python3.12-httpx"; pydantic = set."python3.12-pydantic"; }
    // builtins.mapAttrs library { crewai = "0.130.0"; langchain = "0.3.25"; langgraph = "0.4.8"; mcp = "1.9.3"; };
  python3 = set.python3 // { withPackages = choose: interpreter "${set.python3.name}-env" "python" (choose python3Packages); };
  nodejs = interpreter "nodejs-22.14.0" "node" [ ];
}
