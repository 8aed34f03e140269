#include "runner/execution/script_reply.h"

#include <utility>

#include "core/base/regex.h"
#include "core/base/text.h"
#include "core/ddl/text_input.h"

namespace hocket::execution {

namespace {

constexpr std::size_t k_max_reason_bytes = 500;

/// Of stderr, or of stdout when nothing is there, as Nagios plugins have it.
std::string last_line(const Printed& printed) {
    const std::string_view errors = trim(printed.errors);
    const std::string_view text = errors.empty() ? trim(printed.output) : errors;
    return escape_text(to_utf8(text.substr(text.rfind('\n') + 1).substr(0, k_max_reason_bytes)));
}

Json lines_of(std::string_view output) {
    if (output.ends_with('\n')) output.remove_suffix(1);
    return output.empty() ? Json::array() : Json(split(to_utf8(output), '\n'));
}

std::optional<bool> changed_by(ddl::ExitMeaning meaning) {
    if (meaning == ddl::ExitMeaning::changed) return true;
    if (meaning == ddl::ExitMeaning::unchanged) return false;
    return std::nullopt;
}

}  // namespace

std::string last_line_of(const ddl::Action& action, const Printed& printed) {
    return action.has_sensitive_fields() ? "" : last_line(printed);
}

AgentResult failed_by_exit_code(const ddl::Agent& agent, const ddl::Action& action, const Printed& printed) {
    const std::string code = std::to_string(printed.exit_code);
    std::string message = "exit code " + code;
    const std::string reason = last_line_of(action, printed);
    if (!reason.empty()) message += ": " + reason;
    AgentResult result;
    result.outcome = Outcome::failed;
    result.statuscode = 1;
    result.statusmsg = message;
    result.error = wire::ReplyError{agent.metadata.name + "/exit_" + code, message, Json::object()};
    return result;
}

CheckedOutputs ScriptReply::read(const Printed& printed) const {
    const ddl::ExitMeaning meaning = script_.exit_codes->of(printed.exit_code);
    if (meaning == ddl::ExitMeaning::failed) {
        AgentResult result = failed_by_exit_code(agent_, action_, printed);
        result.data = plain_outputs(printed);
        return {std::move(result), {}, {}};
    }
    AgentResult result = succeeded(printed);
    if (result.outcome != Outcome::ok) return {std::move(result), {}, {}};
    result.changed = changed_by(meaning);
    return check_outputs(agent_, action_, std::move(result));
}

AgentResult ScriptReply::succeeded(const Printed& printed) const {
    switch (*script_.result) {
        case ddl::ResultFormat::json: return from_json(printed);
        case ddl::ResultFormat::regex: return from_groups(printed);
        case ddl::ResultFormat::text:
        case ddl::ResultFormat::lines: break;
    }
    AgentResult result;
    result.data = plain_outputs(printed);
    return result;
}

/// Empty for the results that read stdout themselves.
Json ScriptReply::plain_outputs(const Printed& printed) const {
    Json data = Json::object();
    const auto put = [&](const char* name, Json value) {
        if (action_.find_output(name) != nullptr) data[name] = std::move(value);
    };
    const ddl::ResultFormat format = *script_.result;
    if (format != ddl::ResultFormat::text && format != ddl::ResultFormat::lines) return data;
    if (format == ddl::ResultFormat::text) put("stdout", to_utf8(printed.output));
    if (format == ddl::ResultFormat::lines) put("lines", lines_of(printed.output));
    put("stderr", to_utf8(printed.errors));
    put("exitcode", printed.exit_code);
    return data;
}

AgentResult ScriptReply::from_json(const Printed& printed) const {
    Result<Json> object = parse_json_object(printed.output);
    if (!object) return bad_reply(action_, printed.output, object.error().message);
    AgentResult result;
    result.data = std::move(*object);
    return result;
}

AgentResult ScriptReply::from_groups(const Printed& printed) const {
    const Result<Regex> pattern = Regex::compile(script_.pattern);
    if (!pattern) return refusal(pattern.error());
    const auto groups = pattern->capture(to_utf8(printed.output));
    if (!groups) return bad_reply(action_, printed.output, "it does not match the DDL's pattern");
    AgentResult result;
    for (const auto& [name, text] : *groups) {
        const ddl::Output* const output = action_.find_output(name);
        if (output == nullptr) continue;
        // A text is read as on a command line.
        ddl::Input read_as;
        read_as.name = name;
        read_as.type = output->type.value_or(ddl::Type::string);
        read_as.sensitive = output->sensitive;
        Result<Json> value = ddl::parse_input(read_as, text);
        result.data[name] = value ? std::move(*value) : Json(text);  // and then breaks the DDL
    }
    return result;
}

}  // namespace hocket::execution
