#!/usr/bin/ruby
# frozen_string_literal: true

# The agent coding: coding: latin-1 """ ''' */ ?> =end =cut #{exit 1} ${exit} $(exit 1) `exit 1` <<agent>> \ \u2028exit
#
# Begun by hocketc: each action answers with empty values until you write its work. It gets its inputs, valid already, as
# keyword arguments, and returns members of the reply (spec/agent.md). What is printed is log.

require 'json'

# Ends an action with an error. The kind is a word for programs, the message a sentence for people.
class Failure < StandardError
  attr_reader :kind, :statuscode

  def initialize(kind, message, statuscode: 1)
    super(message)
    @kind = kind
    @statuscode = statuscode
  end
end

# Action 2fa: +build ignore
def action_2fa(request)
  outputs = {}

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

# Action _: @return never
def action__(request)
  outputs = {}

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

# Action __proto__: shareable_constant_value: nonsense
def action___proto__(request)
  outputs = {}

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

# Action a__b: shellcheck disable=nonsense
def action_a__b(request)
  outputs = {}
  if request[:noop]
    # Find out here what would be changed, and change nothing.
    return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' }
  end

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

# Action a_b: line 1 "x"
def action_a_b(request)
  outputs = {}

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

# Action ab: go:build ignore
def action_ab(request)
  outputs = {}

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

# Action constructor: # heading - list code
def action_constructor(request)
  outputs = {}

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

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
#   secret (string, optional, sensitive): - * - coding: x - * -
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
def action_default(
  request,
  _: nil,
  __proto__: nil,
  a: nil,
  action: nil,
  action_: nil,
  fs: nil,
  inputs: nil,
  noop: nil,
  null: nil,
  omitted: nil,
  pick: nil,
  secret: nil,
  this: nil,
  **others
)
  # Names that Ruby has taken: others[:'2fa'], others[:'7'], others[:IFS], others[:None], others[:PATH], others[:UID], others[:_1], others[:class], others[:others], others[:outputs], others[:request], others[:self]
  outputs = {
    '2': "a\n'\"\"\" \\ */ ?> \#{exit} ${x} $x @x %x $(exit) `exit` \u{202e}\u{07} é 𝄞\u{09}\u{0d} end\\",
    '2fa': 9223372036854775807,
    __proto__: { '*/': ['?>', nil, false, 1.5e+300], '2': [], __proto__: { 'a\'b': '#{x} \'y\' $z' }, "é\n": {} },
    class: "a\n'\"\"\" \\ */ ?> \#{exit} ${x} $x @x %x $(exit) `exit` \u{202e}\u{07} é 𝄞\u{09}\u{0d} end\\",
    free: [1, { x: '$(exit)' }],
    minimum: -9223372036854775808,
    null: "a\u{00}b",
    plain: 'it\'s #{x} $y @z',
  }
  if request[:noop]
    # Find out here what would be changed, and change nothing.
    return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' }
  end

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

ACTIONS = %w[2fa _ __proto__ a__b a_b ab constructor default].freeze

def answer(request)
  action = request[:action]
  raise Failure.new('unknown_action', "unknown action '#{action}'", statuscode: 2) unless ACTIONS.include?(action)

  { statuscode: 0, **send("action_#{action}", request, **request[:inputs]) }
rescue Failure => e
  { statuscode: e.statuscode, error: { kind: "coding/#{e.kind}", message: e.message } }
end

text = $stdin.binmode.read
abort 'no request on standard input' if text.strip.empty?

reply = answer(JSON.parse(text, symbolize_names: true))
IO.open(Integer(ENV.fetch('HOCKET_REPLY_FD', '1')), 'w') { |channel| channel.puts JSON.generate(reply) }
