# What agents use of MCollective but the work of others: commands, scripts, checks, hooks, caches, failures.
module MCollective
  module Agent
    class Courier<RPC::Agent
      metadata :name => "courier", :timeout => 5

      activate_when do
        require "etc"
        !Etc.getpwuid(0).nil?
      end

      def startup_hook
        @hooks = ["startup"]
        Cache.setup(:courier, 60)
      end

      def before_processing_hook(msg, connection)
        @hooks << "before #{msg[:body][:action]}"
      end

      def after_processing_hook
        Log.info("after #{request.action}")
      end

      action "shout" do
        options = {:stdout => :out, :stderr => :err, :chomp => true, :stdin => "from stdin", :environment => {"FROM" => "courier"}}
        options[:timeout] = request[:patience] if request.include?(:patience)
        command = "cat; echo; echo #{shellescape(request.fetch(:message, 'nothing'))}; echo $FROM $LC_ALL >&2; sleep 3 >&- & %s; exit 3" % (request[:patience] ? "sleep 30" : "true")
        reply[:exitcode] = run(command, options)
      end

      action "deliver" do
        implemented_by "deliver.sh"
      end

      action "lost" do
        implemented_by "deliver.sh"
      end

      action "gone" do
        implemented_by "nowhere.sh"
      end

      action "check" do
        validate :address, :ipv4address
        validate :color, :color
        validate :color, %w[red green]
        validate :color, String
        validate :color, /^[a-z]+$/
      end

      action "who" do
        reply.data = {:caller => request.caller, :agent => request.agent}
        reply.data.merge!(:meta => meta[:version], :hooks => @hooks)
        reply[:time] = Time.at(0).utc
        raise "a cache" unless Cache.write(:courier, "key", 1) == 1 && Cache.read(:courier, "key") == 1
        raise "helpers" unless Util.str_to_bool("yes") && Util.versioncmp("1.10", "1.9") == 1 && Util.absolute_path?("/x")
      end

      action "fails" do
        reply[:out] = "half"
        reply.fail("as told", request[:code]) if request[:softly]
        reply.fail!("as told", request[:code]) unless request[:softly]
        reply[:out] = "whole"
      end

      action "breaks" do
        nothing.at_all
      end
    end
  end
end
