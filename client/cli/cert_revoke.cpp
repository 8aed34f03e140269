#include "client/cli/commands.h"
#include "client/cli/key_files.h"
#include "client/keys/ca_folder.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

bool is_serial_number(const std::string& text) {
    return text.find_first_not_of("0123456789abcdefABCDEF:") == std::string::npos;
}

/// `text` is a file or a serial number.
Result<std::vector<std::string>> revoke(keys::CaFolder& ca, const std::string& text) {
    std::error_code ignored;
    if (!std::filesystem::exists(text, ignored)) {
        if (is_serial_number(text)) return ca.revoke(text);
        return Error{ErrorCode::usage,
                     quote_bytes(text) +
                         ": there is no such file, and it is no serial number: these are "
                         "hexadecimal, as hocket keys cert show tells them",
                     {}};
    }
    const Result<std::vector<crypto::Certificate>> chain = crypto::Certificate::read(text);
    if (!chain) return chain.error();
    return ca.revoke(chain->front());
}

}  // namespace

Result<int> run_cert_revoke(const CommandLine& line, const CertRevokeCommand& command,
                            const Console& console) {
    const SystemClock clock;
    Result<keys::CaFolder> ca = keys::CaFolder::open(command.ca, clock);
    if (!ca) return ca.error();
    const Result<std::vector<std::string>> revoked = revoke(*ca, command.certificate);
    if (!revoked) return revoked.error();
    const std::int64_t until = clock.wall_ms() + days_to_ms(command.crl_days);
    const Result<keys::CaFolder::Crl> crl = ca->write_crl(until);
    if (!crl) return crl.error();
    if (line.common.json) {
        console.out(crl_json(*crl, *revoked, until));
        return 0;
    }
    console.out(crl->file.string() + '\n');
    console.err((revoked->empty() ? "nothing more to revoke: it was revoked already, or has expired"
                                  : "revoked " + join(*revoked, ", ")) +
                "; nodes and callers refuse it once they have this CRL, which is good until " +
                utc_text(until) + '\n');
    return 0;
}

}  // namespace hocket::cli
