#include "core/base/names.h"

#include <algorithm>

#include "core/base/ascii.h"

namespace hocket {

namespace {

// Loops, not expressions: each message has a dozen of names, and a loop costs a tenth.
using Alphabet = bool (*)(char);

constexpr std::size_t k_max_name_bytes = 64;
constexpr std::size_t k_max_identity_bytes = 253;
constexpr std::size_t k_request_id_bytes = 26;

bool is_lower_or_digit(char byte) {
    return is_lower(byte) || is_digit(byte);
}

bool is_in_label(char byte) {
    return is_lower_or_digit(byte) || byte == '_' || byte == '-';
}

bool is_in_key_name(char byte) {
    return is_letter_or_digit(byte) || byte == '_' || byte == '.' || byte == '@' || byte == '-';
}

/// Crockford's digits.
bool is_in_request_id(char byte) {
    return is_digit(byte) || (is_upper(byte) && byte != 'I' && byte != 'L' && byte != 'O' && byte != 'U');
}

bool is_name(std::string_view text, Alphabet alphabet) {
    return !text.empty() && text.size() <= k_max_name_bytes && std::ranges::all_of(text, alphabet);
}

}  // namespace

bool is_agent_name(std::string_view text) {
    return is_name(text, [](char byte) { return is_lower_or_digit(byte) || byte == '_'; });
}

bool is_action_name(std::string_view text) {
    return is_agent_name(text);
}

bool is_input_name(std::string_view text) {
    return is_name(text, [](char byte) { return is_letter_or_digit(byte) || byte == '_'; });
}

bool is_collective_name(std::string_view text) {
    return is_name(text, is_in_label) && is_lower_or_digit(text.front());
}

bool is_identity(std::string_view text) {
    const auto is_good = [](char byte) { return is_in_label(byte) || byte == '.'; };
    return !text.empty() && text.size() <= k_max_identity_bytes && std::ranges::all_of(text, is_good) &&
           text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos;
}

bool is_caller(std::string_view text) {
    const std::size_t scheme_end = text.find('=');
    if (scheme_end == std::string_view::npos) return false;
    const std::string_view scheme = text.substr(0, scheme_end);
    return (scheme == "psk" || scheme == "cert") && is_key_name(text.substr(scheme_end + 1));
}

bool is_key_name(std::string_view text) {
    return is_name(text, is_in_key_name) && is_letter_or_digit(text.front());
}

bool is_request_id(std::string_view text) {
    // 26 characters hold 130 bits: the first one may use only three of its five.
    return text.size() == k_request_id_bytes && text.front() <= '7' &&
           std::ranges::all_of(text, is_in_request_id);
}

bool is_builtin_agent(std::string_view name) {
    return name == "discovery" || name == "rpcutil";
}

}  // namespace hocket
