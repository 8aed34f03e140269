# frozen_string_literal: true

# The part of MCollective that its agents see (2.13): what is not here, no agent of a node needs.
module MCollective
  VERSION = "2.13.0"

  def self.version
    VERSION
  end

  # Where agents define their classes.
  module Agent; end
end

require "mcollective/exceptions"
require "mcollective/log"
require "mcollective/util"
require "mcollective/config"
require "mcollective/pluginmanager"
require "mcollective/cache"
require "mcollective/facts"
require "mcollective/shell"
require "mcollective/validator"
require "mcollective/ddl"
require "mcollective/rpc"
