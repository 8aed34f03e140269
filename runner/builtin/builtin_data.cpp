#include "runner/builtin/builtin_data.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"
#include "core/filter/fact_path.h"

namespace hocket::builtin {

namespace {

std::string query_of(const agents::ValidCall& call) {
    return call.inputs().reveal().at(std::string(ddl::k_query)).get<std::string>();
}

constexpr std::string_view k_fact = R"(
kind: data
metadata:
  name: fact
  description: The value of one fact
  author: The Hocket authors
  license: Apache-2.0
  version: "1.0.0"
  url: https://hocket.io
  timeout: 1
query:
  prompt: Fact
  description: The fact's name; dots lead into structures, as in os.family
  type: string
  validation: '^.+$'
  maxlength: 512
output:
  exists: {description: Whether the node has the fact, display_as: Exists, type: boolean}
  value: {description: 'Its value, of structures their JSON; null when there is none', display_as: Value}
  value_encoding: {description: 'application/json when the value is the JSON of a structure', display_as: Encoding, type: string}
)";

constexpr std::string_view k_agent = R"(
kind: data
metadata:
  name: agent
  description: Whether the node has an agent, and which
  author: The Hocket authors
  license: Apache-2.0
  version: "1.0.0"
  url: https://hocket.io
  timeout: 1
query:
  prompt: Agent
  description: The agent's name
  type: string
  validation: '^[a-z0-9_]+$'
  maxlength: 64
output:
  present: {description: Whether the node has the agent, display_as: Present, type: boolean}
  description: {description: What it is for; null as all others when the node has it not, display_as: Description, type: string}
  author: {description: Who wrote it, display_as: Author, type: string}
  license: {description: Its license, display_as: License, type: string}
  version: {description: Its version, display_as: Version, type: string}
  url: {description: Where to read more, display_as: URL, type: string}
  timeout: {description: 'How long it may take, in seconds', display_as: Timeout, type: integer}
)";

constexpr std::string_view k_collective = R"(
kind: data
metadata:
  name: collective
  description: Whether the node has joined a collective
  author: The Hocket authors
  license: Apache-2.0
  version: "1.0.0"
  url: https://hocket.io
  timeout: 1
query:
  prompt: Collective
  description: The collective's name
  type: string
  validation: '^.+$'
  maxlength: 64
output:
  member: {description: Whether the node has joined it, display_as: Member, type: boolean}
)";

constexpr std::string_view k_fstat = R"(
kind: data
metadata:
  name: fstat
  description: What a file is
  author: The Hocket authors
  license: Apache-2.0
  version: "1.0.0"
  url: https://hocket.io
  timeout: 10
run:
  contract: json
  command: [hocket-fstat]
  max_parallel: 2
query:
  prompt: File
  description: An absolute path; the last of its links is not followed
  type: string
  validation: '^/[^\x00]*$'
  maxlength: 4096
output:
  name: {description: The path, display_as: Name, type: string}
  output: {description: present or not present, display_as: Status, type: string}
  present: {description: '1 when there is such a file, else 0', display_as: Present, type: integer}
  type: {description: 'file, directory, symlink, socket, fifo, chardev, blockdev or unknown', display_as: Type, type: string}
  mode: {description: 'Type and permissions in octal, as in 100644', display_as: Mode, type: string}
  size: {description: Bytes, display_as: Size, type: integer}
  uid: {description: The owner's number, display_as: Owner, type: integer}
  gid: {description: The group's number, display_as: Group, type: integer}
  mtime: {description: When its content was changed, display_as: Modification time, type: string}
  mtime_seconds: {description: The same in Unix seconds, display_as: Modification time, type: integer}
  mtime_age: {description: The same in seconds before now, display_as: Modification age, type: integer}
  ctime: {description: When its attributes were changed, display_as: Change time, type: string}
  ctime_seconds: {description: The same in Unix seconds, display_as: Change time, type: integer}
  ctime_age: {description: The same in seconds before now, display_as: Change age, type: integer}
  atime: {description: When it was read, display_as: Access time, type: string}
  atime_seconds: {description: The same in Unix seconds, display_as: Access time, type: integer}
  atime_age: {description: The same in seconds before now, display_as: Access age, type: integer}
  md5: {description: 'MD5 of the content of a file up to 64 MiB; empty for others, and for what cannot be read', display_as: MD5, type: string}
  sha256: {description: The same in SHA-256, display_as: SHA-256, type: string}
)";

std::shared_ptr<agents::InstalledAgent> described(std::string_view ddl) {
    auto plugin = std::make_shared<agents::InstalledAgent>();
    plugin->role = agents::Role::data;
    plugin->ddl = ddl::read_data_text(ddl, ddl::Format::yaml, "built in").value().data.as_agent();
    plugin->ddl_json = ddl::canonical_json(plugin->ddl);
    plugin->ddl_digest = ddl::digest(plugin->ddl_json);
    return plugin;
}

}  // namespace

std::string_view FactData::ddl_text() const {
    return k_fact;
}

Result<BuiltinAgent::Answer> FactData::call(const agents::ValidCall& call) {
    const std::shared_ptr<const Json> facts = node_.facts.visible();
    const Json* const value = filter::find_fact(*facts, query_of(call));
    if (value == nullptr)
        return Answer(Json{{"exists", false}, {"value", nullptr}, {"value_encoding", nullptr}});
    if (!value->is_structured())
        return Answer(Json{{"exists", true}, {"value", *value}, {"value_encoding", nullptr}});
    return Answer(
        Json{{"exists", true}, {"value", dump_json(*value)}, {"value_encoding", "application/json"}});
}

std::string_view AgentData::ddl_text() const {
    return k_agent;
}

Result<BuiltinAgent::Answer> AgentData::call(const agents::ValidCall& call) {
    const auto agent = node_.agents.find(query_of(call));
    Json outputs = {{"present", agent != nullptr}};
    for (const char* name : {"description", "author", "license", "version", "url", "timeout"})
        outputs[name] = nullptr;
    if (!agent) return Answer(std::move(outputs));
    const ddl::Metadata& metadata = agent->ddl.metadata;
    outputs["description"] = metadata.description;
    outputs["author"] = metadata.author;
    outputs["license"] = metadata.license;
    outputs["version"] = metadata.version;
    outputs["url"] = metadata.url;
    outputs["timeout"] = metadata.timeout_s;
    return Answer(std::move(outputs));
}

std::string_view CollectiveData::ddl_text() const {
    return k_collective;
}

Result<BuiltinAgent::Answer> CollectiveData::call(const agents::ValidCall& call) {
    const std::vector<std::string>& joined = node_.config->collectives;
    return Answer(Json{{"member", std::ranges::find(joined, query_of(call)) != joined.end()}});
}

std::shared_ptr<const agents::InstalledAgent> install_fstat(const std::filesystem::path& helpers) {
    const std::shared_ptr<agents::InstalledAgent> plugin = described(k_fstat);
    plugin->folder = helpers;
    plugin->executable = helpers / plugin->ddl.run.command.front();
    return plugin;
}

std::vector<std::shared_ptr<const agents::InstalledAgent>> describe_builtin_data(
    const std::filesystem::path& helpers, bool has_fstat) {
    std::vector<std::shared_ptr<const agents::InstalledAgent>> all = {described(k_fact), described(k_agent),
                                                                      described(k_collective)};
    if (has_fstat) all.push_back(install_fstat(helpers));
    return all;
}

}  // namespace hocket::builtin
