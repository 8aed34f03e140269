#include "core/wire/subject.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/names.h"
#include "core/base/text.h"

namespace hocket::wire {

namespace {

constexpr std::string_view k_prefix = "hocket";
constexpr std::size_t k_max_session_length = 32;
constexpr int k_tokens_with_session = 7;
constexpr int k_session_token = 4;

std::string subject_of(std::string_view collective, std::string_view kind) {
    assert(is_collective_name(collective));
    return std::string(k_prefix) + '.' + std::string(collective) + '.' + std::string(kind);
}

std::string replies_of(std::string_view collective, std::string_view caller, std::string_view session) {
    assert(is_caller(caller) && (session.empty() || is_session(session)));
    std::string subject = subject_of(collective, "reply") + '.' + caller_token(caller);
    if (!session.empty()) subject.append(".").append(session);
    return subject;
}

Error mismatch(std::string_view subject) {
    return {ErrorCode::subject_mismatch, "subject " + quote_bytes(subject) + " is not one for requests", {}};
}

}  // namespace

std::string all_subject(std::string_view collective, std::string_view agent) {
    assert(is_agent_name(agent));
    return subject_of(collective, "all") + '.' + std::string(agent);
}

std::string node_subject(std::string_view collective, std::string_view agent, std::string_view identity) {
    assert(is_agent_name(agent) && is_identity(identity));
    return subject_of(collective, "node") + '.' + std::string(agent) + '.' + std::string(identity);
}

std::string node_subscription(std::string_view collective, std::string_view identity) {
    assert(is_identity(identity));
    return subject_of(collective, "node") + ".*." + std::string(identity);
}

std::string reply_subject(std::string_view collective, std::string_view caller, std::string_view request_id,
                          std::optional<std::size_t> index, std::string_view session) {
    assert(is_request_id(request_id));
    return replies_of(collective, caller, session) + '.' + std::string(request_id) + '.' +
           (index ? std::to_string(*index) : "all");
}

std::string session_subscription(std::string_view collective, std::string_view caller,
                                 std::string_view session) {
    return replies_of(collective, caller, session) + ".*.*";
}

bool is_session(std::string_view text) {
    const auto is_usual = [](char each) { return is_letter_or_digit(each) || each == '_' || each == '-'; };
    return !text.empty() && text.size() <= k_max_session_length &&
           std::all_of(text.begin(), text.end(), is_usual);
}

std::string caller_token(std::string_view caller) {
    std::string token;
    for (const char character : caller) {
        if (character == '.') {
            token += "%2E";
        } else {
            token.push_back(character);
        }
    }
    return token;
}

Result<RequestSubject> parse_request_subject(std::string_view subject) {
    const std::vector<std::string> tokens = split(subject, '.');
    if (tokens.size() < 4 || tokens[0] != k_prefix || !is_collective_name(tokens[1]) ||
        !is_agent_name(tokens[3])) {
        return mismatch(subject);
    }
    RequestSubject parsed{tokens[1], tokens[3], std::nullopt};
    if (tokens[2] == "all" && tokens.size() == 4) return parsed;
    if (tokens[2] != "node" || tokens.size() < 5) return mismatch(subject);
    parsed.identity = join(std::span(tokens).subspan(4), ".");
    if (!is_identity(*parsed.identity)) return mismatch(subject);
    return parsed;
}

std::optional<std::size_t> reply_index(std::string_view subject) {
    const std::size_t dot = subject.rfind('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const std::string_view token = subject.substr(dot + 1);
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
    return index;
}

std::string reply_session(std::string_view subject) {
    if (std::ranges::count(subject, '.') != k_tokens_with_session - 1) return {};
    for (int token = 0; token < k_session_token; ++token)
        subject.remove_prefix(subject.find('.') + 1);
    const std::string_view session = subject.substr(0, subject.find('.'));
    return is_session(session) ? std::string(session) : std::string();
}

}  // namespace hocket::wire
