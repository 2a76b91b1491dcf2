# For the benchmark of comparisons: `generations` systems of about `paths` store paths each. Every generation has some
# packages other than all its neighbours, so that any two of them differ by twice as many.
{ make, generations, paths }:
let
  b = builtins;
  own = 150;

  # chance text n: a number below n that only the text decides
  chance = text: n: let x = (b.fromTOML "x=0x${b.substring 0 7 (b.hashString "sha256" text)}").x; in rest x n;
  rest = n: by: n - (n / by) * by;
  element = list: n: b.elemAt list (rest n (b.length list));
  numbers = b.genList (i: 1 + i) generations;

  table = b.fromJSON (b.readFile ../packages.json);
  words = b.filter b.isString (b.split " " "acl attr audit boost brotli cyrus-sasl db expat file fontconfig freetype fuse gdbm gettext glib gmp gnutls iptables jq kbd keyutils krb5 libaio libarchive libcap libedit libffi libgcrypt libidn2 libmnl libnftnl libpcap libpsl libseccomp libsodium libssh2 libtasn1 libunistring libxml2 libyaml linux-pam lvm2 lz4 man-db mpfr nano nettle p11-kit pcre2 readline rsync strace unbound vim wget");
  outputs = [ "" "-lib" "-bin" "-man" "-doc" "-dev" ];

  # One place for a package in each system: acl-2.7.0-lib, python3.12-acl-plugin9-1.4.0. About as many of them are empty
  # in any one system as there are units, files, links, kernel and firmware beside them.
  places = b.genList (i: rec {
    round = i / b.length words;
    split = round < b.length outputs;
    build = "${element [ "" "perl5.40.0-" "python3.12-" ] (if split then 0 else round)}${element words i}";
    # what all outputs of one package share, and so its version too
    pname = if split then build else "${build}-plugin${toString round}";
    named = version: "${if split then "" else "plugin${toString round}-"}${version}${if split then b.elemAt outputs round else ""}";
    major = 1 + chance "major${pname}" 9;
    minor = chance "minor${pname}" 30;
    size = 4000 + chance "size${pname}${toString i}" 400 * chance "scale${pname}${toString i}" 1000;
    # outputs of one package change together
    turn = if split then rest i (b.length words) else i;
    owner = if i < own * generations then 1 + rest turn generations else 0;
    kind = rest (turn / generations) 10;
    need = element [ "glibc" "glibc" "zlib" "openssl" ] (chance "needs${pname}" 4);
  }) (let n = paths - b.length (b.attrNames table) + 84; in if n < 0 then 0 else n);

  # What stands in a place: of ten places one is built anew as it was, one is empty in the owner's system, one in all
  # others, one gets the next major version and the others the next patch level.
  usual = place: [ { inherit place; again = "no"; name = place.named "${toString place.major}.${toString place.minor}.0"; } ];
  changed = place: {
    "6" = [ { inherit place; again = "no"; name = place.named "${toString (place.major + 1)}.0.0"; } ];
    "7" = map (package: package // { again = "yes"; }) (usual place);
    "8" = [ ];
    "9" = usual place;
  }.${toString place.kind} or [ { inherit place; again = "no"; name = place.named "${toString place.major}.${toString place.minor}.1"; } ];
  at = g: place: if place.owner == g then changed place else if place.kind == 9 && place.owner != 0 then [ ] else usual place;

  unique = list: b.attrValues (b.listToAttrs (map (package: { inherit (package) name; value = package; }) list));
  every = b.concatMap (place: usual place ++ changed place) places;
  builds = p: b.mapAttrs (build: packages: b.mapAttrs (again: some: make.many build again (map (package: {
    inherit (package) name;
    inherit (package.place) size;
    need = p.${package.place.need};
  }) (unique some))) (b.groupBy (package: package.again) packages)) (b.groupBy (package: package.place.build) every);

  generation = g: {
    daysAgo = 3 * (generations - g) + 1;
    release = {
      version = "25.05"; name = "Warbler"; codename = "warbler";
      label = "25.05.2025060${toString (rest g 10)}.${b.substring 0 7 (b.hashString "sha1" "big${toString g}")}";
      nixpkgs = b.hashString "sha1" "big${toString g}";
    };
    kernel = "6.6.94";
    more = p: let built = builds p; in map (package: built.${package.place.build}.${package.again}.${package.name}) (b.concatMap (at g) places);
    versions = b.mapAttrs (n: first: "${first}.${toString g}") { nginx = "1.28"; redis = "7.2"; agent-scout = "0.5"; };
    configurationRevision = b.hashString "sha1" "configuration${toString g}";
    files."shop/limits.toml" = "requests_per_minute = ${toString (100 + g)}\n";
    units = _: { "redis-main.service".Service.LimitNOFILE = 10000 + g; };
  };
in map generation numbers
