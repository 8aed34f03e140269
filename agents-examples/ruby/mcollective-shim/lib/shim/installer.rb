# frozen_string_literal: true

require "fileutils"
require "json"
require "open3"
require "tmpdir"

module Shim
  # Makes an agent's folder: its description, a link to the shim, and a link to where its Ruby files are.
  class Installer
    USAGE = "usage: mcollective-shim install AGENT.ddl FOLDER\n"
    RUN = { "contract" => "worker", "worker" => { "idle" => 300 } }.freeze

    class Refusal < StandardError; end

    def self.main(words, shim)
      command, ddl, target, *rest = words
      unless command == "install" && target && rest.empty?
        warn USAGE
        return 64
      end
      new(File.expand_path(ddl), File.expand_path(target), shim).install
      0
    rescue Refusal, SystemCallError => e
      warn "mcollective-shim: #{e.message}"
      1
    end

    def initialize(ddl, target, shim)
      @ddl, @shim = ddl, shim
      @name = File.basename(ddl, ".ddl")
      @folder = File.join(target, @name)
    end

    def install
      raise Refusal, "#{@folder} exists already; remove it to make it anew" if File.exist?(@folder)

      program = @ddl.sub(/\.ddl\z/, ".rb")
      raise Refusal, "#{program} does not exist: the agent's program lies beside its .ddl" unless File.file?(program)

      description = compiled
      FileUtils.mkdir_p(@folder)
      File.write(File.join(@folder, "#{@name}.json"), JSON.pretty_generate(description) << "\n")
      link_sources
      File.symlink(@shim, File.join(@folder, @name))
      puts "#{@folder}: #{description['actions'].size} action(s); name #{File.dirname(@folder)} in [agents] folders"
    end

    private

    def compiled
      Dir.mktmpdir do |folder|
        said, status = Open3.capture2e("hocketc", "compile", @ddl, "--emit", "json", "-o", folder)
        $stderr.print(said)
        raise Refusal, "hocketc cannot read #{@ddl}" unless status.success?

        JSON.parse(File.read(File.join(folder, "#{@name}.json"))).merge("run" => RUN)
      end
    rescue Errno::ENOENT
      raise Refusal, "hocketc is not there: install it, or put its folder into PATH"
    end

    # LIBDIR/mcollective/agent/X.ddl, or ROOT/agent/X.ddl as in a repository: what it requires is found from there.
    def link_sources
      agents = File.dirname(@ddl)
      root = File.dirname(agents)
      if File.basename(agents) != "agent"
        File.symlink(@ddl.sub(/\.ddl\z/, ".rb"), File.join(@folder, "#{@name}.rb"))
      elsif File.basename(root) == "mcollective"
        File.symlink(File.dirname(root), File.join(@folder, "lib"))
      else
        File.symlink(root, File.join(@folder, "mcollective"))
      end
    end
  end
end
