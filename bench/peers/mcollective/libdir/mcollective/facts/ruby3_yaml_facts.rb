require "yaml"

module MCollective
  module Facts
    # Does what yaml_facts does, on Ruby 3.1 too: there YAML.safe_load takes its permissions by name only, and
    # yaml_facts gives them by position, so that it never has any facts.
    class Ruby3_yaml_facts < Base
      def load_facts_from_source
        fact_files.map { |file| read_facts(file) }.reduce({}, :merge)
      end

      def force_reload?
        times = fact_files.map { |file| File.mtime(file) }
        changed = times != @times
        @times = times
        changed
      end

      private

      def fact_files
        Config.instance.pluginconf["yaml"].split(File::PATH_SEPARATOR)
      end

      def read_facts(file)
        YAML.safe_load(File.read(file), :permitted_classes => [Symbol], :aliases => true)
      end
    end
  end
end
