#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/base/json.h"
#include "core/base/outcome.h"

namespace hocket::wire {

inline constexpr char k_reply_protocol[] = "io.hocket.reply.v1";

/// What went wrong, for programs and for people.
struct ReplyError {
    std::string kind;  ///< "disk/not_found" from an agent, "hocket/OUTCOME" from the runner
    std::string message;
    Json details = Json::object();
};

/// A reply as spec/protocol.md, messages, defines it.
struct Reply {
    std::string request;  ///< the request's id
    std::string request_sha256;
    std::string identity;
    std::string agent;
    std::string action;
    Outcome outcome = Outcome::ok;
    int statuscode = 0;
    std::string statusmsg = "OK";
    Json data = Json::object();
    std::optional<ReplyError> error;
    std::optional<bool> changed;
    std::optional<std::string> diff;  ///< what was changed, or would be with noop: text for people
    std::optional<std::string> stderr_tail;
    std::int64_t duration_ms = 0;
    std::string agent_version;
    std::string ddl_digest;
};

/// Errors: malformed_message, oversized_message. A word that is not a node's outcome is malformed.
Result<Reply> parse_reply(std::string_view payload);

std::string encode_reply(const Reply& reply);

}  // namespace hocket::wire
