# frozen_string_literal: true

require "json"

module MCollective
  module RPC
    # What a caller wants. Its inputs are valid already.
    class Request
      attr_accessor :time, :action, :data, :sender, :agent, :uniqid, :caller, :ddl

      # request: Hocket's.
      def initialize(request, ddl)
        envelope = request.envelope
        @time = Time.now.to_i
        @agent, @action, @ddl = request.agent, request.action, ddl
        @data = SymbolHash.of(request.inputs)
        @caller = envelope.fetch("caller", "unknown")
        @sender = @caller
        @uniqid = envelope.fetch("request_id", "")
      end

      def include?(key)
        @data.include?(key)
      end

      def [](key)
        @data[key]
      end

      def fetch(key, default)
        @data.fetch(key, default)
      end

      def should_respond?
        true
      end

      def to_hash
        { agent: @agent, action: @action, data: @data }
      end

      def to_json(*options)
        to_hash.merge(sender: @sender, callerid: @caller, uniqid: @uniqid).to_json(*options)
      end
    end
  end
end
