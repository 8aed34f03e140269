#include <charconv>

#include "core/base/text.h"
#include "core/ddl/run_reader.h"

namespace hocket::ddl {

namespace {

constexpr int k_highest_exit_code = 255;
constexpr std::string_view k_other_codes = "other";

std::optional<int> exit_code_of(std::string_view text) {
    int code = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    const bool whole =
        error == std::errc() && end == text.data() + text.size() && text == std::to_string(code);
    return whole && code >= 0 && code <= k_highest_exit_code ? std::optional(code) : std::nullopt;
}

ExitCodes read_exit_codes(const SourceNode& object, const std::string& owner, ReadContext& context) {
    ExitCodes codes;
    Fields fields(object, "'exit_codes' of " + owner, context);
    for (const Member& member : object.members) {
        const std::optional<int> code = exit_code_of(member.key);
        if (!code && member.key != k_other_codes) {
            context.report.error(member.offset, quote_bytes(member.key) + " in 'exit_codes' of " + owner +
                                                    " is neither an exit code, from 0 to 255, nor 'other'");
            continue;
        }
        const ExitMeaning meaning = fields.choice(member.key, k_exit_words, ExitMeaning::failed);
        (code ? codes.known[*code] : codes.other) = meaning;
    }
    return codes;
}

}  // namespace

Script read_script(Fields& fields, ReadContext& context) {
    Script script;
    script.standard_input = fields.text("stdin").value_or("");
    if (const std::optional<std::size_t> format = fields.choice("result", k_result_words)) {
        script.result = static_cast<ResultFormat>(*format);
    }
    script.pattern = fields.text("pattern").value_or("");
    if (const SourceNode* const codes = fields.find_object("exit_codes")) {
        script.exit_codes = read_exit_codes(*codes, fields.owner(), context);
    }
    return script;
}

}  // namespace hocket::ddl
