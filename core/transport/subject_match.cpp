#include "core/transport/subject_match.h"

namespace hocket::transport {

namespace {

std::string_view take_token(std::string_view& subject) {
    const std::size_t dot = subject.find('.');
    const std::string_view token = subject.substr(0, dot);
    subject.remove_prefix(dot == std::string_view::npos ? subject.size() : dot + 1);
    return token;
}

}  // namespace

bool subject_matches(std::string_view pattern, std::string_view subject) {
    while (!pattern.empty() && !subject.empty()) {
        const std::string_view expected = take_token(pattern);
        if (expected == ">" && pattern.empty()) return true;
        const std::string_view token = take_token(subject);
        if (expected != "*" && expected != token) return false;
    }
    return pattern.empty() && subject.empty();
}

}  // namespace hocket::transport
