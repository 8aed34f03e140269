#include "runner/agents/agent_store.h"

#include <algorithm>
#include <set>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/argument_template.h"
#include "core/ddl/reader.h"
#include "core/ddl/validator_reader.h"
#include "core/ddl/writer.h"

namespace hocket::agents {

namespace {

namespace fs = std::filesystem;

using Validators = std::shared_ptr<const ddl::Validators>;

/// Loads one folder and collects what is wrong with it.
class AgentLoader {
public:
    AgentLoader(fs::path folder, std::vector<LoadProblem>& problems)
        : folder_(std::move(folder)), name_(folder_.filename().string()), problems_(problems) {}

    std::shared_ptr<const InstalledAgent> load(const AgentFolders& folders, const Validators& validators);

private:
    std::optional<fs::path> find_ddl();
    bool check(const InstalledAgent& agent);
    bool check_executable(const fs::path& executable);

    void refuse(const std::string& message) {
        problems_.push_back({LoadProblem::Kind::refused, name_, message});
    }
    void warn(const std::string& message) {
        problems_.push_back({LoadProblem::Kind::warning, name_, message});
    }

    fs::path folder_;
    std::string name_;
    std::vector<LoadProblem>& problems_;
};

/// Each once. Under contract `script` an action may have its own.
std::set<fs::path> executables_of(const InstalledAgent& agent) {
    if (agent.ddl.run.contract != ddl::Contract::script) return {agent.executable};
    std::set<fs::path> executables;
    for (const ddl::Action& action : agent.ddl.actions) {
        const auto command = ddl::ArgumentTemplate::parse(agent.ddl.script_of(action).command);
        if (command) executables.insert(agent.folder / command->executable());
    }
    return executables;
}

std::optional<fs::path> AgentLoader::find_ddl() {
    std::vector<fs::path> found;
    for (const char* extension : {".json", ".yaml", ".yml"}) {
        fs::path candidate = folder_ / (name_ + extension);
        std::error_code ignored;
        if (fs::is_regular_file(candidate, ignored)) found.push_back(std::move(candidate));
    }
    if (found.empty()) return std::nullopt;
    if (found.size() > 1) {
        refuse(found[0].string() + " and " + found[1].filename().string() +
               " both describe it; keep one of them");
        return std::nullopt;
    }
    return found.front();
}

std::shared_ptr<const InstalledAgent> AgentLoader::load(const AgentFolders& folders,
                                                        const Validators& validators) {
    const std::optional<fs::path> ddl_file = find_ddl();
    if (!ddl_file) return nullptr;
    if (Result<void> trusted = check_trusted(*ddl_file); !trusted) {
        refuse(trusted.error().message);
        return nullptr;
    }
    Result<ddl::Loaded> loaded = ddl::read_file(*ddl_file, validators);
    if (!loaded) {
        refuse(loaded.error().message);
        return nullptr;
    }
    for (const ddl::Diagnostic& warning : loaded->warnings)
        warn(warning.file + ':' + std::to_string(warning.at.line) + ": " + warning.message);
    auto agent = std::make_shared<InstalledAgent>();
    agent->ddl = std::move(loaded->agent);
    agent->ddl_json = ddl::canonical_json(agent->ddl);
    agent->ddl_digest = ddl::digest(agent->ddl_json);
    agent->folder = folder_;
    agent->executable = folder_ / (agent->ddl.run.command.empty() ? name_ : agent->ddl.run.command.front());
    const auto own = folders.settings.find(name_);
    agent->settings = own == folders.settings.end() ? folders.defaults : own->second;
    return check(*agent) ? agent : nullptr;
}

bool AgentLoader::check(const InstalledAgent& agent) {
    if (agent.ddl.metadata.name != name_) {
        refuse(agent.ddl.file + " describes agent '" + agent.ddl.metadata.name + "', its folder is '" +
               name_ + "'");
        return false;
    }
    for (const fs::path& executable : executables_of(agent)) {
        if (!check_executable(executable)) return false;
    }
    if (agent.ddl.run.orphans == ddl::Orphans::keep && !agent.settings.permits_kept_orphans) {
        warn("its DDL asks to keep orphans, which this node does not permit; set [agents." + name_ +
             "] orphans_keep = true to let them live");
    }
    return true;
}

/// A missing one refuses each call with the reason; one that others could change must never run.
bool AgentLoader::check_executable(const fs::path& executable) {
    const std::string path = executable.string();
    if (!fs::exists(executable)) {
        warn(path + " does not exist: calls will answer `crashed`");
        return true;
    }
    if (Result<void> trusted = check_trusted(executable); !trusted) {
        refuse(trusted.error().message);
        return false;
    }
    if (::access(executable.c_str(), X_OK) != 0) {
        warn(path + " is not executable: calls will answer `crashed`; try: chmod +x " + path);
    }
    return true;
}

/// Without them agents whose DDLs name one are not loaded, each with the reason.
Validators load_validators(const fs::path& folder, std::vector<LoadProblem>& problems) {
    Result<ddl::Validators> validators = ddl::read_validators_folder(folder, ddl::Trust::checked);
    if (!validators) {
        problems.push_back(
            {LoadProblem::Kind::refused, "any",
             "the validators of " + folder.string() + " cannot be read: " + validators.error().message});
        return nullptr;
    }
    return std::make_shared<ddl::Validators>(std::move(*validators));
}

std::vector<fs::path> subfolders(const fs::path& folder, std::vector<LoadProblem>& problems) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (entry->is_directory(ignored)) found.push_back(entry->path());
    }
    if (error)
        problems.push_back(
            {LoadProblem::Kind::warning, "",
             folder.string() + ": " + error.message() + "; make it, or take it out of [agents] folders"});
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

void AgentStore::add_builtin(std::shared_ptr<const InstalledAgent> agent) {
    builtins_.push_back(std::move(agent));
}

std::vector<LoadProblem> AgentStore::load(const AgentFolders& folders) {
    std::vector<LoadProblem> problems;
    agents_.clear();
    for (const auto& agent : builtins_)
        agents_.emplace(agent->ddl.metadata.name, agent);
    const Validators validators = load_validators(folders.validators, problems);
    for (const fs::path& folder : folders.folders) {
        for (const fs::path& subfolder : subfolders(folder, problems)) {
            if (!is_agent_name(subfolder.filename().string())) continue;
            const auto agent = AgentLoader(subfolder, problems).load(folders, validators);
            if (!agent) continue;
            const auto [existing, is_new] = agents_.emplace(agent->ddl.metadata.name, agent);
            if (is_new) continue;
            const bool builtin = existing->second->builtin != nullptr;
            problems.push_back(
                {LoadProblem::Kind::refused, agent->ddl.metadata.name,
                 subfolder.string() + " is hidden by " +
                     (builtin ? "the built-in agent of that name" : existing->second->folder.string())});
        }
    }
    names_.clear();
    for (const auto& [name, agent] : agents_)
        names_.push_back(name);
    return problems;
}

std::shared_ptr<const InstalledAgent> AgentStore::find(std::string_view name) const {
    const auto agent = agents_.find(name);
    return agent == agents_.end() ? nullptr : agent->second;
}

std::vector<std::shared_ptr<const InstalledAgent>> AgentStore::all() const {
    std::vector<std::shared_ptr<const InstalledAgent>> all;
    for (const auto& [name, agent] : agents_)
        all.push_back(agent);
    return all;
}

}  // namespace hocket::agents
