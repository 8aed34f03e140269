module MCollective
  module Agent
    class Guarded<RPC::Agent
      authorized_by :house_rules

      action("act") { reply[:done] = true }
      action("other") { reply[:done] = true }
    end
  end
end
