# frozen_string_literal: true

module MCollective
  module RPC
    # A hash of symbols that also answers to the same names as strings: agents are written in both ways.
    class SymbolHash < Hash
      def self.of(hash)
        new.merge!(hash)
      end

      def []=(key, value)
        super(symbol(key), value)
      end
      alias store []=

      def [](key)
        super(symbol(key))
      end

      def fetch(key, *default, &block)
        super(symbol(key), *default, &block)
      end

      def key?(key)
        super(symbol(key))
      end
      alias include? key?
      alias has_key? key?
      alias member? key?

      def delete(key, &block)
        super(symbol(key), &block)
      end

      def dig(key, *rest)
        super(symbol(key), *rest)
      end

      def merge!(*others)
        others.each { |other| other.each { |key, value| self[key] = value } }
        self
      end
      alias update merge!

      private

      def symbol(key)
        key.is_a?(String) ? key.to_sym : key
      end
    end
  end
end
