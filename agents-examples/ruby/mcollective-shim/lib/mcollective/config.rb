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
    TEXTS = %w[identity classesfile main_collective rpcauthprovider].freeze

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

    # The first of the site's files that is there, and over it one beside the agent. One that may not be read is an error: it may
    # say who may call the agent.
    def load_for(folder)
      [FILES.find { |file| there?(file) }, File.join(folder, "server.cfg")].compact.each { |file| load_file(file) if there?(file) }
    end

    # A request's `config`: settings are texts here, and `nrpe.conf_dir = …` is a table in TOML.
    def take(config, prefix = "")
      config.each do |key, value|
        name = prefix + key
        if value.is_a?(Hash) then take(value, "#{name}.")
        elsif (SWITCHES + TEXTS).include?(name) then set(name, value.to_s)
        else @pluginconf[name] = value.to_s
        end
      end
    end

    # Where plugins are looked for.
    def libdir
      $LOAD_PATH
    end

    private

    def there?(file)
      File.stat(file).file?
    rescue Errno::ENOENT, Errno::ENOTDIR
      false
    end

    def load_file(file)
      @configfile, @configdir, @configured = file, File.dirname(file), true
      each_setting(file) { |key, value| set(key, value) }
      folder = "#{@configdir}/plugin.d"
      return unless File.directory?(folder)

      Dir.children(folder).select { |name| name.end_with?(".cfg") }.sort.each do |name|
        each_setting("#{folder}/#{name}") { |key, value| @pluginconf["#{name.delete_suffix('.cfg')}.#{key}"] = value }
      end
    end

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
      when *TEXTS then instance_variable_set("@#{key}", value)
      end
    end
  end
end
