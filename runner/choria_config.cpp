#include "runner/choria_config.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace hocket {

namespace {

// In the order of their enumerations.
constexpr std::array<std::string_view, 3> k_config_words = {"name", "file", "folder"};
constexpr std::array<std::string_view, 2> k_exchange_words = {"files", "stdio"};

template <class Enum, std::size_t count>
void read_choice(config::TomlTable& table, const char* key, const std::array<std::string_view, count>& words,
                 Enum& value) {
    std::string word(words[static_cast<std::size_t>(value)]);
    table.read(key, word);
    const auto found = std::ranges::find(words, word);
    if (found != words.end()) {
        value = static_cast<Enum>(found - words.begin());
        return;
    }
    const std::vector<std::string> known(words.begin(), words.end());
    table.problem(key, "is " + quote_bytes(word) + ", it must be one of " + join(known, ", "));
}

}  // namespace

void read_choria_settings(config::TomlTable& table, const std::filesystem::path& base,
                          agents::ChoriaSettings& settings) {
    read_choice(table, "config", k_config_words, settings.config);
    read_choice(table, "exchange", k_exchange_words, settings.exchange);
    table.read("plugin_folder", settings.plugin_folder);
    settings.plugin_folder = base / settings.plugin_folder;
    table.finish();
}

}  // namespace hocket
