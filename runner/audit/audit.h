#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/ddl/model.h"
#include "core/wire/verified_request.h"

namespace hocket::audit {

/// One JSON object a line for every decision about every verified request: who asked for what, and what became of it.
///
///     {"time":…,"event":"admitted|refused|dropped|repeated|finished","identity":…,"request":…,"caller":…,"sender":…,
///      "collective":…,"agent":…,"action":…,"noop":…,"key":…,"payload_sha256":…,"inputs":{…},"outcome":…,"reason":…,"duration_ms":…}
///
/// Which event has which is in spec/schemas/node-files.json; docs/operate.md is for who reads them.
/// Inputs are written when the DDL has accepted them, sensitive ones as "***"; else only the payload's digest is.
/// Each line is one write to a file opened with O_APPEND, mode 0600, so that it survives a kill and can be rotated by
/// renaming and a SIGHUP.
///
/// Thread: io thread only.
class Audit {
public:
    /// An empty path writes nothing. Errors: io.
    static Result<Audit> open(const std::filesystem::path& file, std::string identity, const Clock& clock,
                              Log& log);

    void admitted(const wire::VerifiedRequest& verified, const ddl::Action* action, const HiddenJson& inputs);
    void refused(const wire::VerifiedRequest& verified, const Error& error);
    void dropped(const wire::VerifiedRequest& verified, const Error& error);
    /// A well-formed request with a good signature that came on a subject, or from a caller, that it does not name:
    /// nothing of it is trusted.
    void unbound(const wire::Message& message, const Error& error);
    void repeated(const wire::VerifiedRequest& verified, bool answered);
    void finished(const wire::Request& request, Outcome outcome, std::int64_t duration_ms);

private:
    Audit(std::string identity, const Clock& clock, Log& log)
        : identity_(std::move(identity)), clock_(&clock), log_(&log) {}

    Json line_for(const char* event, const wire::Request& request) const;
    Json line_for(const char* event, const wire::VerifiedRequest& verified) const;
    void write(const Json& line);

    std::string identity_;
    const Clock* clock_;
    Log* log_;
    std::filesystem::path path_;
    FileDescriptor file_;
};

}  // namespace hocket::audit
