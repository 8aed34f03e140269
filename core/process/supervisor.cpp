#include "core/process/supervisor.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <poll.h>
#include <random>
#include <sys/prctl.h>
#include <utility>

#include <boost/asio/post.hpp>

#include "core/process/execution.h"
#include "core/process/forest.h"
#include "core/process/pidfd.h"
#include "core/process/pipe.h"

namespace hocket::process {

namespace {

using std::chrono::milliseconds;

constexpr int k_looks_in_orphan_max = 6;
constexpr int k_end_attempts = 200;
constexpr int k_end_pause_ms = 5;
constexpr std::chrono::minutes k_longest_removal{1};
constexpr int k_last_removal_ms = 10'000;
constexpr std::array k_remover = {"/bin/rm", "-rf", "--one-file-system",
                                  "--"};  // with few descriptors, however deep

std::string unguessable_id() {
    std::random_device random;
    return "scratch-" + std::to_string(random()) + std::to_string(random());
}

std::string why_not_removed(const Ended& ended) {
    if (const auto* const failed = std::get_if<LaunchFailed>(&ended.end)) return failed->error.message;
    return ended.errors.text.empty() ? "rm was ended" : ended.errors.text;
}

}  // namespace

Supervisor::Supervisor(boost::asio::any_io_executor executor, Options options,
                       std::optional<CgroupFolder> cgroup, Log& log)
    : executor_(std::move(executor)),
      cgroup_(std::move(cgroup)),
      log_(log),
      forest_(std::make_unique<Forest>(log)),
      linger_helper_(std::move(options.linger_helper)),
      tend_interval_(std::max(options.orphan_max_ms / k_looks_in_orphan_max, milliseconds(1))),
      tend_timer_(executor_) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGCHLD, SIG_DFL);  // ignored, children would vanish without a status
}

Supervisor::~Supervisor() {
    if (!linger_helper_.empty())
        std::erase_if(executions_, [this](const auto& entry) { return entry.second->leave(linger_helper_); });
    for (const auto& [number, execution] : executions_) {
        if (const auto folder = execution->take_scratch_folder()) scratch_folders_.insert(folder->path());
    }
    for (int attempt = 0; attempt < k_end_attempts; ++attempt) {
        const bool only_strays = executions_.empty();
        std::erase_if(executions_, [](const auto& entry) { return entry.second->end_now(); });
        forest_->tend();
        if (only_strays) break;
        ::poll(nullptr, 0, k_end_pause_ms);
    }
    remove_before_the_end();
    ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

Result<void> Supervisor::enable(const CgroupLimits& kinds) {
    if (!kinds.any()) return {};
    if (cgroup_) return cgroup_->enable(kinds);
    return Error{ErrorCode::io,
                 "there is no writable cgroup v2 folder, which limits of memory, cpu and tasks need",
                 {}};
}

Handle Supervisor::start(Spec spec, Listener listener) {
    const std::uint64_t number = next_number_++;
    Listener ours = listener;
    ours.gone = [this, number, gone = listener.gone] { on_gone(number, gone); };
    const auto execution =
        std::make_shared<Execution>(Execution::Surroundings{executor_, launcher_, *forest_, cgroup_, log_},
                                    std::move(spec), std::move(ours));
    if (Result<void> launched = execution->launch(); !launched) {
        fail(launched.error(), listener);
        return {};
    }
    executions_.emplace(number, execution);
    if (cgroup_) cgroup_->prepare_leaf();
    if (!std::exchange(tending_, true)) tend_timer_.start(tend_interval_, [this] { tend(); });
    return Handle(execution);
}

std::size_t Supervisor::running() const {
    return executions_.size();
}

void Supervisor::fail(Error error, const Listener& listener) {
    boost::asio::post(executor_,
                      [alive = std::weak_ptr<char>(alive_), error = std::move(error), listener]() mutable {
                          if (alive.expired()) return;
                          Ended ended;
                          ended.end = LaunchFailed{std::move(error)};
                          listener.done(std::move(ended));
                          if (listener.gone) listener.gone();
                      });
}

/// Posted: the execution is still on the stack.
void Supervisor::on_gone(std::uint64_t number, std::function<void()> gone) {
    boost::asio::post(executor_, [this, number, alive = std::weak_ptr<char>(alive_), gone = std::move(gone)] {
        if (alive.expired()) return;
        const auto execution = executions_.extract(number);
        if (const auto folder = execution.mapped()->take_scratch_folder()) remove(*folder);
        if (!forest_->is_tidy()) tend();
        if (gone) gone();
    });
}

/// A large one takes its time, which must not be ours.
void Supervisor::remove(const ScratchFolder& folder) {
    if (folder.remove_if_unused()) return;
    scratch_folders_.insert(folder.path());
    Spec spec;
    spec.executable = k_remover[0];
    spec.argv = {k_remover.begin(), k_remover.end()};
    spec.argv.push_back(folder.path());
    spec.execution_id = unguessable_id();
    spec.environment = {"HOCKET_EXECUTION_ID=" + spec.execution_id};
    spec.working_directory = "/";
    spec.deadline = std::chrono::steady_clock::now() + k_longest_removal;
    start(std::move(spec), {.done = [this, path = folder.path()](const Ended& ended) {
              scratch_folders_.erase(path);
              const auto* const exited = std::get_if<Exited>(&ended.end);
              if (exited != nullptr && exited->code == 0) return;
              log_.warn("a folder with temporary files of an agent could not be removed",
                        {{"folder", path.string()}, {"reason", why_not_removed(ended)}});
          }});
}

/// By a process that nobody ends. It is waited for, but not for ever: what is left then it removes without us.
void Supervisor::remove_before_the_end() {
    if (scratch_folders_.empty()) return;
    const Result<Pipe> nothing = make_pipe();
    if (!nothing) return;
    const int end = nothing->writer.get();
    LaunchRequest request;
    request.executable = k_remover[0];
    request.argv = {k_remover.begin(), k_remover.end()};
    request.argv.insert(request.argv.end(), scratch_folders_.begin(), scratch_folders_.end());
    request.working_directory = "/";
    request.descriptors = {nothing->reader.get(), end, end, -1};
    const Result<Launched> launched = launcher_.launch(request);
    if (!launched) {
        return log_.warn("folders with temporary files of agents are left",
                         {{"reason", launched.error().message}});
    }
    pollfd exit{launched->pidfd.get(), POLLIN, 0};
    if (::poll(&exit, 1, k_last_removal_ms) == 1) reap_now(launched->pidfd);
}

void Supervisor::tend() {
    tending_ = forest_->tend();
    if (tending_) tend_timer_.start(tend_interval_, [this] { tend(); });
}

}  // namespace hocket::process
