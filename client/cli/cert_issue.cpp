#include <nlohmann/json.hpp>

#include "client/cli/commands.h"
#include "client/cli/key_files.h"
#include "client/keys/ca_folder.h"
#include "client/keys/roles.h"
#include "core/base/file.h"

namespace hocket::cli {

namespace {

namespace fs = std::filesystem;

struct Wanted {
    std::string name;  ///< of the files
    Result<crypto::CertificateTerms> terms;
};

Wanted wanted(const CertIssueCommand& command) {
    if (!command.caller.empty()) return Wanted{command.caller, keys::caller_certificate(command.caller)};
    if (!command.node.empty()) return Wanted{command.node, keys::node_certificate(command.node)};
    return Wanted{command.broker.front(), keys::broker_certificate(command.broker)};
}

Result<void> check_free(const fs::path& file) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return {};
    return Error{ErrorCode::io,
                 file.string() +
                     ": there is one, and a key is never replaced; choose another --dir, or: hocket keys "
                     "cert renew",
                 {}};
}

}  // namespace

Result<int> run_cert_issue(const CommandLine& line, const CertIssueCommand& command, const Console& console) {
    const Wanted wants = wanted(command);
    if (!wants.terms) return wants.terms.error();
    const fs::path certificate_file = command.folder / (wants.name + ".pem");
    const fs::path key_file = command.folder / (wants.name + ".key");
    for (const fs::path& file : {certificate_file, key_file}) {
        if (Result<void> checked = check_free(file); !checked) return checked.error();
    }
    const SystemClock clock;
    Result<keys::CaFolder> ca = keys::CaFolder::open(command.ca, clock);
    if (!ca) return ca.error();
    const crypto::PrivateKey key = new_key(command.key_type);
    const Result<crypto::Certificate> certificate =
        ca->issue(*wants.terms, key.public_key(), ca->validity_for(days_to_ms(command.days)));
    if (!certificate) return certificate.error();
    if (Result<void> written = create_file(key_file, key.to_pem().expose(), 0600); !written)
        return written.error();
    if (Result<void> written = create_file(certificate_file, ca->chain_pem(*certificate), 0644); !written)
        return written.error();
    if (line.common.json) {
        console.out(dump_json_pretty({{"schema", "io.hocket.certified.v1"},
                                      {"certificate", certificate_file.string()},
                                      {"key", key_file.string()},
                                      {"serial", certificate->serial()},
                                      {"expires_at_ms", certificate->not_after_ms()},
                                      {"exit_code", 0}}) +
                    '\n');
    } else {
        console.out(certificate_file.string() + '\n' + key_file.string() + '\n');
    }
    return 0;
}

}  // namespace hocket::cli
