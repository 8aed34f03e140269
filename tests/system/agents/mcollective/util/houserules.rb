module MCollective
  module Util
    class HouseRules
      def self.authorize(request)
        return if request.action == "act" && request.caller == "psk=ops"
        raise(RPCAborted, "You are not authorized to call this agent or action.")
      end
    end
  end
end
