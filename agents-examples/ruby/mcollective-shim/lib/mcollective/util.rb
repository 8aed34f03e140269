# frozen_string_literal: true

require "shellwords"

module MCollective
  # Helpers that agents call.
  module Util
    module_function

    def shellescape(text)
      Shellwords.escape(text)
    end

    def str_to_bool(value)
      case value.to_s.strip
      when /\A(1|yes|true|y|t)\z/i then true
      when /\A(0|no|false|n|f)\z/i then false
      else raise "Cannot convert string value '#{value.to_s.strip}' into a boolean."
      end
    end

    def absolute_path?(path, *)
      path.start_with?("/")
    end

    def windows?
      false
    end

    def ruby_version
      RUBY_VERSION
    end

    def mcollective_version
      MCollective.version
    end

    def command_in_path?(command)
      ENV.fetch("PATH", "").split(":").any? { |folder| File.executable?(File.join(folder, command)) }
    end

    def loadclass(name)
      PluginManager.loadclass(name)
    end

    def get_fact(fact)
      Facts.get_fact(fact)
    end

    # classes: as Puppet writes them, one in a line. A text between slashes is a pattern.
    def has_cf_class?(wanted)
      pattern = wanted[%r{\A/(.+)/\z}, 1]
      File.foreach(Config.instance.classesfile).any? do |line|
        pattern ? line.chomp.match?(Regexp.new(pattern)) : line.chomp == wanted
      end
    rescue SystemCallError => e
      Log.warn("Parsing classes file failed: #{e.message}")
      false
    end

    # -1, 0 or 1, by the numbers and words of both.
    def versioncmp(left, right)
      parts = [left, right].map { |version| version.scan(/\d+|[^-.\d]+/) }
      longest = parts.map(&:size).max
      parts.each { |list| list.fill("", list.size...longest) }
      parts.transpose.each do |a, b|
        both_numbers = a.match?(/\A\d+\z/) && b.match?(/\A\d+\z/)
        order = both_numbers ? a.to_i <=> b.to_i : a.upcase <=> b.upcase
        return order unless order.zero?
      end
      left <=> right
    end
  end
end
