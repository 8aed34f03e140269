#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hocket::wire {

/// The subjects of spec/protocol.md:
///
///     hocket.C.all.AGENT                  broadcast
///     hocket.C.node.AGENT.IDENTITY        one node; the identity's dots make several tokens
///     hocket.C.reply.CALLER.ID.TOKEN      replies; TOKEN is a target index or "all"
///     hocket.C.reply.CALLER.SESSION.ID.TOKEN
///                                         the same for a caller with one subscription for many requests
///
/// Every builder asserts that its parts are valid names: nothing unchecked becomes a subject.

std::string all_subject(std::string_view collective, std::string_view agent);
std::string node_subject(std::string_view collective, std::string_view agent, std::string_view identity);

/// What a node subscribes to for itself: every agent.
std::string node_subscription(std::string_view collective, std::string_view identity);

/// `index` is the place in `targets`; none stands for "all". `session` may be empty.
std::string reply_subject(std::string_view collective, std::string_view caller, std::string_view request_id,
                          std::optional<std::size_t> index, std::string_view session = "");

/// What a caller subscribes to for the replies to all requests of a session.
std::string session_subscription(std::string_view collective, std::string_view caller,
                                 std::string_view session);

/// Whether it is a caller's name for one of its sessions: [A-Za-z0-9_-]{1,32}.
bool is_session(std::string_view text);

/// A caller as one token: each '.' becomes "%2E".
std::string caller_token(std::string_view caller);

/// A parsed subject on which a node takes requests.
struct RequestSubject {
    std::string collective;
    std::string agent;
    std::optional<std::string> identity;  ///< only on node subjects
};

/// Errors: subject_mismatch.
Result<RequestSubject> parse_request_subject(std::string_view subject);

/// The target index at the end of a reply subject; none for "all" or anything else.
std::optional<std::size_t> reply_index(std::string_view subject);

/// The session in a reply subject; empty when there is none.
std::string reply_session(std::string_view subject);

}  // namespace hocket::wire
