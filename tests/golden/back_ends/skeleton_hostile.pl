#!/usr/bin/perl
# The agent coding: coding: latin-1 """ ''' */ ?> =end =cut #{exit 1} ${exit} $(exit 1) `exit 1` <<agent>> \ \u2028exit
#
# Begun by hocketc: each action answers with empty values until you write its work. It gets the request, with inputs that
# are valid already, and returns members of the reply (spec/agent.md). What is printed is log.
use strict;
use warnings;
use utf8;

use JSON::PP;

# fail(KIND, MESSAGE) ends an action with an error. The kind is a word for programs, the message a sentence for people.
sub fail {
    my ($kind, $message, $statuscode) = @_;
    die { statuscode => $statuscode // 1, error => { kind => "coding/$kind", message => $message } };
}

# Action 2fa: +build ignore
sub action_2fa {
    my ($request) = @_;
    my %outputs = ();

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

# Action _: @return never
sub action__ {
    my ($request) = @_;
    my %outputs = ();

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

# Action __proto__: shareable_constant_value: nonsense
sub action___proto__ {
    my ($request) = @_;
    my %outputs = ();

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

# Action a__b: shellcheck disable=nonsense
sub action_a__b {
    my ($request) = @_;
    my %outputs = ();
    if ($request->{noop}) {
        # Find out here what would be changed, and change nothing.
        return { data => \%outputs, changed => JSON::PP::false, statusmsg => 'noop: nothing would be changed' };
    }

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

# Action a_b: line 1 "x"
sub action_a_b {
    my ($request) = @_;
    my %outputs = ();

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

# Action ab: go:build ignore
sub action_ab {
    my ($request) = @_;
    my %outputs = ();

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

# Action constructor: # heading - list code
sub action_constructor {
    my ($request) = @_;
    my %outputs = ();

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

# Action default: */ exit(1); /* ?> <?php exit(1); =begin =cut exit 1 """ exit(1) '''\u2028exit 1\u0085exit\rexit \
#
# Inputs:
#   2fa (string, optional): """ exit(1) */ ?> \
#   7 (string, optional): """ exit(1) */ ?> \
#   IFS (string, optional): """ exit(1) */ ?> \
#   None (string, optional): """ exit(1) */ ?> \
#   PATH (string, optional): """ exit(1) */ ?> \
#   UID (string, optional): """ exit(1) */ ?> \
#   _ (string, optional): """ exit(1) */ ?> \
#   _1 (string, optional): """ exit(1) */ ?> \
#   __proto__ (string, optional): """ exit(1) */ ?> \
#   a (string, optional): """ exit(1) */ ?> \
#   action (string, optional): """ exit(1) */ ?> \
#   action_ (string, optional): """ exit(1) */ ?> \
#   class (string, optional): """ exit(1) */ ?> \
#   fs (string, optional): """ exit(1) */ ?> \
#   inputs (string, optional): """ exit(1) */ ?> \
#   noop (string, optional): """ exit(1) */ ?> \
#   null (string, optional): """ exit(1) */ ?> \
#   omitted (string, optional): """ exit(1) */ ?> \
#   others (string, optional): """ exit(1) */ ?> \
#   outputs (string, optional): """ exit(1) */ ?> \
#   pick (one of "*/", "?>", "\"\"\"", "\n", "#{exit}", optional): One
#   request (string, optional): """ exit(1) */ ?> \
#   secret (string, optional, sensitive): -*- coding: x -*-
#   self (string, optional): """ exit(1) */ ?> \
#   this (string, optional): """ exit(1) */ ?> \
#
# Outputs:
#   2 (string, default "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\"): */ ?> """ exit
#   2fa (integer, default 9223372036854775807): shareable_constant_value: nonsense
#   __proto__ (hash, default {"*/":["?>",null,false,1.5e+300],"2":[],"__proto__":{"a'b":"#{x} 'y' $z"},"é\n":{}}): Nested
#   class (string, default "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\"): */ ?> """ exit
#   free (of any type, default [1,{"x":"$(exit)"}]): Free
#   minimum (integer, default -9223372036854775808): Least
#   null (string, default "a\u0000b"): NUL
#   plain (string, default "it's #{x} $y @z"): line 7 "x"
sub action_default {
    my ($request) = @_;
    my $_2fa = $request->{inputs}{'2fa'}; # undef when absent
    my $_7 = $request->{inputs}{'7'}; # undef when absent
    my $IFS = $request->{inputs}{IFS}; # undef when absent
    my $None = $request->{inputs}{None}; # undef when absent
    my $PATH = $request->{inputs}{PATH}; # undef when absent
    my $UID = $request->{inputs}{UID}; # undef when absent
    my $__ = $request->{inputs}{_}; # undef when absent
    my $_1 = $request->{inputs}{_1}; # undef when absent
    my $__proto__ = $request->{inputs}{__proto__}; # undef when absent
    my $a_ = $request->{inputs}{a}; # undef when absent
    my $action = $request->{inputs}{action}; # undef when absent
    my $action_ = $request->{inputs}{action_}; # undef when absent
    my $class = $request->{inputs}{class}; # undef when absent
    my $fs = $request->{inputs}{fs}; # undef when absent
    my $inputs = $request->{inputs}{inputs}; # undef when absent
    my $noop = $request->{inputs}{noop}; # undef when absent
    my $null = $request->{inputs}{null}; # undef when absent
    my $omitted = $request->{inputs}{omitted}; # undef when absent
    my $others = $request->{inputs}{others}; # undef when absent
    my $outputs_ = $request->{inputs}{outputs}; # undef when absent
    my $pick = $request->{inputs}{pick}; # undef when absent
    my $request_ = $request->{inputs}{request}; # undef when absent
    my $secret = $request->{inputs}{secret}; # undef when absent
    my $self = $request->{inputs}{self}; # undef when absent
    my $this = $request->{inputs}{this}; # undef when absent
    my %outputs = (
        '2' => "a\n'\"\"\" \\ */ ?> #{exit} \${x} \$x \@x %x \$(exit) `exit` \x{202e}\x{07} é 𝄞\x{09}\x{0d} end\\",
        '2fa' => 9223372036854775807,
        __proto__ => {'*/' => ['?>', undef, JSON::PP::false, 1.5e+300], '2' => [], __proto__ => {'a\'b' => '#{x} \'y\' $z'}, "é\n" => {}},
        class => "a\n'\"\"\" \\ */ ?> #{exit} \${x} \$x \@x %x \$(exit) `exit` \x{202e}\x{07} é 𝄞\x{09}\x{0d} end\\",
        free => [1, {x => '$(exit)'}],
        minimum => -9223372036854775808,
        null => "a\x{00}b",
        plain => 'it\'s #{x} $y @z',
    );
    if ($request->{noop}) {
        # Find out here what would be changed, and change nothing.
        return { data => \%outputs, changed => JSON::PP::false, statusmsg => 'noop: nothing would be changed' };
    }

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

my %actions = (
    '2fa' => \&action_2fa,
    _ => \&action__,
    __proto__ => \&action___proto__,
    a__b => \&action_a__b,
    a_b => \&action_a_b,
    ab => \&action_ab,
    constructor => \&action_constructor,
    default => \&action_default,
);

sub answer {
    my ($request) = @_;
    my $action = $actions{ $request->{action} } or fail('unknown_action', "unknown action '$request->{action}'", 2);
    return { statuscode => 0, %{ $action->($request) } };
}

my $text = do { local $/; <STDIN> } // '';
if ($text !~ /\S/) {
    print STDERR "no request on standard input\n";
    exit 1;
}
my $request = decode_json($text);
my $reply = eval { answer($request) } || $@;
die $reply unless ref $reply eq 'HASH';
open my $channel, '>&=', $ENV{HOCKET_REPLY_FD} // 1 or die "the reply channel: $!\n";
print {$channel} encode_json($reply), "\n";
close $channel or die "the reply channel: $!\n";
