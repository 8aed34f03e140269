module MCollective
  module Validator
    class ColorValidator
      def self.validate(value)
        raise ValidatorError, "value should be a color" unless %w[red green blue].include?(value)
      end
    end
  end
end
