# frozen_string_literal: true

module MCollective
  # The facts of the YAML files that the setting plugin.yaml names, with a colon between them. Later files win.
  module Facts
    class << self
      def get_facts
        files = Config.instance.pluginconf.fetch("yaml", "").split(":").select { |file| File.file?(file) }
        return {} if files.empty?

        require "date"
        require "yaml"
        files.reduce({}) do |facts, file|
          facts.merge(YAML.safe_load(File.read(file), permitted_classes: [Symbol, Date, Time], aliases: true) || {})
        end
      end

      def get_fact(fact = nil)
        fact ? get_facts[fact] : get_facts
      end
      alias [] get_fact

      def has_fact?(fact, value)
        get_fact(fact).to_s == value.to_s
      end
    end
  end

  PluginManager << { type: "facts_plugin", class: Facts }
end
