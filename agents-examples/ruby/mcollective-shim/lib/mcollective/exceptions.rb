# frozen_string_literal: true

module MCollective
  class DDLValidationError < RuntimeError; end
  class ValidatorError < RuntimeError; end
  class RPCError < StandardError; end
  # statuscode 1 to 5, in this order
  class RPCAborted < RPCError; end
  class UnknownRPCAction < RPCError; end
  class MissingRPCData < RPCError; end
  class InvalidRPCData < RPCError; end
  class UnknownRPCError < RPCError; end
end
