#include "core/base/regex.h"

#include <re2/re2.h>

namespace hocket {

namespace {

// A pattern comes from a DDL or from a request's filter: what it may cost is bounded.
constexpr int k_max_program_bytes = 1 << 20;

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

Regex::Regex(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}

Result<Regex> Regex::compile(std::string_view pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(k_max_program_bytes);
    auto compiled = std::make_shared<const re2::RE2>(piece(pattern), options);
    if (!compiled->ok()) {
        return Error{
            ErrorCode::usage,
            "regular expression '" + std::string(pattern) + "' is not valid RE2: " + compiled->error(),
            {}};
    }
    return Regex(std::move(compiled));
}

bool Regex::full_match(std::string_view text) const {
    return re2::RE2::FullMatch(piece(text), *compiled_);
}

bool Regex::search(std::string_view text) const {
    return re2::RE2::PartialMatch(piece(text), *compiled_);
}

const std::string& Regex::pattern() const {
    return compiled_->pattern();
}

std::vector<std::string> Regex::group_names() const {
    std::vector<std::string> names;
    for (const auto& [name, index] : compiled_->NamedCapturingGroups())
        names.push_back(name);
    return names;
}

std::optional<std::map<std::string, std::string>> Regex::capture(std::string_view text) const {
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(compiled_->NumberOfCapturingGroups()) + 1);
    if (!compiled_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups.data(),
                          static_cast<int>(groups.size()))) {
        return std::nullopt;
    }
    std::map<std::string, std::string> captured;
    for (const auto& [name, index] : compiled_->NamedCapturingGroups()) {
        const re2::StringPiece& group = groups[static_cast<std::size_t>(index)];
        if (group.data() != nullptr) captured.emplace(name, std::string(group.data(), group.size()));
    }
    return captured;
}

}  // namespace hocket
