#include "core/base/names.h"

#include "core/base/regex.h"

namespace hocket {

bool is_agent_name(std::string_view text) {
    static const Regex regex = Regex::compile("[a-z0-9_]{1,64}").value();
    return regex.full_match(text);
}

bool is_action_name(std::string_view text) {
    return is_agent_name(text);
}

bool is_input_name(std::string_view text) {
    static const Regex regex = Regex::compile("[A-Za-z0-9_]{1,64}").value();
    return regex.full_match(text);
}

bool is_collective_name(std::string_view text) {
    static const Regex regex = Regex::compile("[a-z0-9][a-z0-9_-]{0,63}").value();
    return regex.full_match(text);
}

bool is_identity(std::string_view text) {
    static const Regex regex = Regex::compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*").value();
    return text.size() <= 253 && regex.full_match(text);
}

bool is_caller(std::string_view text) {
    static const Regex regex = Regex::compile("(psk|cert)=[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}").value();
    return regex.full_match(text);
}

bool is_key_name(std::string_view text) {
    static const Regex regex = Regex::compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}").value();
    return regex.full_match(text);
}

bool is_request_id(std::string_view text) {
    // 26 characters hold 130 bits: the first one may use only three of its five.
    static const Regex regex = Regex::compile("[0-7][0-9A-HJKMNP-TV-Z]{25}").value();
    return regex.full_match(text);
}

bool is_builtin_agent(std::string_view name) {
    return name == "discovery" || name == "rpcutil";
}

}  // namespace hocket
