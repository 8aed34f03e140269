package Hocket;

# The agent contract of Hocket (spec/agent.md) for Perl 5.30 and later. No dependencies: JSON::PP takes 8 ms to load.
#
#     #!/usr/bin/perl
#     use strict;
#     use warnings;
#     BEGIN { unshift @INC, __FILE__ =~ s{[^/]*\z}{../lib}r }      # FindBin would take 6 ms
#     use Hocket;
#
#     Hocket::run(
#         greet => sub {
#             my ($request) = @_;
#             return { greeting => 'hello ' . $request->input('name') };
#         },
#     );
#
# An action is a function from the request to the outputs: a hash reference, or a Hocket::Reply to set `changed` or a message too.
# `die Hocket::Failure->new('not_found', '/x does not exist')` ends it with an error of that kind; any other exception, and an
# exit(), becomes an error of the kind AGENT/exception, with a backtrace on stderr. What is printed is log, never reply.
#
# A text is a string of UTF-8 bytes, as files, commands and literals without `use utf8` give it; inputs are such. What was decoded
# (utf8::is_utf8) is as good an output. Other types:
#
#     Hocket::bool($x)      a boolean; so is any of JSON::PP, \1, \0, and from Perl 5.36 on what a comparison gives
#     $x + 0, int($x)       a number; before Perl 5.36 one that was used as a text since is a text
#     "$x"                  a text, even of digits
#     undef                 null
#
# With `contract: worker` in its DDL the same program serves many requests, one after another; with `fork` each in a process
# forked from the warm one, `in_flight` of them at a time. Without `fork` an exit() ends the worker as well, once it is answered.

use strict;
use warnings;
no warnings 'recursion';

sub EINTR() { return 4 }    # Errno and POSIX are slow to load

my $at_work;    # the request in work: { request, pid, send }; see END

