#include "core/base/outcome.h"

#include <algorithm>

namespace hocket {

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::ok: return "ok";
        case Outcome::failed: return "failed";
        case Outcome::unknown_agent: return "unknown_agent";
        case Outcome::unknown_action: return "unknown_action";
        case Outcome::invalid: return "invalid";
        case Outcome::unsupported: return "unsupported";
        case Outcome::denied: return "denied";
        case Outcome::not_matched: return "not_matched";
        case Outcome::timeout: return "timeout";
        case Outcome::crashed: return "crashed";
        case Outcome::bad_reply: return "bad_reply";
        case Outcome::invalid_output: return "invalid_output";
        case Outcome::too_large: return "too_large";
        case Outcome::busy: return "busy";
        case Outcome::draining: return "draining";
        case Outcome::expired: return "expired";
        case Outcome::clock_skew: return "clock_skew";
        case Outcome::internal: return "internal";
        case Outcome::no_response: return "no_response";
        case Outcome::not_sent: return "not_sent";
        case Outcome::cancelled: return "cancelled";
    }
    return "internal";
}

std::optional<Outcome> outcome_from(std::string_view word) {
    const auto* found = std::find_if(k_outcomes.begin(), k_outcomes.end(),
                                     [word](Outcome outcome) { return to_string(outcome) == word; });
    if (found == k_outcomes.end()) return std::nullopt;
    return *found;
}

bool is_node_outcome(Outcome outcome) {
    return outcome != Outcome::no_response && outcome != Outcome::not_sent && outcome != Outcome::cancelled;
}

int statuscode(Outcome outcome) {
    switch (outcome) {
        case Outcome::ok: return 0;
        case Outcome::failed:
        case Outcome::denied: return 1;
        case Outcome::unknown_agent:
        case Outcome::unknown_action: return 2;
        case Outcome::invalid:
        case Outcome::unsupported: return 4;
        case Outcome::not_matched:
        case Outcome::timeout:
        case Outcome::crashed:
        case Outcome::bad_reply:
        case Outcome::invalid_output:
        case Outcome::too_large:
        case Outcome::busy:
        case Outcome::draining:
        case Outcome::expired:
        case Outcome::clock_skew:
        case Outcome::internal:
        case Outcome::no_response:
        case Outcome::not_sent:
        case Outcome::cancelled: return 5;
    }
    return 5;
}

}  // namespace hocket
