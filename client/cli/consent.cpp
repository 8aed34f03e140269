#include "client/cli/consent.h"

#include <algorithm>

#include "client/cli/layout.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

constexpr std::size_t k_few_nodes = 10;

std::string names_of(const std::vector<std::string>& nodes) {
    const std::size_t named = std::min(nodes.size(), k_few_nodes);
    const std::string names =
        escape_text(join({nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(named)}, ", "));
    return nodes.size() == named ? names : names + " and " + std::to_string(nodes.size() - named) + " more";
}

bool means_yes(const std::string& answer) {
    const std::string word = to_lower_ascii(std::string(trim(answer)));
    return word == "y" || word == "yes";
}

}  // namespace

Result<void> consent_to(const std::string& call, bool has_noop, const std::vector<std::string>& nodes,
                        const Console& console) {
    const std::string what = "'" + call + "' is destructive";
    const std::string where = counted(nodes.size(), "node");
    if (!console.ask) {
        return Error{ErrorCode::usage,
                     what + ", and there is no terminal to ask on: add --yes to run it on " + where +
                         (has_noop ? ", or --noop to see what it would do" : "") + "; nothing was sent",
                     {}};
    }
    const bool are_few = nodes.size() <= k_few_nodes;
    const auto answer = console.ask(what + ".\nRun it on " + where + " (" + names_of(nodes) + ")? " +
                                    (are_few ? "[y/N] " : "Type their number to go on: "));
    const bool is_agreed =
        answer && (are_few ? means_yes(*answer) : trim(*answer) == std::to_string(nodes.size()));
    if (is_agreed) return {};
    return Error{ErrorCode::interrupted, "not confirmed; nothing was sent", {}};
}

}  // namespace hocket::cli
