#!/usr/bin/ruby
# frozen_string_literal: true

# The agent sample: Looks after things, one at a time.
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

# Action print: Prints it
#
# Inputs:
#   class (string): A word of most languages
#   default (string, optional): Another one
#   end (integer, optional, default 10): And one of Ruby
#
# Outputs:
#   function (string): A word as well
def action_print(request, default: nil, **others)
  # Names that Ruby has taken: others[:class], others[:end]
  outputs = {
    function: '',
  }
  if request[:noop]
    # Find out here what would be changed, and change nothing.
    return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' }
  end

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

# Action reset: Forgets everything
def action_reset(request)
  outputs = {}
  if request[:noop]
    # Find out here what would be changed, and change nothing.
    return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' }
  end

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

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
def action_status(
  request,
  deep:,
  depth: nil,
  labels: nil,
  limit:,
  name:,
  ratio: nil,
  tags: nil,
  token: nil,
  unit: nil
)
  outputs = {
    anything: '',
    bytes: 0,
    labels: {},
    limits: { cpu: 2, empty: {}, ratio: 0.5, tags: ['a', nil, true] },
    load: 0.0,
    note: '',
    parts: [],
    present: false,
    score: 0,
    state: 'it\'s idle',
  }

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end

ACTIONS = %w[print reset status].freeze

def answer(request)
  action = request[:action]
  raise Failure.new('unknown_action', "unknown action '#{action}'", statuscode: 2) unless ACTIONS.include?(action)

  { statuscode: 0, **send("action_#{action}", request, **request[:inputs]) }
rescue Failure => e
  { statuscode: e.statuscode, error: { kind: "sample/#{e.kind}", message: e.message } }
end

text = $stdin.binmode.read
abort 'no request on standard input' if text.strip.empty?

reply = answer(JSON.parse(text, symbolize_names: true))
IO.open(Integer(ENV.fetch('HOCKET_REPLY_FD', '1')), 'w') { |channel| channel.puts JSON.generate(reply) }
