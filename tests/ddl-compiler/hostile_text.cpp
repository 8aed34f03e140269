#include "tests/ddl-compiler/hostile_text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace hocket::ddl_compiler {

namespace {

using namespace std::string_view_literals;

constexpr std::array k_pieces = {"a"sv,
                                 "word"sv,
                                 " "sv,
                                 "  "sv,
                                 "\n"sv,
                                 "\n\n"sv,
                                 "\t"sv,
                                 "\r"sv,
                                 "\r\n"sv,
                                 ":"sv,
                                 ": "sv,
                                 " #"sv,
                                 "#"sv,
                                 "-"sv,
                                 "- "sv,
                                 "---"sv,
                                 "..."sv,
                                 "?"sv,
                                 "? "sv,
                                 "'"sv,
                                 "\""sv,
                                 "\\"sv,
                                 "\\n"sv,
                                 "`"sv,
                                 "|"sv,
                                 ">"sv,
                                 "["sv,
                                 "]"sv,
                                 "{"sv,
                                 "}"sv,
                                 ","sv,
                                 "&a"sv,
                                 "*a"sv,
                                 "!"sv,
                                 "!!str"sv,
                                 "%"sv,
                                 "@"sv,
                                 "~"sv,
                                 "null"sv,
                                 "true"sv,
                                 "yes"sv,
                                 "1"sv,
                                 "-7"sv,
                                 "1.0"sv,
                                 "1e3"sv,
                                 "0x1F"sv,
                                 "0o7"sv,
                                 ".nan"sv,
                                 "-.inf"sv,
                                 "="sv,
                                 "<<"sv,
                                 "#{1}"sv,
                                 "$x"sv,
                                 "<b>"sv,
                                 ".TH"sv,
                                 "\0"sv,
                                 "\x01"sv,
                                 "\x04"sv,
                                 "\x1B"sv,
                                 "\x7F"sv,
                                 "\xC2\x85"sv,
                                 "\xC2\xA0"sv,
                                 "\xC3\xA9"sv,
                                 "\xE2\x80\xA8"sv,
                                 "\xE2\x80\xAE"sv,
                                 "\xEF\xBB\xBF"sv,
                                 "\xEF\xBF\xBF"sv,
                                 "\xF0\x9F\x98\x80"sv};

}  // namespace

std::string HostileTexts::next() {
    std::string text;
    for (auto left = random_() % 7; left > 0; --left)
        text += k_pieces[random_() % k_pieces.size()];
    return text;
}

std::string HostileTexts::next_without_nul() {
    std::string text = next();
    std::erase(text, '\0');
    return text;
}

}  // namespace hocket::ddl_compiler
