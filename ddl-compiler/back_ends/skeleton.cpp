#include "ddl-compiler/back_ends/skeleton.h"

#include "ddl-compiler/back_ends/skeleton_languages.h"

namespace hocket::ddl_compiler {

namespace {

Error refusal(const ddl::Agent& agent, const std::string& why) {
    const std::string contract(to_string(agent.run.contract));
    return {
        ErrorCode::unsupported, "agent '" + agent.metadata.name + "': contract " + contract + ": " + why, {}};
}

std::string skeleton_in(Language language, const ddl::Agent& agent) {
    switch (language) {
        case Language::bash: return bash_skeleton(agent);
        case Language::php: return php_skeleton(agent);
        case Language::python: return python_skeleton(agent);
        case Language::perl: return perl_skeleton(agent);
        case Language::ruby: return ruby_skeleton(agent);
        case Language::node: return node_skeleton(agent);
        case Language::go: return go_skeleton(agent);
    }
    return {};
}

}  // namespace

Result<std::string> write_skeleton(const ddl::Agent& agent, Language language) {
    switch (agent.run.contract) {
        case ddl::Contract::json: return skeleton_in(language, agent);
        case ddl::Contract::script:
            return refusal(agent,
                           "a script knows nothing of requests and replies, so there is nothing to begin it "
                           "with; write the program that `command` names, or say `contract: json`");
        case ddl::Contract::nagios:
            return refusal(
                agent,
                "a monitoring plugin knows nothing of requests and replies; write the program that "
                "`command` names, or say `contract: json`");
        case ddl::Contract::bolt:
            return refusal(agent,
                           "a Puppet Bolt task is a program of its own; say `contract: json` to write it "
                           "anew for hocketd");
        case ddl::Contract::choria:
            return refusal(agent,
                           "it is an external agent of Choria; take `provider: external` out of its "
                           "metadata to write it anew for hocketd");
        case ddl::Contract::worker:
            return refusal(
                agent,
                "a skeleton answers one request and ends; say `contract: json` until it works, then let it "
                "answer line after line (spec/agent.md, workers) or use a library that does");
    }
    return std::string();
}

}  // namespace hocket::ddl_compiler
