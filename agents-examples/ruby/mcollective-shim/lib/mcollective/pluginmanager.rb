# frozen_string_literal: true

module MCollective
  # Finds classes of plugins by their names, and keeps those that are registered.
  module PluginManager
    @plugins = {}

    class << self
      # { type: "name", class: "Name" or an object }
      def <<(plugin)
        @plugins[plugin[:type]] = plugin[:class]
      end

      def [](type)
        plugin = @plugins.fetch(type) { raise "No plugin #{type} defined" }
        plugin = @plugins[type] = Object.const_get(plugin).new if plugin.is_a?(String)
        plugin
      end

      def include?(type)
        @plugins.key?(type)
      end

      def pluginlist
        @plugins.keys.sort
      end

      # "MCollective::Util::Package::AptPackage" is in mcollective/util/package/aptpackage.rb of a libdir.
      def loadclass(name, squash_failures = false)
        load("#{name.gsub('::', '/').downcase}.rb")
      rescue Exception => e
        Log.error("Failed to load #{name}: #{e.message}")
        raise unless squash_failures
      end

      # The names of the plugins of a kind.
      def find(kind, extension = "rb")
        suffix = ".#{extension.delete_prefix('.')}"
        files = Config.instance.libdir.flat_map { |folder| Dir.glob("#{folder}/mcollective/#{kind}/*#{suffix}") }
        files.map { |file| File.basename(file, suffix) }.sort.uniq
      end

      def find_and_load(kind, extension = "rb")
        find(kind, extension).each do |name|
          next if block_given? && !yield(name)

          loadclass("MCollective::#{kind.capitalize}::#{name.capitalize}", true)
        end
      end
    end
  end
end
