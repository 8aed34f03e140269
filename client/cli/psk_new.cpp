#include "client/cli/commands.h"
#include "client/cli/key_files.h"
#include "client/cli/report_json.h"
#include "core/base/names.h"
#include "core/base/text.h"
#include "core/wire/psk.h"

namespace hocket::cli {

Result<int> run_psk_new(const CommandLine& line, const PskNewCommand& command, const Console& console) {
    if (!is_key_name(command.name)) {
        return Error{ErrorCode::usage,
                     quote_bytes(command.name) + " is not a caller's name: [A-Za-z0-9][A-Za-z0-9_.@-]{0,63}",
                     {}};
    }
    const std::string id = wire::to_string({command.name, command.version});
    const std::filesystem::path file =
        command.output.empty() ? command.folder / (id + ".psk") : command.output;
    if (Result<void> checked = check_free(file, "choose another --version or file"); !checked)
        return checked.error();
    if (Result<void> written = wire::write_psk_file(file, wire::new_psk()); !written) return written.error();
    console.out(line.common.json ? key_json(id, file) : file.string() + '\n');
    return 0;
}

}  // namespace hocket::cli
