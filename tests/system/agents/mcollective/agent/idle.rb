module MCollective
  module Agent
    class Idle<RPC::Agent
      activate_when { File.exist?("/no/such/file") }

      action("act") { reply[:done] = true }
    end
  end
end
