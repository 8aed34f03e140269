#include "runner/agents/agent_folders.h"

#include <algorithm>
#include <optional>
#include <set>
#include <sys/utsname.h>

#include "core/base/file.h"
#include "core/base/names.h"
#include "core/ddl/argument_template.h"
#include "core/ddl/reader.h"
#include "core/ddl/task_folder.h"
#include "core/ddl/validator_reader.h"
#include "core/ddl/writer.h"
#include "core/process/foresee.h"

namespace hocket::agents {

namespace {

namespace fs = std::filesystem;

using Validators = std::shared_ptr<const ddl::Validators>;

/// Where an agent may be: the folder that its executable is in, and its name.
struct Place {
    fs::path folder;
    std::string name;
    bool is_shared;  ///< the folder has several agents, as Choria's does
};

/// Loads the agent of one place and collects what is wrong with it.
class AgentLoader {
public:
    AgentLoader(Place place, std::string search_path, std::vector<LoadProblem>& problems)
        : folder_(std::move(place.folder)),
          name_(std::move(place.name)),
          is_shared_(place.is_shared),
          search_path_(std::move(search_path)),
          problems_(problems) {}

    std::shared_ptr<const InstalledAgent> load(const AgentFolders& folders, const Validators& validators);

private:
    std::optional<fs::path> find_ddl();
    std::shared_ptr<const InstalledAgent> load_description(const fs::path& ddl_file,
                                                           const AgentFolders& folders,
                                                           const Validators& validators);
    std::shared_ptr<const InstalledAgent> load_data(const fs::path& ddl_file, const AgentFolders& folders,
                                                    const Validators& validators);
    std::shared_ptr<const InstalledAgent> load_tasks(const AgentFolders& folders);
    bool are_trusted(const fs::path& tasks);
    std::shared_ptr<InstalledAgent> install(ddl::Agent ddl, const AgentFolders& folders);
    static bool is_of_choria(const fs::path& file);
    bool is_served(const ddl::Agent& ddl);
    fs::path executable_of(const ddl::Agent& ddl) const;
    bool check(const InstalledAgent& agent);
    bool check_place_of(const fs::path& missing);
    process::Start start_of(const InstalledAgent& agent) const;
    bool check_executable(const fs::path& executable, const process::Start& start);
    void warn_of_another_name(const char* word);
    void warn_of_orphans(const InstalledAgent& agent);
    void warn_of_others_files(const std::string& agent);

    void refuse(const std::string& message) {
        problems_.push_back({LoadProblem::Kind::refused, name_, message});
    }
    void warn(const std::string& message) {
        problems_.push_back({LoadProblem::Kind::warning, name_, message});
    }

    void warn_of(const std::vector<ddl::Diagnostic>& warnings) {
        for (const ddl::Diagnostic& warning : warnings)
            warn(warning.file + ':' + std::to_string(warning.at.line) + ": " + warning.message);
    }

