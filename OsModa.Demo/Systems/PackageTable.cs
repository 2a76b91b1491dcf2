using System.Collections.Immutable;

namespace OsModa.Demo.Systems;

/// <param name="Name">As in nixpkgs.</param>
/// <param name="Version">Where the history begins; updates count it up.</param>
/// <param name="Bytes">NAR size of its outputs together.</param>
/// <param name="Uses">Packages that it is built against: it is rebuilt when they change.</param>
internal sealed record PackageEntry(string Name, string Version, long Bytes, ImmutableArray<string> Uses);

/// <summary>The packages that simulated systems are made of.</summary>
internal static class PackageTable
{
    // name version size in hundreds of kilobytes, then what it uses
    private const string Text = """
        glibc 2.42-51 306
        gcc-lib 15.2.0 98 glibc
        bash 5.2p37 18 glibc
        zlib 1.3.1 2 glibc
        xz 5.8.1 9 glibc
        bzip2 1.0.8 2 glibc
        zstd 1.5.7 12 glibc
        lz4 1.10.0 3 glibc
        openssl 3.6.0 66 glibc
        libxcrypt 4.4.38 2 glibc
        attr 2.5.2 1 glibc
        acl 2.3.2 2 glibc
        coreutils 9.7 45 acl attr
        findutils 4.10.0 14 glibc
        gnugrep 3.11 8 glibc pcre2
        gnused 4.9 7 glibc
        gawk 5.3.2 27 glibc
        gnutar 1.35 27 acl
        gzip 1.14 2 glibc
        diffutils 3.12 15 glibc
        patch 2.8 3 glibc
        less 668 4 ncurses
        which 2.23 1 glibc
        ncurses 6.5 82 glibc
        readline 8.2p13 5 ncurses
        pcre2 10.44 12 glibc
        expat 2.7.1 6 glibc
        libxml2 2.13.8 19 zlib xz
        sqlite 3.48.0 14 zlib
        gmp 6.3.0 8 glibc
        libunistring 1.3 19 glibc
        libidn2 2.3.8 4 libunistring
        libffi 3.4.8 1 glibc
        libcap 2.76 4 glibc
        libseccomp 2.6.0 3 glibc
        util-linux 2.41.0 126 ncurses libcap
        kmod 31 5 xz zstd
        systemd 259.1 423 util-linux kmod libseccomp openssl
        dbus 1.14.10 16 systemd expat
        linux-pam 1.6.1 13 libxcrypt
        shadow 4.17.4 37 linux-pam
        sudo 1.9.16p2 72 linux-pam
        krb5 1.21.3 37 openssl
        openssh 10.2p1 61 openssl krb5 linux-pam
        iproute2 6.14.0 41 libcap
        iptables 1.8.11 31 glibc
        nftables 1.1.3 14 gmp
        iputils 20251205 4 libcap
        procps 4.0.4 14 systemd ncurses
        psmisc 23.7 8 ncurses
        lvm2 2.03.32 53 systemd
        e2fsprogs 1.47.2 62 util-linux
        dosfstools 4.2 3 glibc
        curl 8.14.0 11 openssl nghttp2 brotli zstd
        nghttp2 1.65.0 3 glibc
        brotli 1.1.0 9 glibc
        git 2.53.0 548 curl openssl pcre2 perl
        perl 5.40.0 582 glibc
        python3 3.12.10 1129 openssl sqlite expat libffi readline
        nodejs 24.11.0 989 openssl brotli nghttp2 sqlite
        boost 1.87.0 181 zlib
        boehm-gc 8.2.8 5 glibc
        libgit2 1.9.0 13 openssl pcre2
        nix 2.34.5 214 boost boehm-gc curl sqlite libgit2 brotli
        nixos-rebuild-ng 26.05 3 python3
        nixos-tools 26.05 24 perl
        nano 8.4 27 ncurses
        vim 9.1.1336 412 ncurses
        rsync 3.4.1 12 openssl zstd
        strace 6.14 29 glibc
        htop 3.4.1 4 ncurses
        jq 1.7.1 7 glibc
        gnupg 2.4.5 118 gmp
        man-db 2.13.1 31 gzip
        tzdata 2026a 19
        iana-etc 20260107 6
        mailcap 2.1.54 1
        nss-cacert 3.119 5
        terminfo-db 6.5 33
        kbd 2.7.1 39 glibc
        linux-firmware 20260519 6512
        microcode-intel 20260210 103
        nscd-nsncd 1.5.1 18 glibc
        logrotate 3.22.0 2 acl
        fail2ban 1.1.0 31 python3 systemd
        lego 4.23.1 641
        nginx 1.30.1 21 openssl pcre2 zlib libxml2
        postgresql 17.7 487 openssl readline zstd systemd libxml2
        redis 7.2.8 27 openssl systemd
        prometheus-node-exporter 1.9.1 218
        vector 0.46.1 1362 openssl zstd
        restic 0.18.0 268
        haproxy 3.1.7 49 openssl pcre2
        wireguard-tools 1.0.20210914 3 glibc
        unbound 1.23.0 57 openssl expat
        ccache 4.11.2 38 zstd
        hydra-runner 0-unstable-2025-04-23 94 nix
        attic 0-unstable-2025-02-02 412 openssl
        osmoda-agentd 0.1.0 148 sqlite openssl
        osmoda-watch 0.1.0 121 openssl
        osmoda-keyd 0.1.0 93 openssl
        osmoda-mesh 0.1.0 117 openssl
        osmoda-routines 0.1.0 88 openssl
        osmoda-gateway 1.3.0 763 nodejs
        osmoda-egress 0.1.0 61 openssl
        agent-runtime 2.7.0 1914 nodejs python3
        scout 0.8.3 121 agent-runtime
        scribe 1.4.1 98 agent-runtime
        ledgerbot 0.9.2 83 agent-runtime
        archivist 2.0.5 146 agent-runtime
        courier 0.6.0 71 agent-runtime
        warden 1.1.2 64 agent-runtime
        tinker 0.2.9 88 agent-runtime
        """;

