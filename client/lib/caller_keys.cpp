#include "client/lib/caller_keys.h"

#include "core/base/text.h"
#include "core/wire/psk.h"
#include "core/wire/x509.h"

namespace hocket::client {

namespace {

Result<std::unique_ptr<wire::CallerKeys>> read_psk(const KeyConfig& key) {
    const Result<wire::PskId> id = wire::parse_psk_id(key.id);
    if (!id) return id.error().within("[key] id");
    Result<crypto::Secret> psk = wire::read_psk_file(key.psk_file);
    if (!psk) return psk.error();
    std::unique_ptr<wire::CallerKeys> keys = std::make_unique<wire::PskCallerKeys>(*id, std::move(*psk));
    return keys;
}

Result<std::unique_ptr<wire::CallerKeys>> read_certificate(const KeyConfig& key, const Clock& clock) {
    Result<wire::Credential> credential =
        wire::Credential::read(key.cert, key.cert_key, crypto::signature_algorithm_from(key.algorithm));
    if (!credential) return credential.error();
    Result<crypto::Trust> nodes = crypto::Trust::read(key.node_ca, key.node_crl);
    if (!nodes) return nodes.error();
    Result<wire::X509CallerKeys> keys =
        wire::X509CallerKeys::make(std::move(*credential), std::move(*nodes), clock);
    if (!keys) return keys.error().within("[key] cert " + key.cert.string());
    std::unique_ptr<wire::CallerKeys> made = std::make_unique<wire::X509CallerKeys>(std::move(*keys));
    return made;
}

/// What belongs together in [key], each with whether it is given.
using Members = std::vector<std::pair<std::string, bool>>;

Result<void> check_complete(const Members& members) {
    std::vector<std::string> given;
    std::vector<std::string> missing;
    for (const auto& [name, is_given] : members)
        (is_given ? given : missing).push_back(name);
    if (missing.empty()) return {};
    return Error{ErrorCode::invalid_config,
                 "configuration, [key]: " + join(given, " and ") + (given.size() == 1 ? " is" : " are") +
                     " given without " + join(missing, " and ") + ", and they belong together; set " +
                     (missing.size() == 1 ? "it" : "them") + " too, or take out the rest",
                 {}};
}

}  // namespace

Result<std::unique_ptr<wire::CallerKeys>> read_caller_keys(const KeyConfig& key, const Clock& clock) {
    if (key.has_psk()) {
        Result<void> complete =
            check_complete({{"id", !key.id.empty()}, {"psk_file", !key.psk_file.empty()}});
        return complete ? read_psk(key) : complete.error();
    }
    if (key.has_certificate()) {
        Result<void> complete = check_complete({{"cert", !key.cert.empty()},
                                                {"cert_key", !key.cert_key.empty()},
                                                {"node_ca", !key.node_ca.empty()}});
        return complete ? read_certificate(key, clock) : complete.error();
    }
    return Error{
        ErrorCode::invalid_config,
        "no key to sign requests with: set id and psk_file, or cert, cert_key and node_ca, in [key] of "
        "client.toml; make one with: hocket keys psk new NAME --dir DIR, or: hocket keys cert issue",
        {}};
}

}  // namespace hocket::client
