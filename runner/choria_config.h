#pragma once

#include <filesystem>

#include "core/config/toml_table.h"
#include "runner/agents/installed_agent.h"

namespace hocket {

/// A table about external agents of Choria, `[exec.choria]` or `[agents.NAME.choria]`: what it names replaces what is in the
/// settings. A relative path is below `base`.
void read_choria_settings(config::TomlTable& table, const std::filesystem::path& base,
                          agents::ChoriaSettings& settings);

}  // namespace hocket
