#include "runner/builtin/discovery.h"

#include <nlohmann/json.hpp>

#include "hocket_version.h"

namespace hocket::builtin {

std::string_view Discovery::ddl_text() const {
    return R"(
metadata:
  name: discovery
  description: Tells who is there
  author: The Hocket authors
  license: Apache-2.0
  version: "1.0.0"
  url: https://hocket.io
  timeout: 2
run:
  contract: json
actions:
  - action: discover
    description: Answers when the request's filter holds for this node
    display: always
    safety: read_only
    idempotent: true
    input:
      agent:
        prompt: Agent
        description: The agent whose DDL digest is wanted
        type: string
        validation: '\A[a-z0-9_]+\z'
        maxlength: 64
        optional: true
    output:
      ddl_digest:
        description: SHA-256 of the agent's canonical DDL; empty when this node has not that agent
        display_as: DDL digest
        type: string
      version:
        description: The version of hocketd
        display_as: Version
        type: string
)";
}

Result<BuiltinAgent::Answer> Discovery::call(const agents::ValidCall& call) {
    std::string digest;
    if (const auto name = call.inputs().reveal().find("agent"); name != call.inputs().reveal().end()) {
        if (const auto agent = node_.agents.find(name->get_ref<const std::string&>()))
            digest = agent->ddl_digest;
    }
    return Answer(Json{{"ddl_digest", digest}, {"version", k_version}});
}

}  // namespace hocket::builtin
