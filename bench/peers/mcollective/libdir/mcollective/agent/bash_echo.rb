require "json"
require "mcollective/util/systemu_guard"

module MCollective
  module Agent
    # Runs the script that is Hocket's agent of the same name, and gives it the request that Hocket gives it.
    class Bash_echo < RPC::Agent
      REQUEST = %({"action":"go","inputs":{}}\n).freeze

      action "go" do
        answer = +""
        status = run(config.pluginconf["bash_echo.script"], :stdin => REQUEST, :stdout => answer)
        reply.fail!("the script ended with status #{status}") unless status.zero?
        reply[:text] = JSON.parse(answer)["data"]["text"]
      end
    end
  end
end
