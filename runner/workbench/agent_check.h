#pragma once

#include <functional>
#include <string>

#include "runner/findings.h"
#include "runner/workbench/folder_stamp.h"
#include "runner/workbench/workbench.h"

namespace hocket::workbench {

/// Looks at an agent as a careful colleague would: what a node will warn of, dry runs of what changes nothing, and whether
/// `standby` or `worker` would pay. An action is run if it is read_only, or with noop if it is not destructive, declares
/// noop and is told of it; others only when they are asked for by name. A program is started without a request only if all its
/// actions may be run so, or if it wants that: `standby`.
class AgentCheck {
public:
    using Found = std::function<void(const Finding&)>;

    AgentCheck(Workbench& bench, Found found) : bench_(bench), found_(std::move(found)) {}

    /// All of it.
    void run();

    /// One action, with these inputs.
    void run(const Question& question);

    bool has_errors() const { return has_errors_; }

private:
    void tell(Finding::Level level, const std::string& text);
    void check_description();
    void try_actions();
    void tell_not_run(const ddl::Action& action, const std::string& why);
    void try_action(const ddl::Action& action, Question question);
    void judge_answer(const ddl::Action& action, const Answer& answer);
    void judge_claims(const ddl::Action& action, const execution::AgentResult& result);
    void judge_outputs(const ddl::Action& action, const Answer& answer);
    void judge_process(const std::string& action, const process::Ended& ended);
    void judge_noise(const std::string& action, const Trace& trace);
    void tell_of_log(const std::string& action, std::size_t bytes);
    void check_start();
    void check_variables();
    void check_worker();
    void check_end_of_worker();
    FolderStamp own_folder() const;
    void judge_folder(const FolderStamp& before);
    void recommend(const Ahead& ahead);

    const ddl::Agent& ddl() const { return bench_.agent().ddl; }

    Workbench& bench_;
    Found found_;
    bool has_errors_ = false;
    std::optional<Question> good_;  ///< one that was answered with ok
};

}  // namespace hocket::workbench
