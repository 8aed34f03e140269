# frozen_string_literal: true

require "singleton"
require "socket"

module MCollective
  # What an agent may know of the node's configuration. It comes from MCollective's own files where they are there, and over
  # them from the agent's `config` in Hocket's, whose members are those of `pluginconf`.
  class Config
    include Singleton

    FILES = %w[/etc/mcollective/server.cfg /etc/puppetlabs/mcollective/server.cfg /etc/choria/server.conf].freeze
    SWITCHES = %w[rpcauthorization activate_agents].freeze

    attr_reader :pluginconf, :configfile, :configdir, :identity, :classesfile, :collectives, :main_collective, :rpcauthorization,
                :rpcauthprovider, :activate_agents, :libdirs, :configured

    def initialize
      @pluginconf, @libdirs = {}, []
      @identity = Socket.gethostname
      @classesfile = "/opt/puppetlabs/puppet/cache/state/classes.txt"
      @collectives, @main_collective = ["mcollective"], "mcollective"
      @rpcauthorization, @rpcauthprovider, @activate_agents = false, "", true
      @configfile, @configdir, @configured = "", "", false
    end

    # The first that is there; one beside the agent wins.
    def load_for(folder)
      file = [File.join(folder, "server.cfg"), *FILES].find { |candidate| File.file?(candidate) }
      return unless file

      @configfile, @configdir, @configured = file, File.dirname(file), true
      each_setting(file) { |key, value| set(key, value) }
      Dir.glob("#{@configdir}/plugin.d/*.cfg").sort.each do |path|
        plugin = File.basename(path, ".cfg")
        each_setting(path) { |key, value| @pluginconf["#{plugin}.#{key}"] = value }
      end
    end

    # A request's `config`: settings are texts here, and `nrpe.conf_dir = …` is a table in TOML.
    def take(config, prefix = "")
      config.each do |key, value|
        name = prefix + key
        if value.is_a?(Hash) then take(value, "#{name}.")
        elsif SWITCHES.include?(name) then set(name, value.to_s)
        else @pluginconf[name] = value.to_s
        end
      end
    end

    # Where plugins are looked for.
    def libdir
      $LOAD_PATH
    end

    private

    def each_setting(file)
      File.foreach(file) do |line|
        key, value = line[/\A[^#].*/m].to_s.strip.split(/\s*=\s*/, 2)
        yield key, value if value && !value.empty?
      end
    end

    def set(key, value)
      case key
      when /\Aplugin\.(.+)/ then @pluginconf[$1] = value
      when "libdir" then @libdirs.concat(value.split(":"))
      when "collectives" then @collectives = value.split(",").map(&:strip)
      when "loglevel" then Log.level = value
      when *SWITCHES then instance_variable_set("@#{key}", Util.str_to_bool(value))
      when "identity", "classesfile", "main_collective" then instance_variable_set("@#{key}", value)
      when "rpcauthprovider" then @rpcauthprovider = value.capitalize
      end
    end
  end
end
