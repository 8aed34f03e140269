module MCollective
  module Agent
    class Plain<RPC::Agent
      action("act") { reply[:done] = true }
      action("other") { reply[:done] = true }
    end
  end
end