# Reads the request, runs its action, writes the reply and ends the process. As a worker: for each line, until the end.
sub run {
    my %actions = @_;
    my $channel = _reply_channel();
    binmode STDIN;
    _autoflush(\*STDOUT);
    if (($ENV{HOCKET_CONTRACT} // '') ne 'worker') {
        my $text = do { local $/; <STDIN> };
        _answer(\%actions, _parse($text), sub { _write($channel, @_) });
    }
    elsif (($ENV{HOCKET_WORKER_FORK} // '') eq 'true') {
        _serve_forked(\%actions, _take_stdin(), $channel, $ENV{HOCKET_WORKER_IN_FLIGHT} || 1);
    }
    else {
        _serve(\%actions, _take_stdin(), $channel);
    }
    exit 0;
}

# True or false, as JSON has it.
sub bool { return $_[0] ? $Hocket::JSON::TRUE : $Hocket::JSON::FALSE }

sub _answer {
    my ($actions, $request, $send) = @_;
    $at_work = { request => $request, pid => $$, send => $send };
    my $body = _body($actions, $request);
    exit 1 if $at_work->{pid} != $$;    # a process that the action has forked: it has nothing to reply
    undef $at_work;
    $send->($body);
}

sub _body {
    my ($actions, $request) = @_;
    my ($body, @trace);
    local $@;
    local $SIG{__DIE__} = $SIG{__DIE__} || sub { @trace = _trace() };
    return $body if eval { $body = _encode($request, _call($actions, $request)); 1 };
    my $error = $@;
    if (ref $error && UNIVERSAL::isa($error, 'Hocket::Failure')) {
        return $body if eval { $body = _failure($request, $error); 1 };
        $error = $@;
    }
    return _failure($request, _unforeseen($error, @trace));
}

sub _call {
    my ($actions, $request) = @_;
    my $name = $request->action;
    my $action = $actions->{$name} or die Hocket::Failure->new('unknown_action', "unknown action '$name'", {}, 2);
    my $reply = $action->($request);
    $reply = Hocket::Reply->new($reply) if !UNIVERSAL::isa($reply, 'Hocket::Reply');
    ref $reply->{data} eq 'HASH' or die "the action $name returned no hash reference\n";
    return {
        statuscode => 0, statusmsg => "$reply->{message}", data => $reply->{data}, changed => bool($reply->{changed}),
        defined $reply->{diff} ? (diff => "$reply->{diff}") : (),
    };
}

sub _failure {
    my ($request, $failure) = @_;
    my $kind = $failure->{kind} =~ m{/} ? $failure->{kind} : $request->agent . "/$failure->{kind}";
    my ($line) = $failure->{message} =~ /\A([^\n]+)/;
    return _encode($request, {
        statuscode => int $failure->{statuscode}, statusmsg => $line // $kind,
        error => { kind => $kind, message => "$failure->{message}", details => $failure->{details} },
    });
}

sub _unforeseen {
    my ($error, $place, @calls) = @_;
    my $message = ref $error && UNIVERSAL::can($error, 'message') ? ref($error) . ': ' . $error->message : "$error";
    print STDERR $message =~ s/\n?\z/\n/r, map { "\t$_\n" } @calls;
    $place = "$1:$2" if $message =~ s/ at (\S.*?) line (\d+)(?:, <\w*> (?:line|chunk) \d+)?\.\n\z//;
    $message =~ s/\n+\z//;
    return Hocket::Failure->new('exception', $message, defined $place ? { at => $place } : {});
}

# Where `die` was called, and the calls that led there. To be called from a __DIE__ handler, in which nothing is unwound yet.
sub _trace {
    my ($level, @trace) = (1);
    while (my ($package, $file, $line, $function) = caller $level++) {
        last if $package =~ /\AHocket\b/;
        push @trace, @trace ? "$function called at $file line $line" : "$file:$line";
    }
    return @trace;
}

sub _encode {
    my ($request, $reply) = @_;
    my $envelope = $request->envelope;
    return Hocket::JSON::encode({ exists $envelope->{id} ? (id => $envelope->{id}) : (), %$reply }) . "\n";
}

sub _parse {
    my ($text) = @_;
    my $envelope = eval { local $SIG{__DIE__}; Hocket::JSON::decode($text) };
    return Hocket::Request->new($envelope) if ref $envelope eq 'HASH' && defined $envelope->{action} && !ref $envelope->{action};
    print STDERR $text =~ /\S/ ? "stdin is not a request\n" : "no request on stdin\n";
    exit 1;
}

# Descriptor 3. Run by hand there is none: the reply goes to stdout, and everything else to stderr. Perl sets close-on-exec.
sub _reply_channel {
    my $channel;
    if (($ENV{HOCKET_REPLY_FD} // '') ne '3' || !open $channel, '>&=', 3) {
        open $channel, '>&', \*STDOUT or die "stdout: $!";
        open STDOUT, '>&', \*STDERR or die "stderr: $!";
    }
    binmode $channel;
    return $channel;
}

# The requests; an action and what it starts find /dev/null in their place.
sub _take_stdin {
    open my $requests, '<&', \*STDIN or die "stdin: $!";
    open STDIN, '<', '/dev/null' or die "/dev/null: $!";
    binmode $requests;
    return $requests;
}

sub _autoflush { my $selected = select $_[0]; $| = 1; select $selected }

sub _write {
    my ($handle, $body) = @_;
    for (my $at = 0; $at < length $body;) {
        my $written = syswrite $handle, $body, length($body) - $at, $at;
        defined $written || $! == EINTR or die "cannot write the reply: $!\n";
        $at += $written // 0;
    }
}

# '' at the end.
sub _read {
    my ($handle) = @_;
    my ($chunk, $size) = ('');
    1 until defined($size = sysread $handle, $chunk, 1 << 16) || $! != EINTR;
    return $chunk;
}

sub _serve {
    my ($actions, $requests, $channel) = @_;
    my $send = sub {
        close $requests if $at_work;    # from END: whoever writes to a worker that ends shall know it
        _write($channel, @_);
    };
    while (defined(my $line = do { local $/ = "\n"; <$requests> })) {
        _answer($actions, _parse($line), $send);
    }
}

# One loop over stdin and the pipes of the children. What comes while all are busy waits in $text or in the pipe.
sub _serve_forked {
    my ($actions, $requests, $channel, $in_flight) = @_;
    my ($text, $at_end, %children) = ('', 0);
    require POSIX;      # for _exit; here, and not once for each child
    while (%children || length $text || !$at_end) {
        while (keys %children < $in_flight && defined(my $line = _cut_line(\$text, $at_end))) {
            my @not_its_own = ($requests, $channel, map { $_->{pipe} } values %children);
            my $child = Hocket::Child->new($actions, _parse($line), @not_its_own);
            $children{fileno $child->{pipe}} = $child;
        }
        my $listening = !$at_end && keys %children < $in_flight;
        my $ready = '';
        vec($ready, $_, 1) = 1 for keys %children, $listening ? fileno $requests : ();
        next if select($ready, undef, undef, undef) < 1;    # a signal
        if ($listening && vec($ready, fileno $requests, 1)) {
            my $chunk = _read($requests);
            $text .= $chunk;
            $at_end = $chunk eq '';
        }
        for my $fd (grep { vec($ready, $_, 1) } keys %children) {
            _write($channel, (delete $children{$fd})->outcome) if $children{$fd}->has_ended;
        }
    }
}

sub _cut_line {
    my ($text, $at_end) = @_;
    my $length = 1 + index $$text, "\n";
    $length ||= $at_end && length $$text or return undef;
    return substr $$text, 0, $length, '';
}

# An exit() in an action. Not in a process that the action has forked: that one has nothing to reply.
END {
    if ($at_work && $at_work->{pid} == $$) {
        $at_work->{send}->(_failure($at_work->{request}, Hocket::Failure->new('exception', 'exit() before the reply')));
        $? = 0;
    }
}

# A failure that the agent foresaw. Its kind is for programs, its message for people.
package Hocket::Failure;
use overload '""' => sub { $_[0]{message} }, fallback => 1;

sub new {
    my ($class, $kind, $message, $details, $statuscode) = @_;
    return bless { kind => $kind, message => $message, details => $details // {}, statuscode => $statuscode // 1 }, $class;
}

# The outputs of an action that also wants to say something else than "OK, nothing changed".
package Hocket::Reply;

# Hocket::Reply->new({}, changed => 1, message => 'made it', diff => $lines)
#   changed: something was changed; in noop: would be. diff: what, as lines for people.
sub new {
    my ($class, $data, %more) = @_;
    return bless { changed => 0, message => 'OK', %more, data => $data }, $class;
}

package Hocket::Request;

sub new { return bless { envelope => $_[1] }, $_[0] }

# The whole object from stdin: caller, identity, request_id, config and so on.
sub envelope { return $_[0]{envelope} }
sub action { return $_[0]{envelope}{action} }
sub agent { return $_[0]{envelope}{agent} || $0 =~ s{.*/}{}sr }
sub inputs { return $_[0]{envelope}{inputs} // {} }
sub noop { return $_[0]{envelope}{noop} ? 1 : 0 }

# An input, or the default; without a default the action fails when the input is not there.
sub input {
    my ($self, $name, @default) = @_;
    return $self->inputs->{$name} if exists $self->inputs->{$name};
    return $default[0] if @default;
    die Hocket::Failure->new('missing_input', "the input $name is required", {}, 3);
}

# Until the runner ends this process; infinite when no deadline was given.
sub seconds_left {
    my $deadline = $_[0]{envelope}{deadline} // return 9**9**9;
    require Time::HiRes;
    return $deadline / 1000 - Time::HiRes::time();
}

# A process for one request. It hands the reply over through a pipe: nobody but the worker writes to the reply channel.
package Hocket::Child;

sub new {
    my ($class, $actions, $request, @not_its_own) = @_;
    pipe my $pipe, my $writer or die "pipe: $!";
    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        close $_ for @not_its_own, $pipe;
        srand;      # or each child would draw the same numbers
        Hocket::_answer($actions, $request, sub {
            eval { Hocket::_write($writer, @_) };
            POSIX::_exit(0);    # and not through what the worker has registered for its own end
        });
    }
    return bless { request => $request, pipe => $pipe, pid => $pid, body => '' }, $class;
}

# Reads on. The reply is one line: whatever the child leaves behind may keep the pipe open.
sub has_ended {
    my ($self) = @_;
    my $chunk = Hocket::_read($self->{pipe});
    $self->{body} .= $chunk;
    return $chunk eq '' || $chunk =~ /\n\z/;
}

# The line for the runner.
sub outcome {
    my ($self) = @_;
    close $self->{pipe};
    1 while waitpid($self->{pid}, 0) < 0 && $! == Hocket::EINTR;
    return $self->{body} if $self->{body} =~ /\n\z/;
    my $how = $? & 127 ? 'was ended by signal ' . ($? & 127) : 'ended with exit code ' . ($? >> 8);
    return Hocket::_encode($self->{request}, { crashed => "the process of the request $how, without a reply" });
}

# What JSON::PP gives and takes for true and false, whether that is loaded or not.
package JSON::PP::Boolean;
BEGIN { overload->import('0+' => sub { ${ $_[0] } }, fallback => 1) if !overload::Overloaded(__PACKAGE__) }

# Strict JSON to and from bytes.
package Hocket::JSON;
no warnings 'experimental';     # builtin, in 5.36

our ($FALSE, $TRUE) = map { my $value = $_; bless \$value, 'JSON::PP::Boolean' } 0, 1;
my %CONSTANTS = (true => $TRUE, false => $FALSE, null => undef);
my %UNESCAPED = (b => "\b", f => "\f", n => "\n", r => "\r", t => "\t", map { $_ => $_ } '"', '\\', '/');
my %ESCAPED = (map({ chr($_) => sprintf '\u%04x', $_ } 0 .. 31), "\n" => '\n', "\t" => '\t', '"' => '\"', '\\' => '\\\\');
my $CHARACTERS = qr/
    (?: [\x00-\x7f]++ | [\xc2-\xdf][\x80-\xbf] | \xe0[\xa0-\xbf][\x80-\xbf] | [\xe1-\xec\xee\xef][\x80-\xbf]{2}
    | \xed[\x80-\x9f][\x80-\xbf] | \xf0[\x90-\xbf][\x80-\xbf]{2} | [\xf1-\xf3][\x80-\xbf]{3} | \xf4[\x80-\x8f][\x80-\xbf]{2} )
/x;
my ($is_number, $is_bool) = map { defined &$_ ? \&$_ : undef } 'builtin::created_as_number', 'builtin::is_bool';
$is_number //= sub {
    no warnings 'numeric';
    return 0 if utf8::is_utf8($_[0]) || ($_[0] & '') eq '';     # never was a number; else only B knows
    require B;
    my $flags = B::svref_2object(\$_[0])->FLAGS;
    return $flags & (B::SVp_IOK() | B::SVp_NOK()) && !($flags & B::SVp_POK());
};

sub encode {
    my ($value, $depth) = (@_, 0);
    return 'null' if !defined $value;
    my $type = ref $value;
    if (!$type) {
        return $value ? 'true' : 'false' if $is_bool && $is_bool->($value);
        return $is_number->($value) ? _number($value) : _string($value);
    }
    die "nested too deeply for JSON\n" if $depth > 32;
    if ($type eq 'HASH') {
        my %members = map { _string($_) => encode($value->{$_}, $depth + 1) } sort keys %$value;
        return '{' . join(',', map { "$_:$members{$_}" } sort keys %members) . '}';
    }
    return '[' . join(',', map { encode($_, $depth + 1) } @$value) . ']' if $type eq 'ARRAY';
    return $$value ? 'true' : 'false' if $type eq 'JSON::PP::Boolean' || $type eq 'SCALAR' && "$$value" =~ /\A[01]\z/;
    die "no JSON: $value\n";
}

sub _number {
    my ($value) = @_;
    my $text = "$value";
    $text = sprintf '%.17g', $value if $text != $value;     # 15 digits were not enough
    $text =~ /\A-?[0-9]/ or die "no JSON: $text\n";
    return $text;
}

sub _string {
    my ($text) = @_;
    utf8::encode($text) if utf8::is_utf8($text);
    $text =~ s/$CHARACTERS(*SKIP)(*FAIL)|./\xef\xbf\xbd/gs if $text =~ /[\x80-\xff]/;
    $text =~ s/(["\\\x00-\x1f])/$ESCAPED{$1}/g;
    return "\"$text\"";
}

# Dies unless the text is one value.
sub decode {
    my ($text) = @_;
    my $value = _value(\$text);
    $text =~ /\G[ \t\r\n]*\z/gc or die 'no end';
    return $value;
}

sub _value {    # at pos() of the text, as all that follows
    my ($text) = @_;
    $$text =~ /\G[ \t\r\n]*/gc;
    return _rest_of_string($text) if $$text =~ /\G"/gc;
    return _rest_of_object($text) if $$text =~ /\G\{[ \t\r\n]*/gc;
    return _rest_of_array($text) if $$text =~ /\G\[[ \t\r\n]*/gc;
    return $1 + 0 if $$text =~ /\G(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)/gc;
    return $CONSTANTS{$1} if $$text =~ /\G(true|false|null)/gc;
    die 'no value';
}

sub _rest_of_object {
    my ($text) = @_;
    my %object;
    return \%object if $$text =~ /\G\}/gc;
    while (1) {
        $$text =~ /\G[ \t\r\n]*"/gc or die 'no name';
        my $name = _rest_of_string($text);
        $$text =~ /\G[ \t\r\n]*:/gc or die 'no colon';
        $object{$name} = _value($text);
        return \%object if $$text =~ /\G[ \t\r\n]*\}/gc;
        $$text =~ /\G[ \t\r\n]*,/gc or die 'no comma';
    }
}

sub _rest_of_array {
    my ($text) = @_;
    my @array;
    return \@array if $$text =~ /\G\]/gc;
    while (1) {
        push @array, _value($text);
        return \@array if $$text =~ /\G[ \t\r\n]*\]/gc;
        $$text =~ /\G[ \t\r\n]*,/gc or die 'no comma';
    }
}

sub _rest_of_string {
    my ($text) = @_;
    my $string = '';
    until ($$text =~ /\G"/gc) {
        if ($$text =~ /\G([^"\\\x00-\x1f]++)/gc) {
            $string .= $1;
        }
        elsif ($$text =~ /\G\\(["\\\/bfnrt])/gc) {
            $string .= $UNESCAPED{$1};
        }
        elsif ($$text =~ /\G\\u([0-9a-fA-F]{4})/gc) {
            my $code = hex $1;
            if ($code >> 10 == 0x36 && $$text =~ /\G\\u([dD][c-fC-F][0-9a-fA-F]{2})/gc) {
                $code = 0x10000 + (($code & 0x3ff) << 10 | hex($1) & 0x3ff);
            }
            $code = 0xfffd if $code >> 11 == 0x1b;     # half of a pair
            utf8::encode(my $character = chr $code);
            $string .= $character;
        }
        else {
            die 'no string';
        }
    }
    return $string;
}

1;
