# Building without nixpkgs and without a network: /bin/sh of the base tree runs one of scripts/.
let
  source = file: builtins.path { path = file; name = builtins.baseNameOf (toString file); };
  script = name: source (./scripts + "/${name}");
  run = name: builder: environment: derivation ({
    inherit name;
    system = "x86_64-linux";
    builder = "/bin/sh";
    args = [ (script builder) ];
    PATH = "/usr/bin:/bin";
  } // environment);
in rec {
  inherit script run;
  lines = builtins.concatStringsSep "\n";

  # one text file: ${text name content}/NAME
  text = name: content: run name "text.sh" { inherit content; file = name; };
  textFile = name: content: "${text name content}/${name}";

  # a tree of symbolic links: [ { at = "relative/path"; to = "target"; } ]
  links = name: list: run name "links.sh" { links = lines (map (l: "${l.at} ${l.to}") list); };
}
