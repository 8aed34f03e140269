module MCollective
  module Util
    module Depot
      # Keeps them for as long as the process lives.
      class MemoryDepot<Base
        THINGS = {}

        def install
          raise "it is too heavy" if thing == "anvil"
          THINGS[thing] = "1.0"
        end

        def purge
          THINGS.delete(thing)
        end
      end
    end
  end
end
