# frozen_string_literal: true

require "mcollective"
require "shim/reply"

module Shim
  # One agent: finds its class, and has it answer the requests that Hocket brings. A class that cannot be loaded, or does not
  # activate, refuses each request with the reason.
  class Server
    FOLDERS = %w[/usr/share/mcollective/plugins /usr/libexec/mcollective /opt/puppetlabs/mcollective/plugins].freeze

    # program: the path of the link that is the agent.
    def initialize(program)
      @folder, @name = File.split(program)
      @config = MCollective::Config.instance
    end

    def run
      MCollective::DDL.folder = @folder
      Hocket.run(MCollective::DDL.new(@name).actions.to_h { |action| [action, method(:answer)] })
    end

    private

    # Before what the system has of MCollective.
    def prepare_load_path
      own = [@folder, File.join(@folder, "lib"), *@config.libdirs, *FOLDERS]
      $LOAD_PATH.insert(1, *own.select { |folder| File.directory?(folder) })
    end

    # With the configuration of the first request: activation may depend on it. Once for the process.
    def refusal
      @refusal ||= [refusal_of_class]
      @refusal.first
    end

    def refusal_of_class
      prepare_load_path
      load(program_file)
      constant = MCollective::Agent.constants.find { |name| name.to_s.downcase == @name }
      return "#{program_file} defines no class MCollective::Agent::#{@name.capitalize}" unless constant

      @class = MCollective::Agent.const_get(constant)
      "it does not activate on this node" unless @class.activate?
    rescue Exception => e # ScriptError too: an agent that is not there answers nothing else
      warn(e.full_message(highlight: false, order: :top))
      "it cannot be loaded: #{e.class}: #{e.message}"
    end

    def program_file
      own = [File.join(@folder, "#{@name}.rb")]
      shared = $LOAD_PATH.flat_map { |folder| ["#{folder}/mcollective/agent/#{@name}.rb", "#{folder}/agent/#{@name}.rb"] }
      (own + shared).find { |file| File.file?(file) } or
        raise LoadError, "there is no #{@name}.rb in #{@folder} or in mcollective/agent of a libdir"
    end

    # A new instance for each request, as MCollective has it. What the request's configuration says stays until it says otherwise.
    def answer(request)
      configure(request.envelope.fetch("config", {}))
      raise Hocket::Failure.new("not_active", refusal) if refusal

      Reply.new(@class.new.handle(request), @name)
    end

    def configure(own)
      @config.load_for(@folder) unless @configured
      @configured = true
      @config.take(own)
    end
  end
end
