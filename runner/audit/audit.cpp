#include "runner/audit/audit.h"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/crypto/digest.h"
#include "core/ddl/redact.h"

namespace hocket::audit {

Result<Audit> Audit::open(const std::filesystem::path& file, std::string identity, const Clock& clock,
                          Log& log) {
    Audit audit(std::move(identity), clock, log);
    if (file.empty()) return audit;
    audit.path_ = file;
    audit.file_ = FileDescriptor(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    if (!audit.file_) {
        return Error{ErrorCode::io, file.string() + ": cannot open the audit file: " + errno_text(), {}};
    }
    return audit;
}

Json Audit::line_for(const char* event, const wire::Request& request) const {
    return {{"time", clock_->wall_ms()},
            {"event", event},
            {"identity", identity_},
            {"request", request.id},
            {"caller", request.caller},
            {"sender", request.sender},
            {"collective", request.collective},
            {"agent", request.agent},
            {"action", request.action},
            {"noop", request.noop}};
}

Json Audit::line_for(const char* event, const wire::VerifiedRequest& verified) const {
    Json line = line_for(event, verified.request());
    line["key"] = verified.signer().key_id;
    line["payload_sha256"] = verified.payload_sha256();
    return line;
}

void Audit::admitted(const wire::VerifiedRequest& verified, const ddl::Action* action,
                     const HiddenJson& inputs) {
    if (!file_) return;
    Json line = line_for("admitted", verified);
    line["inputs"] = ddl::redact(action, inputs);
    write(line);
}

void Audit::refused(const wire::VerifiedRequest& verified, const Error& error) {
    if (!file_) return;
    Json line = line_for("refused", verified);
    line["outcome"] = to_string(disposition(error.code).outcome);
    line["reason"] = error.message;
    write(line);
}

void Audit::dropped(const wire::VerifiedRequest& verified, const Error& error) {
    if (!file_) return;
    Json line = line_for("dropped", verified);
    line["reason"] = std::string(to_string(error.code)) + ": " + error.message;
    write(line);
}

void Audit::unbound(const wire::Message& message, const Error& error) {
    if (!file_) return;
    write({{"time", clock_->wall_ms()},
           {"event", "dropped"},
           {"identity", identity_},
           {"subject", escape_text(message.subject)},
           {"payload_sha256", crypto::sha256_hex(message.payload)},
           {"reason", std::string(to_string(error.code)) + ": " + error.message}});
}

void Audit::repeated(const wire::VerifiedRequest& verified, bool answered) {
    if (!file_) return;
    Json line = line_for("repeated", verified);
    line["reason"] = answered ? "the stored reply was sent again" : "no reply is stored, or it still runs";
    write(line);
}

void Audit::finished(const wire::Request& request, Outcome outcome, std::int64_t duration_ms) {
    if (!file_) return;
    Json line = line_for("finished", request);
    line["outcome"] = to_string(outcome);
    line["duration_ms"] = duration_ms;
    write(line);
}

void Audit::write(const Json& line) {
    const std::string text = dump_json(line) + '\n';
    if (Result<void> written = append_line(file_.get(), text, path_); !written) {
        log_->error("the audit file cannot be written",
                    {{"reason", written.error().message}, {"line", text}});
    }
}

}  // namespace hocket::audit
