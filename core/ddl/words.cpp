#include "core/ddl/words.h"

#include <algorithm>
#include <cstddef>

#include "core/ddl/warning.h"

namespace hocket::ddl {

std::string_view to_string(Warning warning) {
    return k_warning_words[static_cast<std::size_t>(warning)];
}

std::optional<Warning> warning_named(std::string_view word) {
    const auto found = std::find(k_warning_words.begin(), k_warning_words.end(), word);
    if (found == k_warning_words.end()) return std::nullopt;
    return static_cast<Warning>(found - k_warning_words.begin());
}

std::string_view to_string(Kind kind) {
    return k_kind_words[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Capability capability) {
    return k_capability_words[static_cast<std::size_t>(capability)];
}

std::string_view to_string(Type type) {
    return k_type_words[static_cast<std::size_t>(type)];
}

std::string_view to_string(Display display) {
    return k_display_words[static_cast<std::size_t>(display)];
}

std::string_view to_string(Safety safety) {
    return k_safety_words[static_cast<std::size_t>(safety)];
}

std::string_view to_string(Contract contract) {
    return k_contract_words[static_cast<std::size_t>(contract)];
}

std::string_view to_string(Allow allow) {
    return k_allow_words[static_cast<std::size_t>(allow)];
}

std::string_view to_string(InputMethod method) {
    return k_input_method_words[static_cast<std::size_t>(method)];
}

std::string_view to_string(Orphans orphans) {
    return k_orphans_words[static_cast<std::size_t>(orphans)];
}

std::string_view to_string(ReplyWhen reply) {
    return k_reply_words[static_cast<std::size_t>(reply)];
}

std::string_view to_string(ResultFormat format) {
    return k_result_words[static_cast<std::size_t>(format)];
}

std::string_view to_string(ExitMeaning meaning) {
    return k_exit_words[static_cast<std::size_t>(meaning)];
}

}  // namespace hocket::ddl
