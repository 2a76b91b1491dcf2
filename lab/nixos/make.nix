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

  # Many small packages from one build, which takes Nix far less time than a build for each: an output of the
  # derivation NAME is called NAME-output. [ { name = "1.2-lib"; size = 4000; need = package; } ]
  many = name: again: list: run name "many.sh" {
    inherit again;
    outputs = map (l: l.name) list;
    packages = lines (map (l: "${builtins.placeholder l.name} ${toString l.size} ${l.need}") list) + "\n";
    passAsFile = [ "packages" ];
  };
}
