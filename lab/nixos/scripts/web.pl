#!/usr/bin/perl
# A web server that answers everything with one status: web STATUS [PORT]
use strict;
use warnings;
use IO::Socket::INET;

my ($status, $port) = @ARGV;
my $server = IO::Socket::INET->new(LocalPort => $port // 8080, Listen => 16, ReuseAddr => 1) or die "cannot listen: $!\n";
while (1) {
    my $client = $server->accept or next;
    while (defined(my $header = <$client>)) { last if $header =~ /^\r?\n$/ }
    print $client "HTTP/1.1 $status Shop\r\nContent-Type: text/plain\r\nContent-Length: 11\r\nConnection: close\r\n\r\nshop $status ok";
    close $client;
}
