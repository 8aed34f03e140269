# frozen_string_literal: true

require "mcollective/rpc/symbol_hash"
require "mcollective/rpc/request"
require "mcollective/rpc/reply"
require "mcollective/rpc/actionrunner"
require "mcollective/rpc/agent"
