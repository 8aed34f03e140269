#include "ddl-compiler/back_end.h"

#include <algorithm>

#include "core/ddl/writer.h"
#include "ddl-compiler/back_ends/cpp_header.h"
#include "ddl-compiler/back_ends/man.h"
#include "ddl-compiler/back_ends/markdown.h"
#include "ddl-compiler/back_ends/ruby.h"
#include "ddl-compiler/back_ends/schema.h"
#include "ddl-compiler/back_ends/skeleton.h"
#include "ddl-compiler/back_ends/yaml.h"

namespace hocket::ddl_compiler {

namespace {

/// Forms that only agents have.
Result<std::string> emit_for_agent(const ddl::Agent& agent, Target target, Language language) {
    switch (target) {
        case Target::schema: return write_schema(agent);
        case Target::cpp: return write_cpp_header(agent);
        case Target::skeleton: return write_skeleton(agent, language);
        case Target::json:
        case Target::yaml:
        case Target::markdown:
        case Target::man:
        case Target::ruby: break;
    }
    return std::string();
}

}  // namespace

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

Result<std::string> emit(const ddl::Description& description, Target target, Language language) {
    switch (target) {
        case Target::json: return ddl::canonical_json(description) + "\n";
        case Target::yaml: return write_yaml(description);
        case Target::markdown: return write_markdown(description);
        case Target::man: return write_man(description);
        case Target::ruby: return write_ruby(description);
        case Target::schema:
        case Target::skeleton:
        case Target::cpp: break;
    }
    if (const auto* const agent = std::get_if<ddl::Agent>(&description))
        return emit_for_agent(*agent, target, language);
    if (const auto* const data = std::get_if<ddl::DataPlugin>(&description);
        data != nullptr && target == Target::skeleton)
        return write_skeleton(data->as_agent(), language);
    const std::string kind(to_string(kind_of(description)));
    return Error{ErrorCode::unsupported,
                 "describes something of kind '" + kind + "'; only agents have the form '" +
                     std::string(to_string(target)) + "'" +
                     (target == Target::skeleton ? ", and data plugins" : ""),
                 {}};
}

}  // namespace hocket::ddl_compiler
