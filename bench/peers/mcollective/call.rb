# Calls an action on named nodes again and again from one client, and prints how many microseconds each call took:
# call.rb AGENT ACTION COUNT NODE…
# The nodes are given, so nothing is discovered and each gets its request directly. ~/.mcollective is the configuration.
require "mcollective"

include MCollective::RPC

def client_of(agent, nodes)
  client = rpcclient(agent, :options => MCollective::Util.default_options, :exit_on_failure => false)
  client.progress = false
  client.discover(:nodes => nodes)
  client
end

def check(replies, nodes)
  missing = nodes - replies.map { |reply| reply[:sender] }
  abort("call.rb: no reply from #{missing.join(", ")}") unless missing.empty?
  failed = replies.find { |reply| reply[:statuscode] != 0 }
  abort("call.rb: #{failed[:sender]}: #{failed[:statusmsg]}") if failed
end

def microseconds
  began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  yield
  (Process.clock_gettime(Process::CLOCK_MONOTONIC) - began) * 1e6
end

agent, action, count, *nodes = ARGV
client = client_of(agent, nodes)
Integer(count).times do
  replies = nil
  puts format("%.1f", microseconds { replies = client.public_send(action) })
  check(replies, nodes)
end
client.disconnect
