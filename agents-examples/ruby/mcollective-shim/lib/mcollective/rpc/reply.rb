# frozen_string_literal: true

module MCollective
  module RPC
    # What an action says. Each output of the description is there from the beginning, with its default.
    class Reply
      EXCEPTIONS = { 1 => RPCAborted, 2 => UnknownRPCAction, 3 => MissingRPCData, 4 => InvalidRPCData }.freeze

      attr_accessor :statuscode, :statusmsg, :data

      def initialize(action, ddl)
        @statuscode, @statusmsg = 0, "OK"
        outputs = ddl.action_interface(action).fetch(:output, {})
        @data = SymbolHash.of(outputs.transform_values { |rules| Marshal.load(Marshal.dump(rules[:default])) })
      end

      def [](key)
        @data[key]
      end

      def []=(key, value)
        @data[key] = value
      end

      def fetch(key, default)
        @data.fetch(key, default)
      end

      def fail(message, code = 1)
        @statuscode, @statusmsg = code, message
      end

      def fail!(message, code = 1)
        fail(message, code)
        raise EXCEPTIONS.fetch(code, UnknownRPCError), message
      end

      def to_hash
        { statuscode: @statuscode, statusmsg: @statusmsg, data: @data }
      end
    end
  end
end
