#!/usr/bin/perl
# An AI agent as the lab has it: a small program that answers HTTP on a Unix socket.
#   agent NAME [--crash-after SECONDS]
# GET /health answers JSON; POST /crash ends it. While /var/lib/agents/NAME/crash exists it lives one second.
use strict;
use warnings;
use IO::Socket::UNIX;
use Time::HiRes qw(alarm);

$| = 1;
my ($name, $option, $seconds) = @ARGV;
my ($version) = $0 =~ /-(\d[\d.]*)\//;
my $started = time;
my $tasks = 0;
my $lifetime = $option ? $seconds : -e "/var/lib/agents/$name/crash" ? 1 : 0;

print "agent $name $version started\n";
$SIG{TERM} = sub { print "agent $name: putting the work away\n"; exit 0 };
$SIG{ALRM} = sub { crash("model reply could not be parsed: unexpected end of JSON input") };
alarm $lifetime if $lifetime;

mkdir '/run/agents';
my $path = "/run/agents/$name.sock";
unlink $path;
my $server = IO::Socket::UNIX->new(Local => $path, Listen => 16) or die "cannot listen on $path: $!\n";
chmod 0660, $path;

while (1) {
    my $client = $server->accept or next;
    my $request = <$client> // '';
    while (defined(my $header = <$client>)) { last if $header =~ /^\r?\n$/ }
    my ($method, $target) = split ' ', $request;
    $tasks++;
    if (($target // '') eq '/health') {
        answer($client, '200 OK', sprintf '{"status":"ok","agent":"%s","version":"%s","uptime":%d,"tasks":%d}',
            $name, $version, time - $started, $tasks);
    } elsif (($method // '') eq 'POST' && $target eq '/crash') {
        answer($client, '202 Accepted', '{"status":"crashing"}');
        close $client;
        crash("asked to crash");
    } else {
        answer($client, '404 Not Found', '{"error":"only /health and /crash are known"}');
    }
    close $client;
}

sub answer {
    my ($client, $status, $json) = @_;
    print $client "HTTP/1.1 $status\r\nContent-Type: application/json\r\nContent-Length: ", length $json,
        "\r\nConnection: close\r\n\r\n$json";
}

sub crash {
    print STDERR "<3>agent $name: fatal: $_[0]\n";
    exit 3;
}
