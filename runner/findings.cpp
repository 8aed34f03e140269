#include "runner/findings.h"

#include <algorithm>

namespace hocket {

std::string to_string(Finding::Level level) {
    switch (level) {
        case Finding::Level::good: return "ok";
        case Finding::Level::note: return "note";
        case Finding::Level::warning: return "warning";
        case Finding::Level::error: break;
    }
    return "error";
}

std::string line_of(const Finding& finding) {
    constexpr std::size_t width = 9;
    std::string word = to_string(finding.level);
    word.resize(std::max(width, word.size() + 1), ' ');
    return word + finding.text + '\n';
}

}  // namespace hocket
