# frozen_string_literal: true

require "json"

module MCollective
  # The agent's description, which Hocket has made of its .ddl: NAME.json or NAME.yaml in the agent's folder.
  class DDL
    class << self
      attr_accessor :folder
    end

    attr_reader :meta, :pluginname

    # kind: agents have a description and nothing else.
    def initialize(name, _kind = :agent, _loadddl = true)
      @pluginname = name
      document = read(File.join(self.class.folder, name))
      @meta = symbols(document.fetch("metadata"))
      @interfaces = document.fetch("actions").to_h { |action| [action.fetch("action"), interface_of(action)] }
    end

    def actions
      @interfaces.keys
    end

    def action_interface(name)
      @interfaces.fetch(name.to_s) { {} }
    end

    private

    def read(base)
      return JSON.parse(File.read("#{base}.json")) if File.file?("#{base}.json")

      require "yaml"
      YAML.safe_load(File.read("#{base}.yaml"), aliases: true)
    end

    def symbols(hash)
      hash.transform_keys(&:to_sym)
    end

    def interface_of(action)
      fields = %w[input output].to_h do |kind|
        [kind.to_sym, symbols(action.fetch(kind, nil) || {}).transform_values { |rules| symbols(rules) }]
      end
      { action: action["action"], description: action["description"], display: action.fetch("display", "failed").to_sym }.merge(fields)
    end
  end
end
