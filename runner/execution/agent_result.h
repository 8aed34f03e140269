#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "core/base/json.h"
#include "core/base/outcome.h"
#include "core/wire/reply.h"

namespace hocket::execution {

/// What a call came to, whoever answered it: an agent's process, a built-in agent, or a refusal.
struct AgentResult {
    Outcome outcome = Outcome::ok;
    int statuscode = 0;
    std::string statusmsg = "OK";
    Json data = Json::object();
    std::optional<wire::ReplyError> error;
    std::optional<bool> changed;
    std::optional<std::string> diff;
    std::optional<std::string> stderr_tail;
};

/// The reply to a request that was refused or that failed outside of the agent: the error's outcome (see
/// core/base/error.h), kind "hocket/OUTCOME", and every violation in the details.
AgentResult refusal(const Error& error);

}  // namespace hocket::execution
