#include "core/wire/caller_allow_list.h"

#include <algorithm>

#include "core/base/names.h"
#include "core/base/text.h"

namespace hocket::wire {

namespace {

Error invalid(const std::string& term, const std::string& reason) {
    return {ErrorCode::invalid_config, quote_bytes(term) + ", which is " + reason, {}};
}

}  // namespace

Result<CallerAllowList> CallerAllowList::parse(std::span<const std::string> terms) {
    CallerAllowList list;
    for (const std::string& term : terms) {
        if (term.size() > 2 && term.starts_with('/') && term.ends_with('/')) {
            Result<Regex> expression = Regex::compile(std::string_view(term).substr(1, term.size() - 2));
            if (!expression) return invalid(term, "not an expression: " + expression.error().message);
            list.expressions_.push_back(std::move(*expression));
        } else if (is_key_name(term)) {
            list.names_.insert(term);
        } else {
            return invalid(term, "neither a caller's name, such as ana (without cert=), nor an /expression/");
        }
    }
    return list;
}

bool CallerAllowList::allows(std::string_view name) const {
    return empty() || matches(name);
}

bool CallerAllowList::matches(std::string_view name) const {
    return names_.contains(name) || std::any_of(expressions_.begin(), expressions_.end(),
                                                [&](const Regex& each) { return each.full_match(name); });
}

}  // namespace hocket::wire
