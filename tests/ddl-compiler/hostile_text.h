#pragma once

#include <random>
#include <string>

namespace hocket::ddl_compiler {

/// Texts that formats trip over: pieces of syntax, quotes, control characters, blanks at the ends, numbers, several lines,
/// put together at random; the same ones for the same seed.
class HostileTexts {
public:
    explicit HostileTexts(unsigned seed) : random_(seed) {}

    std::string next();
    std::string next_without_nul();

private:
    std::mt19937 random_;
};

}  // namespace hocket::ddl_compiler
