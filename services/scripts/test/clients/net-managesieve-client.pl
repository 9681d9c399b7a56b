# Drives libnet-managesieve-perl: PORT CA USER PASSWORD. Prints one line for each step.
use strict;
use warnings;
use Net::ManageSieve;

my ($port, $ca, $user, $password) = @ARGV;
$| = 1;
my $sieve = Net::ManageSieve->new("localhost", Port => $port, tls => {
    mode => "require", SSL_ca_file => $ca, SSL_verify_mode => 1, SSL_verifycn_name => "localhost",
    SSL_verifycn_scheme => "default" })
    or die "connect: $@";
sub say_step { my ($step, $done) = @_; print "$step ", ($done ? "yes" : "no"), "\n"; }

say_step("encrypted", $sieve->encrypted);
say_step("auth", $sieve->auth($user, $password));
say_step("extensions", (scalar grep { $_ eq "fileinto" } split / /, $sieve->capabilities->{sieve} // ""));
say_step("havespace", $sieve->havespace("main", 100));
say_step("put", $sieve->putscript("main", qq(require "fileinto";\r\nfileinto "A";\r\n)));
say_step("put bad", $sieve->putscript("bad", "kep;"));
say_step("setactive", $sieve->setactive("main"));
print "list ", join(" ", map { $_ // "-" } @{$sieve->listscripts}), "\n";
my $script = $sieve->getscript("main");
$script =~ s/\r?\n/|/g;
print "get $script\n";
say_step("delete active", $sieve->deletescript("main"));
say_step("deactivate", $sieve->setactive(""));
say_step("delete", $sieve->deletescript("main"));
say_step("logout", $sieve->logout);
