#pragma once

#include <cstdint>
#include <string>

#include "core/base/log.h"
#include "core/wire/keys.h"

namespace hocket {

/// A certificate that ends sooner than this is warned of.
inline constexpr std::int64_t k_expiry_warning_ms = 30LL * 24 * 60 * 60 * 1000;

/// The same of a list of revoked certificates. These are made for days, and replaced well before their end.
inline constexpr std::int64_t k_crl_warning_ms = 12LL * 60 * 60 * 1000;

/// What follows from a crypto::CaFault.
inline constexpr const char* k_ca_is_refused =
    ": every certificate of a caller that this CA signed is refused";

/// Says in the log that this node's certificate or a CRL ends soon (once in a day, and once in an hour); and as an error, once in
/// an hour, that the certificate has ended or not begun, or why every caller of a CA is refused.
///
/// Thread: one.
class ExpiryWatch {
public:
    explicit ExpiryWatch(Log& log) : log_(log) {}

    /// Of keys that are new: says it again.
    void begin();

    void look(const wire::NodeKeys& keys, std::int64_t now_ms);

private:
    void look_at_early_certificate(std::int64_t begins_ms, std::int64_t now_ms);
    void look_at_certificate(std::int64_t expires_ms, std::int64_t now_ms);
    void look_at_crl(std::int64_t due_ms, std::int64_t now_ms);
    void look_at_stale_crl(std::int64_t due_ms, std::int64_t now_ms);
    void look_at_cas(const wire::NodeKeys& keys, std::int64_t now_ms);

    /// When it was last said that it ends soon, and that it has, or is of no use.
    struct Told {
        std::int64_t soon_ms = 0;
        std::int64_t over_ms = 0;
    };

    Log& log_;
    Told certificate_;
    Told crl_;
};

}  // namespace hocket
