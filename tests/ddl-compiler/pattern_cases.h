#pragma once

#include <random>
#include <string>
#include <vector>

namespace hocket::ddl_compiler {

/// Chance that is the same on every machine.
class Chance {
public:
    explicit Chance(unsigned seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) { return engine_() % bound; }
    bool one_in(std::size_t count) { return below(count) == 0; }

    template <class T>
    const T& one_of(const std::vector<T>& all) {
        return all[below(all.size())];
    }

private:
    std::mt19937 engine_;
};

/// Patterns of RE2: what people write, and each construct. Engines that backtrack stand them with long texts too.
const std::vector<std::string>& known_patterns();

/// A pattern made by chance; some are not valid. For short texts.
std::string any_pattern(Chance& chance);

/// Texts near to what the patterns and the named validators ask for.
const std::vector<std::string>& known_texts();

/// A text that differs a little: another case, a newline, a character more or less.
std::string near_text(const std::string& text, Chance& chance);

/// A short text of characters that patterns make a difference of.
std::string any_text(Chance& chance);

}  // namespace hocket::ddl_compiler
