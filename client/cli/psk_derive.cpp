#include "client/cli/commands.h"
#include "client/cli/key_files.h"
#include "client/cli/report_json.h"
#include "core/base/names.h"
#include "core/base/text.h"
#include "core/wire/psk.h"

namespace hocket::cli {

Result<int> run_psk_derive(const CommandLine& line, const PskDeriveCommand& command, const Console& console) {
    if (!is_identity(command.identity)) {
        return Error{ErrorCode::usage,
                     quote_bytes(command.identity) +
                         " is not an identity: lower-case labels of [a-z0-9_-] joined by single dots",
                     {}};
    }
    const Result<wire::PskId> id = wire::parse_psk_id(command.id);
    if (!id) return Error{ErrorCode::usage, id.error().message, {}};
    if (Result<void> checked = check_free(command.output, "name another file"); !checked)
        return checked.error();
    const Result<crypto::Secret> psk = wire::read_psk_file(command.psk_file);
    if (!psk) return psk.error();
    const wire::NodePsk derived = wire::derive_node_psk(*psk, command.identity);
    if (Result<void> written = wire::write_node_psk_file(command.output, derived); !written)
        return written.error();
    console.out(line.common.json ? key_json(wire::to_string(*id) + '/' + command.identity, command.output)
                                 : command.output.string() + '\n');
    return 0;
}

}  // namespace hocket::cli
