module MCollective
  module Agent
    # The shape of the package and service agents: the work is done by a class that the configuration names.
    class Depot<RPC::Agent
      action 'install' do
        Depot.do_action(:install, request, reply)
      end

      action 'purge' do
        Depot.do_action(:purge, request, reply)
        reply.fail!("Thing is not there") if reply[:ensure].nil?
      end

      action "provider" do
        settings = Depot.configuration
        reply[:name] = Depot.provider_class(settings.fetch("provider", "memory")).to_s
        reply[:settings] = settings
      end

      def self.configuration
        prefix = "depot."
        Config.instance.pluginconf.select { |key, _| key.start_with?(prefix) }.map do |key, value|
          [key.sub(prefix, ""), value]
        end.to_h
      end

      def self.provider_class(name)
        provider = "%sDepot" % name.capitalize
        PluginManager.loadclass("MCollective::Util::Depot::#{provider}") unless Util::Depot.const_defined?(provider)
        Util::Depot.const_get(provider)
      end

      def self.do_action(verb, request, reply)
        provider = provider_class(configuration.fetch("provider", "memory")).new(request[:thing])
        reply["ensure"] = provider.send(verb)
        reply[:notes] << "#{verb} #{request.data[:thing]}"
      rescue => e
        reply.fail!("Could not #{verb} #{request['thing']}: #{e}")
      end
    end
  end
end

require "mcollective/util/depot/base"
