#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runner/agents/agent_folders.h"
#include "runner/agents/installed_agent.h"

namespace hocket::agents {

/// The agents of this node: the built-in ones, and those found in the configured folders.
///
/// The first of two agents with one name wins.
///
/// An agent that decides itself whether it serves is undecided after a load, until decide(). If there was one of that name
/// before, that one serves until then. What an agent has said once holds for one that has not changed, unless all are asked.
///
/// Data plugins are kept in a store of their own: a folder FOLDER/NAME with a DDL of kind `data`, which never decides itself.
///
/// Thread: io thread only.
class AgentStore {
public:
    /// Before the first load(). One that is a program gets its settings from the folders'.
    void add_builtin(std::shared_ptr<const InstalledAgent> agent);

    /// Which of the agents that decide themselves are undecided then.
    enum class Ask { changed, all };

    /// Reads the folders anew and replaces what was loaded; an agent that cannot be read is left out, with a problem.
    std::vector<LoadProblem> load(const AgentFolders& folders, Ask ask = Ask::all);

    const std::vector<std::shared_ptr<const InstalledAgent>>& undecided() const { return undecided_; }

    enum class Verdict {
        serves,
        declines,
        unknown,  ///< it did not say: it stays undecided, and who serves goes on if its description is the same
    };

    /// False: the agent is not undecided any more, since the folders were loaded anew, and nothing has changed.
    bool decide(std::shared_ptr<const InstalledAgent> agent, Verdict verdict);

    std::shared_ptr<const InstalledAgent> find(std::string_view name) const;

    /// Whether the last load() found an agent of that name, and could not take it.
    bool is_refused(std::string_view name) const { return refused_.contains(name); }

    std::vector<std::shared_ptr<const InstalledAgent>> all() const;

    /// Sorted.
    const std::vector<std::string>& names() const { return names_; }
    const std::map<std::string, std::shared_ptr<const InstalledAgent>, std::less<>>& agents() const {
        return agents_;
    }

private:
    using Agents = std::map<std::string, std::shared_ptr<const InstalledAgent>, std::less<>>;

    struct Said {
        std::string version;  ///< of the agent that said it
        bool serves;
    };

    void replace_with(Agents loaded, Ask ask);
    std::shared_ptr<const InstalledAgent> serving_until_decided(
        const std::shared_ptr<const InstalledAgent>& agent) const;
    void list_names();

    std::vector<std::shared_ptr<const InstalledAgent>> builtins_;
    Agents agents_;
    std::vector<std::shared_ptr<const InstalledAgent>> undecided_;
    std::map<std::string, Said> said_;  ///< by agent
    std::vector<std::string> names_;
    std::set<std::string, std::less<>> refused_;
};

}  // namespace hocket::agents
