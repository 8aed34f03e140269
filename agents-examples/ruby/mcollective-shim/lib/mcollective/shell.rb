# frozen_string_literal: true

require "tempfile"
require "tmpdir"

module MCollective
  # A command line for a shell. Its output goes through files, so that a daemon which it starts holds nothing up.
  class Shell
    GRACE_S = 2
    POLL_S = 0.01

    attr_reader :environment, :command, :status, :stdout, :stderr, :stdin, :cwd, :timeout

    # stdout, stderr: anything that takes `<<`. timeout: seconds until it is ended, with all that it has started.
    def initialize(command, options = {})
      @command = command
      @stdout, @stderr, @stdin = String.new, String.new, nil
      @environment, @cwd, @timeout = { "LC_ALL" => "C" }, Dir.tmpdir, nil
      options.each { |name, value| set(name.to_sym, value) }
    end

    # Process::Status; nil when it could not be started.
    def runcommand
      files = [Tempfile.new("out"), Tempfile.new("err")]
      @status = wait_for(start(*files))
      [@stdout, @stderr].zip(files) { |target, file| target << File.read(file.path) }
      @status
    ensure
      files&.each(&:close!)
    end

    private

    def set(name, value)
      case name
      when :stdout, :stderr
        raise "#{name} should support <<" unless value.respond_to?(:<<)
      when :stdin
        raise "stdin should be a String" unless value.is_a?(String)
      when :cwd
        raise "Directory #{value} does not exist" unless File.directory?(value)
      when :environment
        value = value.nil? ? {} : @environment.merge(value).compact
      when :timeout
        positive = value.is_a?(Integer) && value.positive?
        raise "timeout should be a positive integer or the symbol :on_thread_exit symbol" unless positive || value == :on_thread_exit
      else return
      end
      instance_variable_set("@#{name}", value)
    end

    def start(out, err)
      reader, writer = IO.pipe if @stdin
      pid = Process.spawn(@environment, @command, in: reader || File::NULL, out: out.path, err: err.path, chdir: @cwd, pgroup: true)
      feed(writer) if writer
      pid
    rescue SystemCallError => e
      @stderr << "#{e.message}\n"
      nil
    ensure
      reader&.close
    end

    # It need not read what it is given.
    def feed(writer)
      Thread.new do
        writer.write(@stdin)
      rescue SystemCallError
        nil
      ensure
        writer.close
      end
    end

    def wait_for(pid)
      return unless pid
      return Process.wait2(pid).last unless @timeout.is_a?(Integer)

      status = wait_until(pid, @timeout)
      %w[TERM KILL].each do |signal|
        break if status

        Process.kill(signal, -pid)
        status = wait_until(pid, GRACE_S)
      end
      status || Process.wait2(pid).last
    end

    def wait_until(pid, seconds)
      limit = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
      loop do
        _, status = Process.wait2(pid, Process::WNOHANG)
        return status if status || Process.clock_gettime(Process::CLOCK_MONOTONIC) > limit

        sleep(POLL_S)
      end
    end
  end
end
