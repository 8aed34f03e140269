#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// What can be made from a description.
enum class Target {
    json,      ///< the canonical JSON
    yaml,      ///< our YAML form, for people
    schema,    ///< JSON Schema 2020-12 of the inputs and outputs of each action
    markdown,  ///< a page of documentation
    man,       ///< a manual page
    ruby,      ///< MCollective's form
    skeleton,  ///< an agent that answers every action
    cpp,       ///< a typed C++ header for clients
};
inline constexpr std::array<std::string_view, 8> k_target_words = {"json", "yaml", "schema",   "markdown",
                                                                   "man",  "ruby", "skeleton", "cpp"};

/// The languages of skeletons.
enum class Language { bash, php, python, perl, ruby, node, go };
inline constexpr std::array<std::string_view, 7> k_language_words = {"bash", "php",  "python", "perl",
                                                                     "ruby", "node", "go"};

std::string_view to_string(Target target);
std::string_view to_string(Language language);

/// What follows the input's name in the name of what is made of it: ".schema.json".
std::string_view suffix_of(Target target, Language language);

/// Ends with a newline. The language is that of a skeleton.
/// Errors: unsupported, when a description of this kind has no such form: only agents have schema, skeleton and cpp.
Result<std::string> emit(const ddl::Description& description, Target target, Language language);

}  // namespace hocket::ddl_compiler
