#include "ddl-compiler/back_end.h"

#include "core/ddl/writer.h"

namespace hocket::ddl_compiler {

std::string_view to_string(Target target) {
    return k_target_words[static_cast<std::size_t>(target)];
}

std::string_view to_string(Language language) {
    return k_language_words[static_cast<std::size_t>(language)];
}

std::string_view suffix_of(Target target, Language language) {
    static constexpr std::array<std::string_view, 7> skeletons = {".sh", ".php", ".py", ".pl",
                                                                  ".rb", ".js",  ".go"};
    switch (target) {
        case Target::json: return ".json";
        case Target::yaml: return ".yaml";
        case Target::schema: return ".schema.json";
        case Target::markdown: return ".md";
        case Target::man: return ".7";
        case Target::ruby: return ".ddl";
        case Target::skeleton: return skeletons[static_cast<std::size_t>(language)];
        case Target::cpp: return ".h";
    }
    return {};
}

Result<std::string> emit(const ddl::Description& description, Target target, Language /*language*/) {
    const auto* const agent = std::get_if<ddl::Agent>(&description);
    if (agent != nullptr && target == Target::json) return ddl::canonical_json(*agent) + "\n";
    return Error{ErrorCode::unsupported, "this form cannot be written yet", {}};
}

}  // namespace hocket::ddl_compiler
