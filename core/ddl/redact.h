#pragma once

#include <set>
#include <string>

#include "core/base/hidden_json.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

/// The inputs of a request as audit and logs may hold them: only the values of declared inputs that are not
/// sensitive are kept, every other one becomes "***", since a mistyped name may stand before a secret. So do
/// all of an unknown action (null). Inputs that are not an object become "***" as a whole.
Json redact(const Action* action, const HiddenJson& inputs);

/// The same for the outputs of a reply.
Json redact_outputs(const Action* action, const Json& data);

/// Takes the values of a request's sensitive inputs out of what an agent says beside its outputs: an interpreter, for one, likes
/// to quote a value that it cannot take. Found are a text as it is or as JSON has it, each of its lines, and a number; what
/// has less than four characters stays, for it would be found everywhere, and so does what the agent has made of a value.
class SecretsRemoved {
public:
    SecretsRemoved(const Action& action, const HiddenJson& inputs);

    /// Nothing is ever found.
    bool empty() const { return secrets_.empty(); }

    /// With "***" for each of them.
    std::string from(const std::string& text) const;

    /// The same for every text in it, the names of members too.
    Json from(const Json& value) const;

private:
    void add(const Json& value);
    void add_text(const std::string& text);

    std::set<std::string> secrets_;
};

}  // namespace hocket::ddl
