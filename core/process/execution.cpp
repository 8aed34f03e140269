#include "core/process/execution.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "core/process/proc.h"

namespace hocket::process {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_longest_pause{64};
constexpr milliseconds k_termination_poll{10};

// Who has not gone after this long sits in the kernel (a dead NFS server): the reply does not wait for it.
constexpr milliseconds k_sweep_patience{2000};
constexpr milliseconds k_pause_when_stuck{1000};

/// Where the kernel groups processes by session, nice alone would only mean something among those of the execution. Without
/// that grouping there is no such file.
void set_autogroup_nice(pid_t leader, int nice) {
    const std::string path = "/proc/" + std::to_string(leader) + "/autogroup";
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    const std::string text = std::to_string(nice);
    [[maybe_unused]] const ssize_t written = file ? ::write(file.get(), text.data(), text.size()) : 0;
}

std::chrono::steady_clock::time_point now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

Execution::Execution(Surroundings surroundings, Spec spec, Listener listener)
    : surroundings_(std::move(surroundings)),
      spec_(std::move(spec)),
      listener_(std::move(listener)),
      channels_(spec_, {[this] { on_too_large(); }, [this] { on_channel_ended(); }, listener_.heard}),
      deadline_(surroundings_.executor),
      timer_(surroundings_.executor) {}

// ---- launch ----------------------------------------------------------------------------------------------------------

Result<void> Execution::launch() {
    Result<ChildPipes> pipes = make_child_pipes(spec_);
    if (!pipes) return pipes.error();
    if (Result<void> opened = open_input(*pipes); !opened) return opened;
    if (Result<void> watched = channels_.watch(surroundings_.executor, *pipes); !watched) return watched;
    if (Result<void> made = make_scratch_folder(); !made) return made;
    Result<std::optional<CgroupLeaf>> leaf = make_leaf();
    Result<Leader> leader = leaf ? start_leader(*pipes, *leaf) : leaf.error();
    if (!leader) {
        if (leaf && *leaf) (*leaf)->remove();  // it may be what failed, so nobody gets it again
        if (scratch_) scratch_->remove_if_unused();
        return leader.error();
    }
    report_ = std::move(pipes->report.reader);
    begin_running(std::move(*leader), std::move(*leaf));
    return {};
}

/// What is in a file is there; a pipe gets its beginning, and has room for the rest later.
Result<void> Execution::open_input(ChildPipes& pipes) {
    std::string input = std::exchange(spec_.input, {});
    if (spec_.standard_input == Stdin::file) return {};
    Result<Watch> watch = Watch::make(surroundings_.executor, std::move(pipes.input_writer));
    if (!watch) return watch.error();
    input_.emplace(std::move(*watch));
    if (!input.empty()) input_->write(std::move(input));
    return {};
}

Result<std::optional<CgroupLeaf>> Execution::make_leaf() {
    using Contents = CgroupFolder::Contents;
    if (!surroundings_.cgroup) return std::optional<CgroupLeaf>();
    Result<CgroupLeaf> leaf = surroundings_.cgroup->make_leaf(
        spec_.orphans == Orphans::keep ? Contents::may_be_kept : Contents::to_be_killed);
    if (!leaf) return leaf.error();
    leaf->limit(spec_.cgroup_limits);
    return std::optional<CgroupLeaf>(std::move(*leaf));
}

Result<void> Execution::make_scratch_folder() {
    if (spec_.scratch_folder.empty()) return {};
    Result<ScratchFolder> made =
        ScratchFolder::make(spec_.scratch_folder, std::exchange(spec_.scratch_files, {}), spec_.run_as);
    if (!made) return made.error();
    scratch_.emplace(std::move(*made));
    return {};
}

Result<Leader> Execution::start_leader(ChildPipes& pipes, const std::optional<CgroupLeaf>& leaf) {
    const LaunchRequest request = take_request(pipes, leaf);
    started_at_ = now();
    born_ticks_ = now_ticks();
    Result<Launched> launched = surroundings_.launcher.launch(request);
    pipes.close_child_ends();
    if (!launched) return launched.error();
    return Leader::make(surroundings_.executor, std::move(*launched));
}

LaunchRequest Execution::take_request(const ChildPipes& pipes, const std::optional<CgroupLeaf>& leaf) {
    LaunchRequest request{
        .executable = spec_.executable,
        .argv = std::move(spec_.argv),
        .environment = std::move(spec_.environment),
        .working_directory = std::move(spec_.working_directory),
        .traits = spec_.traits,
        .descriptors = pipes.descriptors(),
        .error_descriptor = pipes.report.writer.get(),
        .cgroup_folder = leaf ? leaf->folder() : -1,
    };
    return spec_.run_as ? through_helper(std::move(request), *spec_.run_as) : request;
}

void Execution::begin_running(Leader leader, std::optional<CgroupLeaf> leaf) {
    leader_.emplace(std::move(leader));
    tree_ = &surroundings_.forest.plant({
        .leader_pid = leader_->pid(),
        .execution_id = spec_.execution_id,
        .born_ticks = born_ticks_,
        .leaf = std::move(leaf),
        .stands = !spec_.deadline,
    });
    if (spec_.traits.nice) set_autogroup_nice(leader_->pid(), *spec_.traits.nice);
    leader_->when_exited([this] { on_leader_exited(); });
    if (spec_.deadline) set_deadline(*spec_.deadline);
}

// ---- while it runs ---------------------------------------------------------------------------------------------------

void Execution::write(std::string bytes) {
    if (input_) input_->write(std::move(bytes));
}

std::optional<std::size_t> Execution::unread_input() {
    return input_ ? input_->unread() : std::nullopt;
}

void Execution::close_input() {
    if (input_ && input_->close([this] { input_.reset(); })) input_.reset();
}

void Execution::set_deadline(Clock::time_point deadline) {
    spec_.deadline = deadline;
    if (tree_ != nullptr) tree_->stands = false;
    if (phase_ == Phase::running) deadline_.start(deadline, [this] { begin_terminating(TimedOut{}); });
}

void Execution::stop() {
    if (phase_ == Phase::running) begin_terminating(Stopped{});
}

// ---- events ----------------------------------------------------------------------------------------------------------

void Execution::on_channel_ended() {
    if (phase_ == Phase::running && spec_.reply_time == ReplyTime::on_close && channels_.was_replied()) {
        channels_.drain();
        if (!verdict_) deliver(Replied{});
    }
    if (phase_ == Phase::draining && channels_.is_reply_complete()) begin_ending();
}

void Execution::on_too_large() {
    if (verdict_) return;
    verdict_ = OutputTooLarge{};
    if (phase_ != Phase::ending) begin_ending();
}

void Execution::on_leader_exited() {
    tree_->leader = Tree::Leader::zombie;
    exited_at_ = now();
    // Now, for the sweep removes the cgroup.
    ran_out_of_memory_ = spec_.cgroup_limits.memory_bytes && tree_->leaf && tree_->leaf->ran_out_of_memory();
    switch (phase_) {
        case Phase::running: return begin_draining();
        case Phase::terminating: return wait_for_termination();
        case Phase::draining: return;
        case Phase::ending: return sweep();
    }
}

// ---- phases ----------------------------------------------------------------------------------------------------------

void Execution::begin_terminating(End verdict) {
    phase_ = Phase::terminating;
    verdict_ = std::move(verdict);
    deadline_.stop();
    phase_ends_at_ = now() + spec_.grace_ms;
    surroundings_.forest.terminate(*tree_);
    timer_.start(phase_ends_at_, [this] { begin_ending(); });
}

/// The leader's death does not end the grace of the others.
void Execution::wait_for_termination() {
    if (now() >= phase_ends_at_ || surroundings_.forest.is_gone(*tree_)) return begin_ending();
    timer_.start(std::min(phase_ends_at_, now() + k_termination_poll), [this] { wait_for_termination(); });
}

void Execution::begin_draining() {
    phase_ = Phase::draining;
    deadline_.stop();
    timer_.start(spec_.drain_ms, [this] { begin_ending(); });
    channels_.drain();
    on_channel_ended();
}

void Execution::begin_ending() {
    phase_ = Phase::ending;
    phase_ends_at_ = now() + k_sweep_patience;
    deadline_.stop();
    timer_.stop();
    if (is_kept()) {
        surroundings_.forest.leave_in_place(*tree_);
        swept_ = true;
        reap();
        return finish_if_over();
    }
    sweep();
}

bool Execution::is_kept() const {
    return spec_.orphans == Orphans::keep && !verdict_;
}

void Execution::sweep() {
    if (swept_) return;
    swept_ = surroundings_.forest.sweep(*tree_);
    const bool stuck = !swept_ && now() >= phase_ends_at_;
    if (stuck) report_as_stuck();
    if (swept_ || stuck) reap();
    if (swept_) return finish_if_over();
    timer_.start(stuck ? k_pause_when_stuck : pause_, [this] { sweep(); });
    pause_ = std::min(2 * pause_, k_longest_pause);
}

void Execution::report_as_stuck() {
    if (!listener_.done) return;
    surroundings_.log.warn("an execution's processes do not end after SIGKILL; see their state with ps",
                           {{"execution", spec_.execution_id}, {"session", tree_->leader_pid}});
    // Without the leader's end it was us who ended it.
    if (tree_->leader == Tree::Leader::runs) {
        channels_.drain();
        deliver(verdict_.value_or(TimedOut{}));
    }
}

void Execution::reap() {
    if (tree_->leader != Tree::Leader::zombie) return;
    const std::optional<int> status = leader_->reap();
    tree_->leader = Tree::Leader::reaped;
    has_exited_by_itself_ = status && WIFEXITED(*status) && !verdict_;
    channels_.drain();
    deliver(end_with(status));
}

void Execution::finish_if_over() {
    if (tree_ == nullptr || !swept_ || tree_->leader != Tree::Leader::reaped) return;
    give_up_tree();
    listener_.gone();
}

bool Execution::leave(const std::string& linger_helper) {
    const bool wanted =
        spec_.at_stop == AtStop::leave && spec_.deadline && phase_ == Phase::running && tree_ != nullptr;
    if (!wanted || leader_->has_exited()) return false;
    if (tree_->leaf) tree_->leaf->lock();
    if (Result<void> left = linger_with(left_child(), linger_helper, surroundings_.launcher); !left) {
        surroundings_.log.error("an agent that still runs is ended: nobody can stay with it",
                                {{"execution", spec_.execution_id}, {"reason", left.error().message}});
        return false;
    }
    surroundings_.log.info("an agent goes on without this hocketd",
                           {{"execution", spec_.execution_id}, {"pid", leader_->pid()}});
    surroundings_.forest.leave_in_place(*tree_);
    tree_ = nullptr;
    return true;
}

LeftChild Execution::left_child() {
    return {
        .pid = leader_->pid(),
        .pidfd = leader_->pidfd(),
        .outputs = channels_.descriptors(),
        .cgroup_folder = tree_->leaf ? tree_->leaf->folder() : -1,
        .orphans = spec_.orphans,
        .execution_id = spec_.execution_id,
        .deadline_ms = std::chrono::duration_cast<milliseconds>(*spec_.deadline - now()),
        .grace_ms = spec_.grace_ms,
        .scratch_folder = spec_.scratch_folder,
    };
}

bool Execution::end_now() {
    if (tree_ == nullptr) return true;
    if (tree_->leader == Tree::Leader::runs && leader_->has_exited()) tree_->leader = Tree::Leader::zombie;
    if (is_kept() && tree_->leader != Tree::Leader::runs) {
        surroundings_.forest.leave_in_place(*tree_);
    } else if (!surroundings_.forest.sweep(*tree_)) {
        return false;
    }
    if (tree_->leader == Tree::Leader::zombie) leader_->reap();
    tree_->leader = Tree::Leader::reaped;
    give_up_tree();
    return true;
}

/// A tree that is left in place is the forest's business alone.
void Execution::give_up_tree() {
    if (!tree_->left_in_place) {
        if (tree_->leaf) give_back(*tree_->leaf);
        surroundings_.forest.remove(*tree_);
    }
    tree_ = nullptr;
}

/// Whoever was killed may have done that through his cgroup, which then is no good for another.
void Execution::give_back(CgroupLeaf& leaf) {
    if (has_exited_by_itself_) {
        surroundings_.cgroup->take_back(std::move(leaf));
    } else {
        leaf.remove();
    }
}

// ---- the result ------------------------------------------------------------------------------------------------------

std::string Execution::read_report() {
    std::array<char, 256> buffer;
    const ssize_t count = report_ ? ::read(report_.get(), buffer.data(), buffer.size()) : 0;
    return std::string(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
}

End Execution::end_with(std::optional<int> status) {
    if (spec_.run_as) {
        std::optional<Error> error = helper_error(read_report(), spec_.executable, *spec_.run_as);
        if (error) return LaunchFailed{std::move(*error)};
    }
    if (verdict_) return *verdict_;
    if (status && WIFEXITED(*status)) return Exited{WEXITSTATUS(*status)};
    if (status && WIFSIGNALED(*status)) return Signaled{WTERMSIG(*status)};
    return LaunchFailed{{ErrorCode::internal,
                         "the status of '" + spec_.executable + "' was taken by another part of this program",
                         {}}};
}

/// When nothing of the tree can write to it any more.
void Execution::read_reply_file(Ended& ended) {
    const auto* const exited = std::get_if<Exited>(&ended.end);
    if (spec_.reply_file.empty() || exited == nullptr || exited->code != 0) return;
    Result<std::string> reply = scratch_->read(spec_.reply_file, spec_.max_output_bytes);
    if (!reply) {
        return surroundings_.log.warn("the file for a reply is not as it was made",
                                      {{"execution", spec_.execution_id}, {"reason", reply.error().message}});
    }
    if (reply->size() > spec_.max_output_bytes) ended.end = OutputTooLarge{};
    ended.reply_used = !reply->empty();
    ended.reply = std::move(*reply);
    ended.reply.resize(std::min(ended.reply.size(), spec_.max_output_bytes));
}

void Execution::deliver(End end) {
    if (!listener_.done) return;
    Ended ended;
    ended.end = std::move(end);
    channels_.move_into(ended);
    read_reply_file(ended);
    ended.duration = std::chrono::duration_cast<milliseconds>(exited_at_.value_or(now()) - started_at_);
    ended.killed_orphans = tree_->killed.size();
    ended.ran_out_of_memory = ran_out_of_memory_;
    std::exchange(listener_.done, nullptr)(std::move(ended));
}

}  // namespace hocket::process
