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

struct Files {
    fs::path certificate;
    fs::path key;
};

/// Before the CA is asked.
Result<void> check_place(const fs::path& folder, const Files& files) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        return Error{ErrorCode::io,
                     folder.string() + ": there is no such folder; make it first, or choose another --dir",
                     {}};
    }
    for (const fs::path& file : {files.certificate, files.key}) {
        Result<void> checked = check_free(file, "choose another --dir, or: hocket keys cert renew");
        if (!checked) return checked;
    }
    return {};
}

/// The key is in its file before the CA signs: there is no certificate whose key nobody has.
Result<crypto::Certificate> issue(keys::CaFolder& ca, const CertIssueCommand& command,
                                  const crypto::CertificateTerms& terms, const Files& files) {
    const crypto::PrivateKey key = new_key(command.key_type);
    if (Result<void> written = create_file(files.key, key.to_pem().expose(), 0600); !written)
        return written.error();
    Result<crypto::Certificate> made =
        ca.issue(terms, key.public_key(), ca.validity_for(days_to_ms(command.days)));
    std::error_code ignored;
    if (!made) {
        fs::remove(files.key, ignored);
        return made;
    }
    Result<void> written = create_file(files.certificate, ca.chain_pem(*made), 0644);
    if (written) return made;
    return Error{
        written.error().code,
        written.error().message + "; its key is " + files.key.string() +
            ", and the CA has a copy of it: " + (command.ca / "issued" / (made->serial() + ".pem")).string(),
        {}};
}

}  // namespace

Result<int> run_cert_issue(const CommandLine& line, const CertIssueCommand& command, const Console& console) {
    const Wanted wants = wanted(command);
    if (!wants.terms) return wants.terms.error();
    const Files files{command.folder / (wants.name + ".pem"), command.folder / (wants.name + ".key")};
    if (Result<void> checked = check_place(command.folder, files); !checked) return checked.error();
    const SystemClock clock;
    Result<keys::CaFolder> ca = keys::CaFolder::open(command.ca, clock);
    if (!ca) return ca.error();
    const Result<crypto::Certificate> certificate = issue(*ca, command, *wants.terms, files);
    if (!certificate) return certificate.error();
    if (line.common.json) {
        console.out(dump_json_pretty({{"schema", "io.hocket.certified.v1"},
                                      {"certificate", files.certificate.string()},
                                      {"key", files.key.string()},
                                      {"serial", certificate->serial()},
                                      {"expires_at_ms", certificate->not_after_ms()},
                                      {"exit_code", 0}}) +
                    '\n');
    } else {
        console.out(files.certificate.string() + '\n' + files.key.string() + '\n');
    }
    console.err(cut_short_text(*certificate, command.days, clock));
    return 0;
}

}  // namespace hocket::cli
