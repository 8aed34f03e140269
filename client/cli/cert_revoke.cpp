#include <nlohmann/json.hpp>

#include "client/cli/commands.h"
#include "client/cli/key_files.h"
#include "client/keys/ca_folder.h"

namespace hocket::cli {

namespace {

Result<std::string> serial_of(const std::string& text) {
    std::error_code ignored;
    if (!std::filesystem::exists(text, ignored)) return text;
    const Result<std::vector<crypto::Certificate>> chain = crypto::Certificate::read(text);
    if (!chain) return chain.error();
    return chain->front().serial();
}

}  // namespace

Result<int> run_cert_revoke(const CommandLine& line, const CertRevokeCommand& command,
                            const Console& console) {
    const Result<std::string> serial = serial_of(command.certificate);
    if (!serial) return serial.error();
    const SystemClock clock;
    Result<keys::CaFolder> ca = keys::CaFolder::open(command.ca, clock);
    if (!ca) return ca.error();
    if (Result<void> revoked = ca->revoke(*serial); !revoked) return revoked.error();
    const std::int64_t until = clock.wall_ms() + days_to_ms(command.crl_days);
    const Result<std::filesystem::path> crl = ca->write_crl(until);
    if (!crl) return crl.error();
    if (line.common.json) {
        console.out(dump_json_pretty({{"schema", "io.hocket.crl.v1"},
                                      {"crl", crl->string()},
                                      {"revoked", *serial},
                                      {"next_update_ms", until},
                                      {"exit_code", 0}}) +
                    '\n');
        return 0;
    }
    console.out(crl->string() + '\n');
    console.err("revoked " + *serial +
                "; nodes and callers refuse it once they have this CRL, which is good until " +
                utc_text(until) + '\n');
    return 0;
}

}  // namespace hocket::cli
