#include "client/lib/ddl_source.h"

#include <array>

#include "core/base/file.h"
#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/limits.h"
#include "core/ddl/reader.h"
#include "core/ddl/validator_reader.h"
#include "core/ddl/writer.h"

namespace hocket::client {

namespace {

namespace fs = std::filesystem;

constexpr std::array k_extensions = {".json", ".yaml", ".yml"};
constexpr std::size_t k_digest_characters = 64;

Error invalid(const std::string& message) {
    return {ErrorCode::invalid_ddl, message, {}};
}

bool is_digest(std::string_view text) {
    return text.size() == k_digest_characters && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::optional<fs::path> find_file(const fs::path& folder, const std::string& agent) {
    std::error_code ignored;
    for (const fs::path& stem : {folder / agent / agent, folder / agent}) {
        for (const char* extension : k_extensions) {
            fs::path file = stem;
            file += extension;
            if (fs::is_regular_file(file, ignored)) return file;
        }
    }
    return std::nullopt;
}

/// A canonical DDL whose bytes have the digest and that describes the agent.
Result<ddl::Agent> read_canonical(const std::string& agent, const std::string& digest,
                                  const std::string& text, const std::string& place) {
    if (ddl::digest(text) != digest)
        return invalid("its bytes do not have the digest " + quote_bytes(digest));
    Result<ddl::Loaded> loaded = ddl::read_text(text, ddl::Format::json, place);
    if (!loaded) return loaded.error();
    if (loaded->agent.metadata.name != agent) {
        return invalid("it describes agent " + quote_bytes(loaded->agent.metadata.name));
    }
    return std::move(loaded->agent);
}

}  // namespace

Result<std::optional<AgentDdl>> DdlSource::in_folders(const std::string& agent) const {
    if (!is_agent_name(agent)) return std::optional<AgentDdl>();
    for (const fs::path& folder : config_.folders) {
        const std::optional<fs::path> file = find_file(folder, agent);
        if (!file) continue;
        Result<ddl::Validators> validators = ddl::read_validators_folder(config_.validators);
        if (!validators) return validators.error();
        Result<ddl::Loaded> loaded =
            ddl::read_file(*file, std::make_shared<ddl::Validators>(std::move(*validators)));
        if (!loaded) return loaded.error();
        if (loaded->agent.metadata.name != agent) {
            return invalid(file->string() + ": it describes agent '" + loaded->agent.metadata.name +
                           "'; name the file like its agent");
        }
        const std::string digest = ddl::digest(ddl::canonical_json(loaded->agent));
        return std::optional(
            AgentDdl{std::move(loaded->agent), AgentDdl::Origin::folder, file->string(), digest});
    }
    return std::optional<AgentDdl>();
}

std::optional<AgentDdl> DdlSource::cached(const std::string& agent, const std::string& digest) const {
    if (config_.cache.empty() || !is_agent_name(agent) || !is_digest(digest)) return std::nullopt;
    const fs::path file = cache_file(agent, digest);
    const Result<std::string> text = read_file(file, ddl::k_max_source_bytes);
    if (!text) return std::nullopt;
    Result<ddl::Agent> read = read_canonical(agent, digest, *text, file.string());
    if (!read) return std::nullopt;
    return AgentDdl{std::move(*read), AgentDdl::Origin::cache, file.string(), digest};
}

std::optional<AgentDdl> DdlSource::last_cached(const std::string& agent) const {
    if (config_.cache.empty() || !is_agent_name(agent)) return std::nullopt;
    const std::string prefix = agent + '-';
    std::string newest;
    fs::file_time_type newest_time = fs::file_time_type::min();
    std::error_code error;
    for (fs::directory_iterator each(config_.cache, error), end; !error && each != end;
         each.increment(error)) {
        const std::string stem = each->path().stem().string();
        const fs::file_time_type time = each->last_write_time(error);
        if (error || !stem.starts_with(prefix) || time < newest_time) continue;
        const std::string digest = stem.substr(prefix.size());
        // What was being written when somebody pulled the plug has a name like one.
        if (each->path().extension() != ".json" || !is_digest(digest)) continue;
        newest = digest;
        newest_time = time;
    }
    return cached(agent, newest);
}

Result<AgentDdl> DdlSource::accept(const std::string& agent, const std::string& digest,
                                   const std::string& text, const std::string& identity) const {
    Result<ddl::Agent> read = read_canonical(agent, digest, text, agent + " of " + identity);
    if (!read) return read.error().within("DDL of agent '" + agent + "' from node " + identity);
    if (!config_.cache.empty() && is_digest(digest)) keep(cache_file(agent, digest), text);
    return AgentDdl{std::move(*read), AgentDdl::Origin::node, identity, digest};
}

fs::path DdlSource::cache_file(const std::string& agent, const std::string& digest) const {
    return config_.cache / (agent + '-' + digest + ".json");
}

void DdlSource::keep(const fs::path& file, const std::string& text) const {
    // Without a cache the next command asks a node again: slower, and nothing else.
    std::error_code ignored;
    if (const auto kept = read_file(file, text.size()); kept && *kept == text)
        return fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
    fs::create_directories(file.parent_path(), ignored);
    static_cast<void>(write_file_atomically(file, text, 0600));
}

Result<ddl::Action> find_action(const ddl::Agent& agent, const std::string& action) {
    if (const ddl::Action* found = agent.find(action)) return *found;
    std::vector<std::string> names;
    for (const ddl::Action& each : agent.actions)
        names.push_back(each.name);
    const std::string suggestion = nearest(action, names);
    return Error{
        ErrorCode::usage,
        "agent '" + agent.metadata.name + "' has no action " + quote_bytes(action) +
            (suggestion.empty() ? "; it has " + join(names, ", ") : "; did you mean '" + suggestion + "'?"),
        {}};
}

}  // namespace hocket::client
