# frozen_string_literal: true

module MCollective
  module RPC
    # What agents derive their classes from.
    class Agent
      CODES = { RPCAborted => 1, UnknownRPCAction => 2, MissingRPCData => 3, InvalidRPCData => 4, DDLValidationError => 4 }.freeze

      attr_accessor :request, :reply, :agent_name
      attr_reader :logger, :config, :timeout, :ddl, :meta

      class << self
        def action(name, &block)
          raise "Need to pass a body for the action" unless block

          define_method("#{name}_action", &block)
        end

        def actions
          public_instance_methods.grep(/_action\z/).map { |name| name.to_s.delete_suffix("_action") }.sort
        end

        def activate_when(&block)
          define_singleton_method(:activate?, &block)
        end

        # Unless the agent says it itself, the settings do.
        def activate?
          config = Config.instance
          Util.str_to_bool(config.pluginconf.fetch("#{agent_name}.activate_agent", config.activate_agents))
        end

        # Deprecated in MCollective too: the description has it.
        def metadata(_data)
          Log.warn("metadata in an agent has no effect; its DDL has them")
        end

        # By a class of the libdirs that says who may: MCollective::Util::NAME.authorize(request).
        def authorized_by(plugin)
          name = plugin.to_s.split("_").map(&:capitalize).join
          PluginManager.loadclass("MCollective::Util::#{name}") unless Util.const_defined?(name, false)
          define_method(:authorization_hook) { |request| Util.const_get(name, false).authorize(request) }
        end

        def agent_name
          name.split("::").last.downcase
        end
      end

      def initialize
        @agent_name = self.class.agent_name
        @ddl = DDL.new(@agent_name)
        @meta = @ddl.meta
        @timeout = @meta.fetch(:timeout, 10)
        @logger, @config = Log.instance, Config.instance
        authorize_as_configured if @config.rpcauthorization
        startup_hook
      end

      # request: Hocket's. Returns the reply, whatever happens.
      def handle(request)
        @request = Request.new(request, @ddl)
        @reply = Reply.new(@request.action, @ddl)
        answering_exceptions { process }
        after_processing_hook
        @reply
      end

      private

      def authorize_as_configured
        raise "rpcauthorization is on, and no rpcauthprovider is set: nobody may call #{@agent_name}" if @config.rpcauthprovider.empty?

        self.class.authorized_by(@config.rpcauthprovider)
      end

      def process
        authorization_hook(@request) if respond_to?(:authorization_hook)
        before_processing_hook({ body: @request.to_hash, callerid: @request.caller, senderid: @request.sender }, nil)
        name = "#{@request.action}_action"
        raise UnknownRPCAction, "Unknown action '#{@request.action}' for agent '#{@request.agent}'" unless respond_to?(name)

        send(name)
      end

      def answering_exceptions
        yield
      rescue SignalException
        raise
      rescue Exception => e # as MCollective has it: SystemExit and ScriptError too
        code = CODES.fetch(e.class, 5)
        Log.error("#{@agent_name}##{@request.action} failed: #{e.class}: #{e.message}\n\t#{e.backtrace.to_a.join("\n\t")}") if code == 5
        @reply.fail(e.message, code)
      end

      def startup_hook; end

      def before_processing_hook(_message, _connection); end

      def after_processing_hook; end

      # ---- what actions call

      def validate(key, rule)
        raise MissingRPCData, "please supply a #{key} argument" unless @request.include?(key)

        Validator.validate(@request[key], rule)
      rescue ValidatorError => e
        raise InvalidRPCData, "Input #{key} did not pass validation: #{e.message}"
      end

      # Its exit code; -1 when it could not be started or a signal ended it. stdout, stderr: an output, or what takes `<<`.
      def run(command, options = {})
        targets = %i[stdout stderr].select { |name| options.key?(name) }.to_h { |name| [name, target_of(name, options[name], command)] }
        shell = Shell.new(command, options.slice(:stdin, :cwd, :environment, :timeout).merge(targets))
        shell.runcommand
        targets.each_value { |text| text.chomp! if text.is_a?(String) } if options[:chomp]
        shell.status&.exitstatus || -1
      end

      def target_of(name, wanted, command)
        return @reply[wanted] = String.new if wanted.is_a?(Symbol)

        @reply.fail!("#{name} should support << while calling run(#{command})") unless wanted.respond_to?(:<<)
        wanted
      end

      def shellescape(text)
        Util.shellescape(text)
      end

      def implemented_by(command, _format = :json)
        result = ActionRunner.new(command, @request).run
        @reply.data.merge!(result.data)
        return if result.exitstatus.zero?

        @reply.fail("Failed to run #{command}: #{result.stderr}", result.exitstatus.positive? ? result.exitstatus : 5)
      end
    end
  end
end
