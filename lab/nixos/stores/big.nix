# A long history for benchmarks: `generations` systems of about `paths` store paths each. Patch levels rise by a
# seeded hash, some packages appear and vanish, now and then a package that everything needs is rebuilt.
{ generations, paths }:
let
  b = builtins;
  # chance text n: a number below n that only the text decides
  chance = text: n: let x = (b.fromTOML "x=0x${b.substring 0 7 (b.hashString "sha256" text)}").x; in x - (x / n) * n;
  numbers = first: last: b.genList (i: first + i) (last - first + 1);
  two = n: if n < 10 then "0${toString n}" else toString n;

  table = b.fromJSON (b.readFile ../packages.json);
  words = b.filter b.isString (b.split " " "acl attr audit boost brotli cyrus-sasl db expat file fontconfig freetype fuse gdbm gettext glib gmp gnutls iptables jq kbd keyutils krb5 libaio libarchive libcap libedit libffi libgcrypt libidn2 libmnl libnftnl libpcap libpsl libseccomp libsodium libssh2 libtasn1 libunistring libxml2 libyaml linux-pam lvm2 lz4 man-db mpfr nano nettle p11-kit pcre2 readline rsync strace unbound vim wget");
  outputs = [ "" "-lib" "-bin" "-man" "-doc" "-dev" ];
  element = list: n: b.elemAt list (n - (n / b.length list) * b.length list);

  # Units, files, links, kernel and firmware add some 60 paths; about as many leaves are not there at any one time.
  leaves = b.genList (i: rec {
    round = i / b.length words;
    family = element [ "" "perl5.40.0-" "python3.12-" ] (if round < b.length outputs then 0 else round);
    pname = "${family}${element words i}${if round < b.length outputs then "" else "-plugin${toString round}"}";
    output = if round < b.length outputs then b.elemAt outputs round else "";
    key = "${pname}${output}";
    major = "${toString (1 + chance "major${key}" 9)}.${toString (chance "minor${key}" 30)}";
    size = 20000 + chance "size${key}" 2600 * chance "scale${key}" 1000;
    needs = [ (element [ "glibc" "glibc" "zlib" "openssl" ] (chance "needs${key}" 4)) ];
    from = if chance "from${key}" 40 == 0 then 1 + chance "first${key}" generations else 1;
    until = if chance "until${key}" 60 == 0 then 1 + chance "last${key}" generations else generations;
  }) (let n = paths - b.length (b.attrNames table) - 12; in if n < 0 then 0 else n);

  packages = b.listToAttrs (map (l: {
    name = l.key;
    value = { inherit (l) pname size needs output; version = "${l.major}.0"; };
  }) leaves);

  # How often each key rose up to generation g; most by 8 of 1000 a generation, services and openssl more often.
  rises = key: rate: b.foldl' (levels: g: levels ++ [
    (b.elemAt levels (g - 2) + (if chance "${key}/${toString g}" 1000 < rate then 1 else 0))
  ]) [ 0 ] (numbers 2 generations);
  levels = b.listToAttrs (map (l: { name = l.key; value = rises l.key 8; }) leaves);
  frequent = { glibc = 30; openssl = 60; nginx = 80; postgresql = 60; redis = 60; agent-scout = 300; agent-scribe = 300; agent-ledgerbot = 200; };
  frequentLevels = b.mapAttrs rises frequent;

  generation = g: {
    daysAgo = 3 * (generations - g) + 1;
    release = {
      version = "25.05"; name = "Warbler"; codename = "warbler";
      label = "25.05.2025${two (6 + (g - 1) / 28)}${two (1 + (g - 1) - ((g - 1) / 28) * 28)}.${b.substring 0 7 (b.hashString "sha1" "big${toString g}")}";
      nixpkgs = b.hashString "sha1" "big${toString g}";
    };
    kernel = "6.6.${toString (90 + g / 6)}";
    inherit packages;
    versions = b.listToAttrs (map (l: { name = l.key; value = "${l.major}.${toString (b.elemAt levels.${l.key} (g - 1))}"; }) leaves)
      // b.mapAttrs (n: l: "${table.${n}.version}.${toString (b.elemAt l (g - 1))}") frequentLevels;
    without = map (l: l.key) (b.filter (l: g < l.from || g > l.until) leaves);
    configurationRevision = b.hashString "sha1" "configuration${toString g}";
    units = _: { "redis-main.service".Service.LimitNOFILE = 10000 + g / 4; };
  };
in map generation (numbers 1 generations)
