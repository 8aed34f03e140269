#include "runner/builtin/builtin_agent.h"

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"

namespace hocket::builtin {

std::shared_ptr<const agents::InstalledAgent> install(BuiltinAgent& agent) {
    auto installed = std::make_shared<agents::InstalledAgent>();
    installed->ddl = ddl::read_text(agent.ddl_text(), ddl::Format::yaml, "built in").value().agent;
    installed->ddl_json = ddl::canonical_json(installed->ddl);
    installed->ddl_digest = ddl::digest(installed->ddl_json);
    installed->builtin = &agent;
    return installed;
}

}  // namespace hocket::builtin
