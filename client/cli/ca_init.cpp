#include <nlohmann/json.hpp>

#include "client/cli/commands.h"
#include "client/cli/key_files.h"
#include "client/keys/ca_folder.h"
#include "client/keys/roles.h"

namespace hocket::cli {

Result<int> run_ca_init(const CommandLine& line, const CaInitCommand& command, const Console& console) {
    const std::string folder_name =
        (std::filesystem::absolute(command.folder) / "").lexically_normal().parent_path().filename().string();
    Result<crypto::CertificateTerms> terms =
        keys::ca_certificate(command.name.empty() ? "Hocket " + folder_name : command.name);
    if (!terms) return terms.error();
    const SystemClock clock;
    const std::int64_t now = clock.wall_ms();
    terms->not_before_ms = now;
    terms->not_after_ms = now + days_to_ms(command.days);
    const Result<void> made =
        keys::CaFolder::init(command.folder, std::move(*terms), new_key(command.key_type),
                             now + days_to_ms(command.crl_days), clock);
    if (!made) return made.error();
    const std::filesystem::path certificate = command.folder / "ca.pem";
    const std::filesystem::path crl = command.folder / "crl.pem";
    if (line.common.json) {
        console.out(dump_json_pretty({{"schema", "io.hocket.ca.v1"},
                                      {"certificate", certificate.string()},
                                      {"crl", crl.string()},
                                      {"exit_code", 0}}) +
                    '\n');
    } else {
        console.out(certificate.string() + '\n' + crl.string() + '\n');
    }
    return 0;
}

}  // namespace hocket::cli
