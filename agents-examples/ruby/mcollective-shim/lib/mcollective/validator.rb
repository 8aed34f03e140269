# frozen_string_literal: true

require "ipaddr"

module MCollective
  # What `validate` takes: a class, one of the words below, a pattern, a list, or the name of a validator plugin.
  module Validator
    TYPES = { integer: [Integer], float: [Float], number: [Numeric], string: [String], boolean: [TrueClass, FalseClass] }.freeze
    NOT_SHELLSAFE = ["`", "$", ";", "|", "&&", ">", "<"].freeze

    class << self
      def validate(value, rule)
        case rule
        when Class then typecheck(value, rule)
        when *TYPES.keys then typecheck(value, rule)
        when Regexp, String then regex(value, rule)
        when Array then array(value, rule)
        when Symbol then by_name(rule, value)
        end
      rescue StandardError => e
        raise ValidatorError, e.message
      end

      def typecheck(value, type)
        classes = type.is_a?(Class) ? [type] : TYPES.fetch(type)
        refuse("value should be a #{type}") unless classes.any? { |each| value.is_a?(each) }
      end

      def regex(value, pattern)
        refuse("value should match #{pattern}") unless value.match(pattern)
      end

      def array(value, list)
        refuse("value should be one of #{list.join(', ')}") unless list.include?(value)
      end

      def length(value, limit)
        refuse("Input string is longer than #{limit} character(s)") if limit.positive? && value.size > limit
      end

      def shellsafe(value)
        typecheck(value, String)
        NOT_SHELLSAFE.each { |text| refuse("value should not have #{text} in it") if value.include?(text) }
      end

      def ipv4address(value)
        refuse("value should be an ipv4 address") unless address(value)&.ipv4?
      end

      def ipv6address(value)
        refuse("value should be an ipv6 address") unless address(value)&.ipv6?
      end

      # Validator plugins: mcollective/validator/NAME_validator.rb with a class NAMEValidator here.
      def [](name)
        constant = name.to_s.end_with?("Validator") ? name.to_s : "#{name.to_s.capitalize}Validator"
        PluginManager.find_and_load("validator") unless const_defined?(constant, false)
        const_get(constant, false)
      end

      private

      def by_name(name, value)
        return send(name, value) if %i[shellsafe ipv4address ipv6address].include?(name)

        self[name].validate(value)
      end

      def address(text)
        IPAddr.new(text)
      rescue IPAddr::Error
        nil
      end

      def refuse(message)
        raise ValidatorError, message
      end
    end
  end
end
