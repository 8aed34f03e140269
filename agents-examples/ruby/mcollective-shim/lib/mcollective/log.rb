# frozen_string_literal: true

module MCollective
  # To standard error, which is the log of an agent.
  class Log
    LEVELS = { debug: 0, info: 1, warn: 2, error: 3, fatal: 4 }.freeze

    class << self
      LEVELS.each_key { |level| define_method(level) { |message| log(level, message) } }

      # As MCollective has it: the class is the logger.
      def instance
        self
      end
      alias logger instance

      def level=(name)
        @level = LEVELS.fetch(name.to_sym, LEVELS[:info])
      end

      def log(level, message)
        raise "Unknown log level" unless LEVELS.key?(level)
        return if LEVELS[level] < (@level || LEVELS[:info])

        place = caller_locations.find { |location| location.path != __FILE__ }
        $stderr.puts("#{level}: #{File.basename(place.path)}:#{place.lineno}: #{message}")
      end
    end
  end
end
