#pragma once

#include <string>

#include "core/base/result.h"
#include "core/wire/keys.h"
#include "core/wire/request.h"

namespace hocket::client {

/// A request and the bytes that stand for it on the wire: the same each time it is sent.
struct SignedRequest {
    wire::Request request;
    std::string payload;
    std::string signature;  ///< value of the signature header
    std::string sha256;     ///< of the payload, hexadecimal: what replies must quote
};

/// Errors: usage: a name that is not one (a person typed it, and subjects are made from it), or too many targets.
Result<SignedRequest> sign(wire::Request request, const wire::CallerKeys& keys);

}  // namespace hocket::client
