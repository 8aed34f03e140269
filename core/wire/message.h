#pragma once

#include <string>
#include <vector>

namespace hocket::wire {

/// The NATS header that carries the signature (spec/protocol.md, signature).
inline constexpr char k_signature_header[] = "Hocket-Signature";

/// One message as it came from the broker, or as it goes there. Nothing in it is checked.
struct Message {
    std::string subject;
    std::string reply_subject;            ///< empty when the sender wants no answer
    std::vector<std::string> signatures;  ///< values of k_signature_header; exactly one is valid
    std::string payload;
    /// The broker's unsigned 503: nobody listened on one of the subjects asked. Which one is not told, cnats keeps the
    /// subject of such a message: `subject` may be empty.
    bool no_responders = false;
};

}  // namespace hocket::wire
