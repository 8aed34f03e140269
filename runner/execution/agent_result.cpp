#include "runner/execution/agent_result.h"

namespace hocket::execution {

AgentResult refusal(const Error& error) {
    AgentResult result;
    result.outcome = disposition(error.code).outcome;
    result.statuscode = statuscode(result.outcome);
    result.statusmsg = error.message;
    Json details = Json::object();
    for (const Violation& violation : error.violations) {
        details["violations"].push_back(
            {{"pointer", violation.pointer}, {"rule", violation.rule}, {"message", violation.message}});
    }
    result.error =
        wire::ReplyError{"hocket/" + std::string(to_string(result.outcome)), error.message, details};
    return result;
}

}  // namespace hocket::execution
