#include "client/cli/commands.h"
#include "client/cli/key_files.h"
#include "client/keys/ca_folder.h"

namespace hocket::cli {

Result<int> run_crl(const CommandLine& line, const CrlCommand& command, const Console& console) {
    const SystemClock clock;
    Result<keys::CaFolder> ca = keys::CaFolder::open(command.ca, clock);
    if (!ca) return ca.error();
    const std::int64_t until = clock.wall_ms() + days_to_ms(command.days);
    const Result<keys::CaFolder::Crl> crl = ca->write_crl(until);
    if (!crl) return crl.error();
    if (line.common.json) {
        console.out(crl_json(*crl, {}, until));
        return 0;
    }
    console.out(crl->file.string() + '\n');
    if (line.common.verbose) console.err("good until " + utc_text(until) + '\n');
    return 0;
}

}  // namespace hocket::cli
