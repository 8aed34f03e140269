# frozen_string_literal: true

require "json"
require "tempfile"

module MCollective
  module RPC
    # An action that is a program: `implemented_by "script"`. It gets the request in a file and writes its reply into one.
    class ActionRunner
      # What it left: Process::Status, its output, and the members of its reply.
      Result = Struct.new(:exitstatus, :stdout, :stderr, :data)

      def initialize(command, request)
        @request = request
        @command = path_of(command)
      end

      def run
        raise RPCAborted, "Cannot execute #{self}" unless File.executable?(@command)

        Tempfile.create("mcollective_request") do |request|
          request.write(@request.to_json)
          request.close
          Tempfile.create("mcollective_reply") { |reply| run_with(request.path, reply.path) }
        end
      end

      def to_s
        "#{@request.agent}##{@request.action} command: #{@command}"
      end

      private

      def run_with(request, reply)
        files = { "MCOLLECTIVE_REQUEST_FILE" => request, "MCOLLECTIVE_REPLY_FILE" => reply }
        line = [@command, request, reply].map { |word| Util.shellescape(word) }.join(" ")
        shell = Shell.new(line, environment: files)
        shell.runcommand
        shell.stderr.each_line { |text| Log.error("#{self}: #{text.chomp}") }
        shell.stdout.each_line { |text| Log.info("#{self}: #{text.chomp}") }
        Result.new(shell.status&.exitstatus || -1, shell.stdout, shell.stderr, data_of(reply))
      end

      # What is no JSON object is none at all.
      def data_of(file)
        data = JSON.parse(File.read(file))
        data.is_a?(Hash) ? data : {}
      rescue JSON::ParserError
        {}
      end

      def path_of(command)
        return command if Util.absolute_path?(command)

        folders = Config.instance.libdir.flat_map { |folder| ["#{folder}/mcollective/agent", "#{folder}/agent"] }
        paths = folders.map { |folder| File.join(folder, @request.agent, command) }
        paths.find { |path| File.exist?(path) } || command
      end
    end
  end
end
