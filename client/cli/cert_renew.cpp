#include <nlohmann/json.hpp>

#include "client/cli/commands.h"
#include "client/cli/key_files.h"
#include "client/keys/ca_folder.h"
#include "core/base/file.h"

namespace hocket::cli {

Result<int> run_cert_renew(const CommandLine& line, const CertRenewCommand& command, const Console& console) {
    const Result<std::vector<crypto::Certificate>> chain = crypto::Certificate::read(command.file);
    if (!chain) return chain.error();
    const SystemClock clock;
    Result<keys::CaFolder> ca = keys::CaFolder::open(command.ca, clock);
    if (!ca) return ca.error();
    const Result<crypto::Certificate> renewed =
        ca->renew(chain->front(), ca->validity_for(days_to_ms(command.days)));
    if (!renewed) return renewed.error();
    if (Result<void> written =
            write_file_atomically(behind_links(command.file), ca->chain_pem(*renewed), 0644);
        !written)
        return written.error();
    if (line.common.json) {
        console.out(dump_json_pretty({{"schema", "io.hocket.certified.v1"},
                                      {"certificate", command.file.string()},
                                      {"key", nullptr},
                                      {"serial", renewed->serial()},
                                      {"expires_at_ms", renewed->not_after_ms()},
                                      {"exit_code", 0}}) +
                    '\n');
    } else {
        console.out(command.file.string() + ": valid until " + utc_text(renewed->not_after_ms()) + '\n');
    }
    console.err(cut_short_text(*renewed, command.days, clock));
    return 0;
}

}  // namespace hocket::cli
