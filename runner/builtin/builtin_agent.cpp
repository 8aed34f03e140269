#include "runner/builtin/builtin_agent.h"

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"

namespace hocket::builtin {

namespace {

constexpr const char* k_source = "built in";

std::shared_ptr<agents::InstalledAgent> installed(ddl::Agent ddl, BuiltinAgent& agent) {
    auto made = std::make_shared<agents::InstalledAgent>();
    made->ddl = std::move(ddl);
    made->ddl_json = ddl::canonical_json(made->ddl);
    made->ddl_digest = ddl::digest(made->ddl_json);
    made->builtin = &agent;
    return made;
}

}  // namespace

std::shared_ptr<const agents::InstalledAgent> install(BuiltinAgent& agent) {
    return installed(ddl::read_text(agent.ddl_text(), ddl::Format::yaml, k_source).value().agent, agent);
}

std::shared_ptr<const agents::InstalledAgent> install_data(BuiltinAgent& plugin) {
    const ddl::DataPlugin data =
        ddl::read_data_text(plugin.ddl_text(), ddl::Format::yaml, k_source).value().data;
    std::shared_ptr<agents::InstalledAgent> made = installed(data.as_agent(), plugin);
    made->role = agents::Role::data;
    made->ttl_s = data.ttl_s;
    return made;
}

}  // namespace hocket::builtin
