# frozen_string_literal: true

module Shim
  # What an agent of MCollective replied, as a reply of Hocket. It does not say whether it changed anything.
  class Reply < Hocket::Reply
    KINDS = { 1 => "aborted", 2 => "unknown_action", 3 => "missing_data", 4 => "invalid_data" }.freeze
    UNKNOWN = 5

    def initialize(reply, agent)
      super(plain(reply.data.to_h), message: reply.statusmsg.to_s)
      @statuscode = code_of(reply.statuscode)
      @agent = agent
    end

    def body
      body = { statuscode: @statuscode, statusmsg: message, data: data }
      return body if @statuscode.zero?

      body.merge(error: { kind: "#{@agent}/#{KINDS.fetch(@statuscode, 'failed')}", message: message, details: {} })
    end

    private

    # Only 0 is good. `run` gives -1 for a command that could not be started, and agents hand that on.
    def code_of(code)
      [0, *KINDS.keys].include?(code) ? code : UNKNOWN
    end

    # Anything that Marshal or YAML would carry, as JSON carries it.
    def plain(value)
      case value
      when Hash then value.to_h { |key, member| [key.to_s, plain(member)] }
      when Array then value.map { |element| plain(element) }
      when String, Symbol, Integer, true, false, nil then value
      when Float then value.finite? ? value : value.to_s
      else value.respond_to?(:to_ary) ? plain(value.to_ary) : value.to_s
      end
    end
  end
end
