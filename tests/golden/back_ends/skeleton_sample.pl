#!/usr/bin/perl
# The agent sample: Looks after things, one at a time.
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
    die { statuscode => $statuscode // 1, error => { kind => "sample/$kind", message => $message } };
}

# Action print: Prints it
#
# Inputs:
#   class (string): A word of most languages
#   default (string, optional): Another one
#   end (integer, optional, default 10): And one of Ruby
#
# Outputs:
#   function (string): A word as well
sub action_print {
    my ($request) = @_;
    my $class = $request->{inputs}{class};
    my $default = $request->{inputs}{default}; # undef when absent
    my $end = $request->{inputs}{end};
    my %outputs = (
        function => '',
    );
    if ($request->{noop}) {
        # Find out here what would be changed, and change nothing.
        return { data => \%outputs, changed => JSON::PP::false, statusmsg => 'noop: nothing would be changed' };
    }

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

# Action reset: Forgets everything
sub action_reset {
    my ($request) = @_;
    my %outputs = ();
    if ($request->{noop}) {
        # Find out here what would be changed, and change nothing.
        return { data => \%outputs, changed => JSON::PP::false, statusmsg => 'noop: nothing would be changed' };
    }

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

# Action status: How a thing is
#
# Inputs:
#   deep (boolean, optional, default false): Whether to look into it
#   depth (integer, optional): How far to look
#   labels (hash, optional): What must be so
#   limit (float, optional, default 0.9): Above which it is full
#   name (string): Which thing
#   ratio (number, optional): How much of it
#   tags (array, optional): Which ones
#   token (string, optional, sensitive): Proves who asks
#   unit (one of "bytes", 1024, true, optional): How sizes are shown
#
# Outputs:
#   anything (of any type): Of no certain type
#   bytes (integer): How large it is
#   labels (hash): What it is called
#   limits (hash, default {"cpu":2,"empty":{},"ratio":0.5,"tags":["a",null,true]}): What it may do
#   load (float): How busy it is
#   note (string): What else is known
#   parts (array): What it is made of
#   present (boolean): Whether it is there
#   score (number): How good it is
#   state (string, default "it's idle"): What it does
sub action_status {
    my ($request) = @_;
    my $deep = $request->{inputs}{deep};
    my $depth = $request->{inputs}{depth}; # undef when absent
    my $labels = $request->{inputs}{labels}; # undef when absent
    my $limit = $request->{inputs}{limit};
    my $name = $request->{inputs}{name};
    my $ratio = $request->{inputs}{ratio}; # undef when absent
    my $tags = $request->{inputs}{tags}; # undef when absent
    my $token = $request->{inputs}{token}; # undef when absent
    my $unit = $request->{inputs}{unit}; # undef when absent
    my %outputs = (
        anything => '',
        bytes => 0,
        labels => {},
        limits => {cpu => 2, empty => {}, ratio => 0.5, tags => ['a', undef, JSON::PP::true]},
        load => 0.0,
        note => '',
        parts => [],
        present => JSON::PP::false,
        score => 0,
        state => 'it\'s idle',
    );

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}

my %actions = (
    print => \&action_print,
    reset => \&action_reset,
    status => \&action_status,
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
