#pragma once

#include <cstdint>
#include <string>

#include "core/crypto/asymmetric_key.h"

namespace hocket::cli {

std::int64_t days_to_ms(double days);

/// A new key of one of the types of the command line: "ed25519", "p256", "rsa3072".
crypto::PrivateKey new_key(const std::string& type);

}  // namespace hocket::cli
