module MCollective
  module Util
    module Depot
      class Base
        attr_reader :thing

        def initialize(thing)
          @thing = thing
        end
      end
    end
  end
end
