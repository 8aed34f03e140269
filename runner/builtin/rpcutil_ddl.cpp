#include "runner/builtin/rpcutil.h"

namespace hocket::builtin {

std::string_view Rpcutil::ddl_text() const {
    return R"(
metadata:
  name: rpcutil
  description: What a node tells about itself
  author: The Hocket authors
  license: Apache-2.0
  version: "1.0.0"
  url: https://hocket.io
  timeout: 2
run:
  contract: json
actions:
  - action: ping
    description: Answers with the node's time
    display: always
    safety: read_only
    idempotent: true
    input: {}
    output:
      pong: {description: The node's time in Unix seconds, display_as: Timestamp, type: integer}

  - action: inventory
    description: Agents, classes, collectives and facts of the node
    display: always
    safety: read_only
    idempotent: true
    input: {}
    output:
      agents: {description: Names of the agents, display_as: Agents, type: array}
      classes: {description: Classes of the node, display_as: Classes, type: array}
      collectives: {description: Collectives that the node has joined, display_as: Collectives, type: array}
      main_collective: {description: The first of them, display_as: Main collective, type: string}
      facts: {description: Facts that are not private, display_as: Facts, type: hash}
      version: {description: The version of hocketd, display_as: Version, type: string}
      data_plugins: {description: Names of the data plugins, display_as: Data plugins, type: array}
      machines: {description: Always empty; tools for Choria expect it, display_as: Machines, type: array}
      upgradable: {description: Always false; tools for Choria expect it, display_as: Upgradable, type: boolean}

  - action: get_fact
    description: One fact
    display: always
    safety: read_only
    idempotent: true
    input:
      fact:
        prompt: Fact
        description: The fact's name; dots lead into structures, as in os.family
        type: string
        validation: '.+'
        maxlength: 512
    output:
      fact: {description: The name asked for, display_as: Fact, type: string}
      value: {description: Its value; null when the node has no such fact, display_as: Value}
    aggregate:
      - {function: summary, args: [value]}

  - action: get_facts
    description: Several facts
    display: always
    safety: read_only
    idempotent: true
    input:
      facts:
        prompt: Facts
        description: Names separated by commas
        type: string
        validation: '\A[^\n,]+(\s*,\s*[^\n,]+)*\z'
        maxlength: 2000
    output:
      values: {description: The values by name; null for those that the node has not, display_as: Values, type: hash}

  - action: agent_inventory
    description: The agents with their versions
    display: always
    safety: read_only
    idempotent: true
    input: {}
    output:
      agents: {description: One object for each agent, display_as: Agents, type: array}

  - action: agent_ddl
    description: The DDL of an agent as this node has it
    display: always
    safety: read_only
    idempotent: true
    input:
      agent:
        prompt: Agent
        description: The agent's name
        type: string
        validation: '\A[a-z0-9_]+\z'
        maxlength: 64
    output:
      agent: {description: The name asked for, display_as: Agent, type: string}
      digest: {description: SHA-256 of the DDL, display_as: Digest, type: string}
      ddl: {description: The canonical JSON of the DDL, display_as: DDL, type: string}

  - action: collective_info
    description: The collectives that the node has joined
    display: always
    safety: read_only
    idempotent: true
    input: {}
    output:
      main_collective: {description: The first of them, display_as: Main collective, type: string}
      collectives: {description: All of them, display_as: Collectives, type: array}

  - action: daemon_stats
    description: What hocketd has done since its start
    display: always
    safety: read_only
    idempotent: true
    input: {}
    output:
      agents: {description: Names of the agents, display_as: Agents, type: array}
      configfile: {description: The configuration file, display_as: Config File, type: string}
      denied: {description: Requests that no allow rule permits, display_as: Denied, type: integer}
      dropped: {description: Messages that came faster than they were taken, display_as: Dropped, type: integer}
      duplicates: {description: Requests that were repeated, display_as: Duplicates, type: integer}
      events: {description: Events published, display_as: Events, type: integer}
      filtered: {description: Requests meant for other nodes, display_as: Filtered, type: integer}
      outcomes: {description: Replies by outcome, display_as: Outcomes, type: hash}
      passed: {description: Requests admitted, display_as: Passed, type: integer}
      pid: {description: Process id, display_as: PID, type: integer}
      replies: {description: Replies sent, display_as: Replies, type: integer}
      starttime: {description: Unix seconds of the start, display_as: Start Time, type: integer}
      threads: {description: Names of the threads, display_as: Threads, type: array}
      times: {description: CPU seconds, display_as: Times, type: hash}
      total: {description: Messages received, display_as: Total Messages, type: integer}
      ttlexpired: {description: Requests that came too late or too early, display_as: TTL Expired, type: integer}
      unvalidated: {description: Messages dropped without an answer, display_as: Unvalidated, type: integer}
      validated: {description: Requests verified, display_as: Validated, type: integer}
      version: {description: The version of hocketd, display_as: Version, type: string}

  - action: get_data
    description: One query of a data plugin; the outputs are those of the plugin
    display: always
    safety: read_only
    idempotent: true
    timeout: 60
    input:
      source:
        prompt: Data plugin
        description: The plugin's name, as in fact
        type: string
        validation: '\A[a-z0-9_]+\z'
        maxlength: 64
      query:
        prompt: Query
        description: What the plugin is asked for, as text; some take none
        type: string
        validation: ''
        maxlength: 4096
        optional: true
    output: {}

  - action: get_config_item
    description: One item of the configuration, from a list of harmless ones
    display: always
    safety: read_only
    idempotent: true
    input:
      item:
        prompt: Item
        description: The item's name, as in limits.max_parallel
        type: string
        validation: '\A[a-z_.]+\z'
        maxlength: 120
    output:
      item: {description: The name asked for, display_as: Item, type: string}
      value: {description: Its value, display_as: Value}
)";
}

}  // namespace hocket::builtin
