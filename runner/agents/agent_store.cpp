#include "runner/agents/agent_store.h"

#include <algorithm>
#include <sys/stat.h>

namespace hocket::agents {

namespace {

/// Of a built-in one, which needs them if it is a program.
std::shared_ptr<const InstalledAgent> with_settings(const std::shared_ptr<const InstalledAgent>& agent,
                                                    const AgentFolders& folders) {
    if (agent->builtin != nullptr) return agent;
    auto own = std::make_shared<InstalledAgent>(*agent);
    own->settings = folders.settings_of(own->ddl.metadata.name);
    return own;
}

/// Differs when the description or the executable does.
std::string version_of(const InstalledAgent& agent) {
    struct stat file{};
    ::stat(agent.executable.c_str(), &file);
    return agent.ddl_digest + ' ' + agent.executable.string() + ' ' + std::to_string(file.st_ino) + ' ' +
           std::to_string(file.st_size) + ' ' + std::to_string(file.st_mtim.tv_sec) + '.' +
           std::to_string(file.st_mtim.tv_nsec) + ' ' + std::to_string(file.st_mode);
}

}  // namespace

void AgentStore::add_builtin(std::shared_ptr<const InstalledAgent> agent) {
    builtins_.push_back(std::move(agent));
}

std::vector<LoadProblem> AgentStore::load(const AgentFolders& folders, Ask ask) {
    std::vector<LoadProblem> problems;
    Agents loaded;
    for (const auto& agent : builtins_)
        loaded.emplace(agent->ddl.metadata.name, with_settings(agent, folders));
    for (const auto& agent : read_agents(folders, problems)) {
        const std::string& name = agent->ddl.metadata.name;
        const auto [first, is_new] = loaded.emplace(name, agent);
        if (is_new) continue;
        const bool is_builtin =
            std::ranges::any_of(builtins_, [&](const auto& each) { return each->ddl.metadata.name == name; });
        problems.push_back({LoadProblem::Kind::refused, name,
                            agent->ddl.file + " is hidden by " +
                                (is_builtin ? "the built-in one of that name" : first->second->ddl.file)});
    }
    refused_.clear();
    for (const LoadProblem& problem : problems) {
        if (problem.kind == LoadProblem::Kind::refused && !loaded.contains(problem.agent))
            refused_.insert(problem.agent);
    }
    replace_with(std::move(loaded), ask);
    return problems;
}

void AgentStore::replace_with(Agents loaded, Ask ask) {
    undecided_.clear();
    for (auto& [name, agent] : loaded) {
        if (!agent->decides_itself()) continue;
        const auto said = said_.find(name);
        const bool holds =
            ask == Ask::changed && said != said_.end() && said->second.version == version_of(*agent);
        if (holds) {
            if (!said->second.serves) agent = nullptr;
            continue;
        }
        undecided_.push_back(agent);
        agent = serving_until_decided(agent);
    }
    std::erase_if(loaded, [](const auto& each) { return each.second == nullptr; });
    agents_ = std::move(loaded);
    list_names();
}

std::shared_ptr<const InstalledAgent> AgentStore::serving_until_decided(
    const std::shared_ptr<const InstalledAgent>& agent) const {
    const auto before = agents_.find(agent->ddl.metadata.name);
    return before != agents_.end() && before->second->decides_itself() ? before->second : nullptr;
}

bool AgentStore::decide(std::shared_ptr<const InstalledAgent> agent, Verdict verdict) {
    const auto found = std::ranges::find(undecided_, agent);
    if (found == undecided_.end()) return false;
    const std::string& name = agent->ddl.metadata.name;
    if (verdict == Verdict::unknown) {
        const auto before = agents_.find(name);
        const bool is_same = before != agents_.end() && before->second->ddl_digest == agent->ddl_digest;
        if (!is_same) agents_.erase(name);
    } else {
        undecided_.erase(found);
        said_.insert_or_assign(name, Said{version_of(*agent), verdict == Verdict::serves});
        if (verdict == Verdict::serves) agents_.insert_or_assign(name, agent);
        if (verdict == Verdict::declines) agents_.erase(name);
    }
    list_names();
    return true;
}

void AgentStore::list_names() {
    names_.clear();
    for (const auto& [name, agent] : agents_)
        names_.push_back(name);
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
