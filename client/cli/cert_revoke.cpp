#include <nlohmann/json.hpp>

#include "client/cli/commands.h"
#include "client/cli/key_files.h"
#include "client/keys/ca_folder.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

/// `text` is a file or a serial number.
Result<std::vector<std::string>> revoke(keys::CaFolder& ca, const std::string& text) {
    std::error_code ignored;
    if (!std::filesystem::exists(text, ignored)) return ca.revoke(text);
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
    const Result<std::filesystem::path> crl = ca->write_crl(until);
    if (!crl) return crl.error();
    if (line.common.json) {
        console.out(dump_json_pretty({{"schema", "io.hocket.crl.v1"},
                                      {"crl", crl->string()},
                                      {"revoked", *revoked},
                                      {"next_update_ms", until},
                                      {"exit_code", 0}}) +
                    '\n');
        return 0;
    }
    console.out(crl->string() + '\n');
    console.err("revoked " + join(*revoked, ", ") +
                "; nodes and callers refuse it once they have this CRL, which is good until " +
                utc_text(until) + '\n');
    return 0;
}

}  // namespace hocket::cli