    /// <summary>Services that only servers with a unit for them have; all else is part of every system.</summary>
    private static readonly HashSet<string> OnDemand = new(StringComparer.Ordinal)
    {
        "nginx", "postgresql", "redis", "haproxy", "unbound", "vector", "restic", "lego", "ccache", "hydra-runner", "attic", "wireguard-tools",
        "osmoda-keyd", "osmoda-mesh", "osmoda-routines", "osmoda-egress",
        "scout", "scribe", "ledgerbot", "archivist", "courier", "warden", "tinker",
    };

    private static readonly HashSet<string> Chosen = new(StringComparer.Ordinal) { "curl", "git", "htop", "jq", "nano", "vim", "rsync", "strace" };

    private static readonly Lazy<HashSet<string>> Low = new(() =>
    {
        var low = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(["systemd", "dbus", "openssh", "nix"]);
        while (open.TryPop(out var name))
        {
            if (low.Add(name))
            {
                foreach (var used in All.First(e => e.Name == name).Uses)
                {
                    open.Push(used);
                }
            }
        }

        return low;
    });

    /// <summary>The system itself is made of it: a new one means that most units change.</summary>
    public static bool IsLow(PackageEntry entry) => Low.Value.Contains(entry.Name);

    public static bool IsEverywhere(PackageEntry entry) => !OnDemand.Contains(entry.Name);

    /// <summary>People want it in their path: environment.systemPackages.</summary>
    public static bool IsChosen(PackageEntry entry) => Chosen.Contains(entry.Name);

    public static ImmutableArray<PackageEntry> All { get; } =
        [.. Text.Split('\n').Select(static line => line.Split(' ')).Select(static w => new PackageEntry(w[0], w[1], long.Parse(w[2]) * 100_000, [.. w[3..]]))];
}
