module MCollective
  module Agent
    class Broken<RPC::Agent
      authorized_by :nobody_knows

      action("act") { reply[:done] = true }
    end
  end
end