    const fs::path folder_;
    const std::string name_;
    const bool is_shared_;
    const std::string search_path_;
    std::vector<LoadProblem>& problems_;
};

/// As Go calls it, by which Choria names executables: linux_amd64.
std::string platform() {
    static const std::map<std::string_view, std::string_view> names = {
        {"x86_64", "amd64"}, {"aarch64", "arm64"}, {"i386", "386"},   {"i686", "386"},
        {"i586", "386"},     {"armv6l", "arm"},    {"armv7l", "arm"}, {"armv8l", "arm"}};
    utsname system{};
    ::uname(&system);
    const auto found = names.find(system.machine);
    return "linux_" + std::string(found == names.end() ? system.machine : found->second);
}

/// Each once. Where the DDL has commands an action may have its own.
std::set<fs::path> executables_of(const InstalledAgent& agent) {
    if (!ddl::has_commands(agent.ddl.run.contract)) return {agent.executable};
    std::set<fs::path> executables;
    for (const ddl::Action& action : agent.ddl.actions) {
        const auto command = ddl::ArgumentTemplate::parse(agent.ddl.script_of(action).command);
        if (command) executables.insert(agent.folder / command->executable());
    }
    return executables;
}

/// As far as can be seen without reading it as one.
bool is_description(const fs::path& file, const char* word) {
    const fs::path extension = file.extension();
    if (extension != ".yaml" && extension != ".yml" && extension != ".json") return false;
    const Result<std::string> text = read_file(file, ddl::k_max_source_bytes);
    return text && text->find("metadata") != std::string::npos && text->find(word) != std::string::npos;
}

std::optional<fs::path> AgentLoader::find_ddl() {
    if (is_shared_) return folder_ / (name_ + ".json");
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
    const std::size_t problems_before = problems_.size();
    if (const std::optional<fs::path> ddl_file = find_ddl())
        return load_description(*ddl_file, folders, validators);
    std::error_code ignored;
    const bool is_module = folders.role == Role::agent && problems_.size() == problems_before &&
                           !is_shared_ && fs::is_directory(folder_ / ddl::k_tasks_folder, ignored);
    if (is_module) return load_tasks(folders);
    const bool is_told = problems_.size() != problems_before;
    if (!is_shared_ && !is_told) warn_of_another_name(folders.role == Role::data ? "output" : "actions");
    if (!is_shared_) warn_of_others_files("");
    return nullptr;
}

/// What an agent reads or loads: also that of a folder that is no agent, and holds the libraries of those beside it.
void AgentLoader::warn_of_others_files(const std::string& agent) {
    Result<void> trusted = check_trusted(folder_);
    if (trusted) trusted = check_trusted_below(folder_);
    if (!trusted) problems_.push_back({LoadProblem::Kind::warning, agent, trusted.error().message});
}

/// Nobody misses what has no name that is looked for.
void AgentLoader::warn_of_another_name(const char* word) {
    std::error_code error;
    for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
        if (!is_description(entry->path(), word)) continue;
        warn(entry->path().string() + " is passed over: the folder '" + name_ + "' is described by " + name_ +
             ".yaml or " + name_ + ".json; rename one of them");
    }
}

std::shared_ptr<const InstalledAgent> AgentLoader::load_description(const fs::path& ddl_file,
                                                                    const AgentFolders& folders,
                                                                    const Validators& validators) {
    if (is_shared_ && !is_of_choria(ddl_file)) return nullptr;
    if (Result<void> trusted = check_trusted(ddl_file); !trusted) {
        refuse(trusted.error().message);
        return nullptr;
    }
    if (folders.role == Role::data) return load_data(ddl_file, folders, validators);
    Result<ddl::Loaded> loaded = ddl::read_file(ddl_file, validators);
    if (!loaded) {
        refuse(loaded.error().message);
        return nullptr;
    }
    if (!is_served(loaded->agent)) return nullptr;
    warn_of(loaded->warnings);
    const std::shared_ptr<InstalledAgent> agent = install(std::move(loaded->agent), folders);
    return check(*agent) ? agent : nullptr;
}

std::shared_ptr<const InstalledAgent> AgentLoader::load_data(const fs::path& ddl_file,
                                                             const AgentFolders& folders,
                                                             const Validators& validators) {
    const Result<ddl::LoadedData> loaded = ddl::read_data_file(ddl_file, validators);
    if (!loaded) {
        refuse(loaded.error().message);
        return nullptr;
    }
    warn_of(loaded->warnings);
    const std::shared_ptr<InstalledAgent> plugin = install(loaded->data.as_agent(), folders);
    plugin->role = Role::data;
    plugin->ttl_s = loaded->data.ttl_s;
    return check(*plugin) ? plugin : nullptr;
}

/// A module of Puppet, whose tasks are its actions.
std::shared_ptr<const InstalledAgent> AgentLoader::load_tasks(const AgentFolders& folders) {
    const fs::path tasks = folder_ / ddl::k_tasks_folder;
    if (!are_trusted(tasks)) return nullptr;
    Result<ddl::ModuleTasks> module = ddl::read_module_tasks(
        folder_, {.takes_any_inputs = folders.settings_of(name_).takes_any_parameters});
    if (!module) {
        warn(module.error().message);
        return nullptr;
    }
    for (const std::string& problem : module->problems)
        warn(problem);
    const std::shared_ptr<InstalledAgent> agent = install(std::move(module->agent), folders);
    agent->folder = tasks;
    return check(*agent) ? agent : nullptr;
}

bool AgentLoader::are_trusted(const fs::path& tasks) {
    std::error_code error;
    for (fs::directory_iterator entry(tasks, error), end; !error && entry != end; entry.increment(error)) {
        if (Result<void> trusted = check_trusted(entry->path()); !trusted) {
            refuse(trusted.error().message);
            return false;
        }
    }
    return true;
}

/// Choria's folder also has the DDLs of agents that Choria runs in other ways, and what else ends in .json.
bool AgentLoader::is_of_choria(const fs::path& file) {
    const Result<std::string> text = read_file(file, ddl::k_max_source_bytes);
    return text && text->find("\"metadata\"") != std::string::npos &&
           text->find("\"external\"") != std::string::npos;
}

bool AgentLoader::is_served(const ddl::Agent& ddl) {
    const bool is_run_otherwise = !ddl.has_run && !ddl.metadata.provider.empty();
    if (ddl.run.contract == ddl::Contract::choria || !(is_shared_ || is_run_otherwise)) return true;
    if (!is_shared_) {
        warn(ddl.file + " is not served: its provider is '" + ddl.metadata.provider +
             "', which Choria runs itself; a `run` block says how it is run here");
    }
    return false;
}

std::shared_ptr<InstalledAgent> AgentLoader::install(ddl::Agent ddl, const AgentFolders& folders) {
    auto agent = std::make_shared<InstalledAgent>();
    agent->ddl = std::move(ddl);
    agent->ddl_json = ddl::canonical_json(agent->ddl);
    agent->ddl_digest = ddl::digest(agent->ddl_json);
    agent->folder = folder_;
    agent->executable = executable_of(agent->ddl);
    agent->settings = folders.settings_of(name_);
    return agent;
}

fs::path AgentLoader::executable_of(const ddl::Agent& ddl) const {
    fs::path named = folder_ / (ddl.run.command.empty() ? name_ : ddl.run.command.front());
    std::error_code ignored;
    if (ddl.run.contract != ddl::Contract::choria || fs::is_regular_file(named, ignored)) return named;
    const fs::path compiled = folder_ / name_ / (name_ + '-' + platform());
    return fs::is_regular_file(compiled, ignored) ? compiled : named;
}

bool AgentLoader::check(const InstalledAgent& agent) {
    if (agent.ddl.metadata.name != name_) {
        refuse(agent.ddl.file + " describes " + agent.title() + ", its folder is '" + name_ + "'");
        return false;
    }
    for (const fs::path& executable : executables_of(agent)) {
        if (!check_executable(executable, start_of(agent))) return false;
    }
    warn_of_orphans(agent);
    if (!is_shared_) warn_of_others_files(name_);
    return true;
}

void AgentLoader::warn_of_orphans(const InstalledAgent& agent) {
    if (agent.ddl.run.orphans != ddl::Orphans::keep) return;
    const std::string section = "[" + section_of(agent.role) + "." + name_ + "]";
    if (!agent.settings.permits_kept_orphans) {
        warn("its DDL asks to keep orphans, which this node does not permit; set " + section +
             " orphans_keep = true to let them live");
    } else if (agent.settings.has_private_tmp) {
        warn(
            "private_tmp does not hold: its DDL keeps orphans, which may need their files after a call, "
            "and " +
            section + " permits it; set orphans_keep = false, or private_tmp = false");
    }
}

/// Who may put one there decides what runs.
bool AgentLoader::check_place_of(const fs::path& missing) {
    if (Result<void> trusted = check_trusted_place(missing); !trusted) {
        refuse(missing.string() +
               " does not exist, and others could put it there: " + trusted.error().message);
        return false;
    }
    warn(missing.string() + " does not exist: calls will answer `crashed`");
    return true;
}

process::Start AgentLoader::start_of(const InstalledAgent& agent) const {
    const std::optional<RunAs>& user = agent.settings.run_as;
    return {.account = user ? process::Account{user->user, user->uid, user->gid, user->groups}
                            : process::Account::ours(),
            .search_path = search_path_,
            .needs_execute_bit = agent.ddl.run.contract != ddl::Contract::bolt};
}

/// One that cannot start refuses each call with the reason; one that others could change must never run.
bool AgentLoader::check_executable(const fs::path& executable, const process::Start& start) {
    const std::string path = executable.string();
    std::error_code error;
    const fs::file_type type = fs::status(executable, error).type();
    if (type == fs::file_type::not_found) return check_place_of(executable);
    if (type == fs::file_type::none) {
        refuse(path + ": " + error.message());
        return false;
    }
    if (Result<void> trusted = check_trusted(executable); !trusted) {
        refuse(trusted.error().message);
        return false;
    }
    if (const std::optional<Error> foreseen = process::foresee_error(path, start))
        warn("calls will answer `crashed`: " + foreseen->message);
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

/// Those that Choria sees first, and then by name.
std::vector<Place> places_in(const fs::path& folder, Role role, std::vector<LoadProblem>& problems) {
    std::vector<Place> places;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        const fs::path& path = entry->path();
        if (entry->is_directory(ignored)) {
            places.push_back({path, path.filename().string(), false});
        } else if (role == Role::agent && path.extension() == ".json" && entry->is_regular_file(ignored)) {
            places.push_back({folder, path.stem().string(), true});
        }
    }
    if (error)
        problems.push_back({LoadProblem::Kind::warning, "",
                            folder.string() + ": " + error.message() + "; make it, or take it out of [" +
                                section_of(role) + "] folders"});
    std::erase_if(places, [](const Place& place) { return !is_agent_name(place.name); });
    std::ranges::sort(places, {}, [](const Place& place) { return std::pair(!place.is_shared, place.name); });
    return places;
}

}  // namespace

const AgentSettings& AgentFolders::settings_of(const std::string& agent) const {
    const auto own = settings.find(agent);
    return own == settings.end() ? defaults : own->second;
}

std::vector<std::shared_ptr<const InstalledAgent>> read_agents(const AgentFolders& folders,
                                                               std::vector<LoadProblem>& problems) {
    std::vector<std::shared_ptr<const InstalledAgent>> agents;
    const Validators validators = load_validators(folders.validators, problems);
    for (const fs::path& folder : folders.folders) {
        for (const Place& place : places_in(folder, folders.role, problems)) {
            auto agent = AgentLoader(place, folders.search_path, problems).load(folders, validators);
            if (agent) agents.push_back(std::move(agent));
        }
    }
    return agents;
}

}  // namespace hocket::agents
