# frozen_string_literal: true

# The agent contract of Hocket (spec/agent.md) for Ruby 2.7 and later. No dependencies.
#
#     #!/usr/bin/ruby --disable=gems
#     require_relative "../lib/hocket"
#
#     Hocket.run(
#       greet: ->(request) { { greeting: "hello #{request.input(:name)}" } }
#     )
#
# An action is a function (a lambda, or `method(:greet)`) from the request to the outputs: a hash, or a Hocket::Reply to set
# `changed` or a message too. `raise Hocket::Failure.new("not_found", "/x does not exist")` ends it with an error of that kind; any
# other exception becomes an error of the kind AGENT/exception, with its backtrace on stderr. What is printed is log, never reply.
#
# Without `--disable=gems` Ruby takes 40 ms more to start; leave it away if you need gems.
#
# With `contract: worker` in its DDL the same program serves many requests, `in_flight` of them at a time: in threads, or with
# `fork` each in a process forked from the warm one, so that nothing stays of a request and a crash costs no other.

require "json"

module Hocket
  # A failure that the agent foresaw. Its kind is for programs, its message for people.
  class Failure < StandardError
    attr_reader :kind, :details, :statuscode

    def initialize(kind, message, details = {}, statuscode = 1)
      super(message)
      @kind, @details, @statuscode = kind.to_s, details, statuscode
    end
  end

  # The outputs of an action that also wants to say something else than "OK, nothing changed".
  class Reply
    attr_reader :data, :changed, :message, :diff

    # changed: something was changed; in noop: would be. diff: what, as lines for people.
    def initialize(data, changed: false, message: "OK", diff: nil)
      @data, @changed, @message, @diff = data, changed, message, diff
    end

    # The members of the reply as it is sent.
    def body
      body = { statuscode: 0, statusmsg: @message, data: @data, changed: @changed ? true : false }
      @diff ? body.merge(diff: @diff) : body
    end
  end

  # One request. `envelope` is the whole object from stdin: caller, identity, request_id, config and so on.
  class Request
    attr_reader :envelope, :agent, :action, :noop, :inputs
    alias noop? noop

    def initialize(envelope)
      @envelope = envelope
      @agent = envelope["agent"] || File.basename($PROGRAM_NAME)
      @action = envelope.fetch("action")
      raise TypeError, "an action's name is a string" unless @action.is_a?(String)

      @noop = envelope.fetch("noop", false)
      @inputs = envelope.fetch("inputs", {})
    end

    # An input, or the default; without a default the action fails when the input is not there.
    def input(name, *default)
      @inputs.fetch(name.to_s) do
        raise Failure.new("missing_input", "the input #{name} is required", {}, 3) if default.empty?

        default.first
      end
    end

    # Until the runner ends this process; infinite when no deadline was given.
    def seconds_left
      deadline = @envelope["deadline"]
      deadline ? deadline / 1000.0 - Time.now.to_f : Float::INFINITY
    end
  end

  # Reads the request, runs its action, writes the reply, ends the process. As a worker: for each line, until the end.
  def self.run(actions)
    channel = Wire.reply_channel
    actions = Actions.new(actions)
    in_flight = [ENV["HOCKET_WORKER_IN_FLIGHT"].to_i, 1].max
    if ENV["HOCKET_CONTRACT"] != "worker"
      channel.write(actions.answer(Wire.parse($stdin.binmode.read)))
    elsif ENV["HOCKET_WORKER_FORK"] == "true"
      ForkedWorker.new(actions, Wire.take_stdin, channel, in_flight).serve
    else
      ThreadedWorker.new(actions, Wire.take_stdin, channel).serve(in_flight)
    end
    exit
  end

  # The actions of one agent, and what becomes of their exceptions.
  class Actions
    def initialize(actions)
      @actions = actions.transform_keys(&:to_s)
    end

    # The reply as a line. What ends a process that the action has forked is left to Ruby: it has nothing to reply.
    def answer(request)
      pid = Process.pid
      begin
        Wire.encode(request, call(request))
      rescue Failure => e
        raise if Process.pid != pid

        Wire.encode(request, failure(request, e))
      end
    rescue SignalException
      raise
    rescue Exception => e # SystemExit, SystemStackError, ScriptError and NoMemoryError too
      raise if Process.pid != pid

      Wire.encode(request, failure(request, unforeseen(e)))
    end

    private

    def call(request)
      action = @actions[request.action]
      raise Failure.new("unknown_action", "unknown action '#{request.action}'", {}, 2) unless action

      reply = action.call(request)
      reply = Reply.new(reply) unless reply.is_a?(Reply)
      raise TypeError, "the action #{request.action} returned #{reply.data.inspect}, which is no hash" unless reply.data.is_a?(Hash)

      reply.body
    end

    def failure(request, failure)
      kind = failure.kind.include?("/") ? failure.kind : "#{request.agent}/#{failure.kind}"
      message = Wire.text(failure.message)
      line = message[/\A[^\n]+/] || kind
      { statuscode: failure.statuscode, statusmsg: line, error: { kind: kind, message: message, details: failure.details } }
    end

    def unforeseen(error)
      $stderr.puts(error.full_message(highlight: false, order: :top))
      place = error.backtrace&.first.to_s[/\A.+?:\d+/]
      Failure.new("exception", "#{error.class}: #{Wire.text(error.message)}", { at: place })
    end
  end

  # Requests and replies as bytes, and where they come from and go to.
  module Wire
    module_function

    # Descriptor 3. Run by hand there is none: the reply goes to stdout, and everything else to stderr.
    def reply_channel
      channel = descriptor3 || STDOUT.dup.tap { STDOUT.reopen(STDERR) }
      STDOUT.sync = channel.sync = true
      channel.close_on_exec = true
      channel.binmode
    end

    def descriptor3
      IO.for_fd(3, "w") if ENV["HOCKET_REPLY_FD"] == "3"
    rescue SystemCallError, ArgumentError # not open, or one of Ruby's own
      nil
    end

    # The requests; an action and what it starts find /dev/null in their place.
    def take_stdin
      requests = STDIN.dup.binmode
      STDIN.reopen(File::NULL)
      requests
    end

    def parse(text)
      Request.new(JSON.parse(text.force_encoding(Encoding::UTF_8)))
    rescue JSON::ParserError, EncodingError, KeyError, NoMethodError, TypeError # no JSON, no action, no object
      STDERR.puts(text.scrub.strip.empty? ? "no request on stdin" : "stdin is not a request")
      exit!(1) # of all threads
    end

    def encode(request, reply)
      id = request.envelope.key?("id") ? { id: request.envelope["id"] } : {}
      JSON.generate(clean(id.merge(reply))) << "\n"
    end

    # What JSON.generate would refuse, or write as text that nobody asked for. NaN is for it to refuse.
    def clean(value)
      case value
      when String, Symbol then text(value.to_s)
      when Hash then value.to_h { |name, member| [text(name.to_s), clean(member)] }
      when Array then value.map { |element| clean(element) }
      when Integer, Float, true, false, nil then value
      else raise TypeError, "#{value.class} is no JSON"
      end
    end

    # In UTF-8. Names of files and what commands print may hold bytes that are none.
    def text(string)
      return string if string.encoding == Encoding::UTF_8 && string.valid_encoding?
      return string.encode(Encoding::UTF_8, invalid: :replace, undef: :replace) unless bytes?(string)

      string.dup.force_encoding(Encoding::UTF_8).scrub
    end

    def bytes?(string)
      [Encoding::UTF_8, Encoding::US_ASCII, Encoding::BINARY].include?(string.encoding)
    end
  end

  # Each thread takes the next line when it is free. The main thread is one of them, and the only one when in_flight is 1.
  class ThreadedWorker
    def initialize(actions, requests, channel)
      @actions, @requests, @channel = actions, requests, channel
      @reading, @writing = Mutex.new, Mutex.new
    end

    def serve(in_flight)
      threads = Array.new(in_flight - 1) { Thread.new { serve_lines } }
      serve_lines
      threads.each(&:join)
    end

    private

    def serve_lines
      while (line = @reading.synchronize { @requests.gets("\n") })
        body = @actions.answer(Wire.parse(line))
        @writing.synchronize { @channel.write(body) }
      end
    end
  end

  # One loop over stdin and the pipes of the children. What comes while all are busy waits in `lines` or in the pipe.
  class ForkedWorker
    def initialize(actions, requests, channel, in_flight)
      @actions, @requests, @channel, @in_flight = actions, requests, channel, in_flight
      @lines, @rest, @at_end, @children = [], String.new, false, {}
    end

    def serve
      until @at_end && @lines.empty? && @children.empty?
        start(Wire.parse(@lines.shift)) while @children.size < @in_flight && !@lines.empty?
        listening = !@at_end && @children.size < @in_flight
        ready, = IO.select(listening ? [*@children.keys, @requests] : @children.keys)
        ready.each { |io| io == @requests ? read : end_of(io) }
      end
    end

    private

    def start(request)
      child = Child.new(@actions, request, [@requests, @channel, *@children.keys])
      @children[child.pipe] = child
    end

    def read
      @rest << @requests.readpartial(1 << 16)
      *whole, @rest = @rest.split("\n", -1)
      @lines.concat(whole)
    rescue EOFError
      @at_end = true
      @lines << @rest unless @rest.empty?
    end

    def end_of(pipe)
      @channel.write(@children.delete(pipe).outcome) if @children[pipe].ended?
    end
  end

  # A process for one request. It hands the reply over through a pipe: nobody but the worker writes to the reply channel.
  class Child
    attr_reader :pipe

    def initialize(actions, request, not_its_own)
      @request, @body = request, String.new
      @pipe, writer = IO.pipe(binmode: true)
      @pid = fork { answer(actions, writer, [@pipe, *not_its_own]) }
      writer.close
    end

    # Reads on. The reply is one line: whatever the child leaves behind may keep the pipe open.
    def ended?
      @body << @pipe.readpartial(1 << 16)
      @body.end_with?("\n")
    rescue EOFError
      true
    end

    # The line for the runner.
    def outcome
      @pipe.close
      _, status = Process.wait2(@pid)
      return @body if @body.end_with?("\n")

      how = status.signaled? ? "was ended by signal #{status.termsig}" : "ended with exit code #{status.exitstatus}"
      Wire.encode(@request, crashed: "the process of the request #{how}, without a reply")
    end

    private

    def answer(actions, writer, not_its_own)
      not_its_own.each(&:close)
      writer.write(actions.answer(@request))
    rescue SignalException => e
      Signal.trap(e.signo, "SYSTEM_DEFAULT")
      Process.kill(e.signo, Process.pid)
    ensure
      exit!(0) # and not through what the worker has registered for its own end
    end
  end
end
