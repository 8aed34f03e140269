#pragma once

#include "core/base/log.h"
#include "runner/execution/bolt_contract.h"
#include "runner/execution/choria_contract.h"
#include "runner/execution/json_contract.h"
#include "runner/execution/nagios_contract.h"
#include "runner/execution/script_contract.h"

namespace hocket::execution {

/// One of each.
struct Contracts {
    explicit Contracts(Log& log) : json(log), script(log), choria(log), nagios(log), bolt(log) {}

    /// That of a process for one call.
    const Contract& of(const agents::InstalledAgent& agent) const {
        switch (agent.ddl.run.contract) {
            case ddl::Contract::script: return script;
            case ddl::Contract::choria: return choria;
            case ddl::Contract::nagios: return nagios;
            case ddl::Contract::bolt: return bolt;
            case ddl::Contract::json:
            case ddl::Contract::worker: break;
        }
        return json;
    }

    JsonContract json;
    ScriptContract script;
    ChoriaContract choria;
    NagiosContract nagios;
    BoltContract bolt;
};

}  // namespace hocket::execution
