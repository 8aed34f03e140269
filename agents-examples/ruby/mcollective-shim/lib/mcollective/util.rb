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

    # -1, 0 or 1, part by part, as Puppet has it: `-` comes before everything, `.` before all but that, numbers by their value
    # unless one begins with 0, words by their letters.
    def versioncmp(left, right)
      parts = [left, right].map { |version| version.scan(/[-.]|\d+|[^-.\d]+/) }
      parts[0].zip(parts[1]).each do |a, b|
        break if b.nil?
        next if a == b

        return versioncmp_parts(a, b)
      end
      left <=> right
    end

    def versioncmp_parts(left, right)
      %w[- .].each do |separator|
        return -1 if left == separator
        return 1 if right == separator
      end
      both_numbers = [left, right].all? { |part| part.match?(/\A[1-9]\d*\z/) }
      both_numbers ? left.to_i <=> right.to_i : left.upcase <=> right.upcase
    end
  end
end
