#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "core/base/log.h"
#include "core/process/cgroup.h"
#include "core/process/channels.h"
#include "core/process/child_pipes.h"
#include "core/process/ended.h"
#include "core/process/forest.h"
#include "core/process/input_pipe.h"
#include "core/process/leader.h"
#include "core/process/linger.h"
#include "core/process/listener.h"
#include "core/process/scratch_folder.h"
#include "core/process/spec.h"
#include "core/process/watch.h"

namespace hocket::process {

/// One child, from its launch until nothing of its tree is left.
///
///                 leader exited      deadline, stop   cap passed   timer
///     running     → draining         TERM →           → ending     –
///                                    terminating
///     draining    –                  –                → ending     outputs at their end, or drain over → ending
///     terminating tree gone → ending –                –            tree gone, or grace over → ending
///     ending      sweep              –                –            sweep; swept and exited → reaped → over
///
/// Thread: io thread only. `done` and `gone` of the listener are called once each, in this order, from the event loop; after
///         `gone` this object is to be destroyed, but not from inside it.
/// Owns:   the pipes. Destroying this object kills nothing; end_now() does.
class Execution {
public:
    /// What all executions share.
    struct Surroundings {
        boost::asio::any_io_executor executor;
        Launcher& launcher;
        Forest& forest;
        std::optional<CgroupFolder>& cgroup;
        Log& log;
    };

    /// `gone` of the listener must not be empty.
    Execution(Surroundings surroundings, Spec spec, Listener listener);
    Execution(const Execution&) = delete;
    Execution& operator=(const Execution&) = delete;

    /// Neither callback is called if this fails. Errors: as Launcher::launch().
    Result<void> launch();

    // See Handle.
    pid_t pid() const { return leader_ ? leader_->pid() : -1; }
    bool is_running() const { return phase_ == Phase::running && leader_ && !leader_->has_exited(); }
    void write(std::string bytes);
    std::optional<std::size_t> unread_input();
    void close_input();
    void set_deadline(std::chrono::steady_clock::time_point deadline);
    void stop();

    /// For the end of the daemon: hands a leader that still runs over to hocket-linger, without callbacks, if its
    /// specification wants that. Returns whether this object is over.
    bool leave(const std::string& linger_helper);

    /// What is left of Spec::scratch_folder, to be removed after this object.
    std::optional<ScratchFolder> take_scratch_folder() { return std::exchange(scratch_, {}); }

    /// Kills what it finds, without callbacks. Returns whether nothing is left. For the end of the daemon.
    bool end_now();

private:
    enum class Phase { running, terminating, draining, ending };
    using Clock = std::chrono::steady_clock;

    Result<void> open_input(ChildPipes& pipes);
    Result<std::optional<CgroupLeaf>> make_leaf();
    LaunchRequest take_request(const ChildPipes& pipes, const std::optional<CgroupLeaf>& leaf);
    Result<void> make_scratch_folder();
    Result<Leader> start_leader(ChildPipes& pipes, const std::optional<CgroupLeaf>& leaf);
    void begin_running(Leader leader, std::optional<CgroupLeaf> leaf);

    void on_channel_ended();
    void on_too_large();
    void on_leader_exited();

    void begin_terminating(End verdict);
    void wait_for_termination();
    void begin_draining();
    void begin_ending();
    void sweep();
    void report_as_stuck();
    void reap();

    bool is_kept() const;
    LeftChild left_child();
    std::string read_report();
    End end_with(std::optional<int> status);
    void read_reply_file(Ended& ended);
    void deliver(End end);
    void finish_if_over();
    void give_up_tree();
    void give_back(CgroupLeaf& leaf);

    Surroundings surroundings_;
    Spec spec_;
    Listener listener_;

    Clock::time_point started_at_;
    std::uint64_t born_ticks_ = 0;
    std::optional<Clock::time_point> exited_at_;
    Phase phase_ = Phase::running;
    std::optional<End> verdict_;  ///< of ours; without one the leader's status decides
    Tree* tree_ = nullptr;        ///< in the forest, from the launch until we are over
    bool ran_out_of_memory_ = false;
    bool swept_ = false;
    bool has_exited_by_itself_ = false;

    std::optional<Leader> leader_;
    std::optional<InputPipe> input_;
    Channels channels_;
    FileDescriptor report_;
    std::optional<ScratchFolder> scratch_;

    Timer deadline_;
    Timer timer_;  ///< of the phase
    Clock::time_point phase_ends_at_;
    std::chrono::milliseconds pause_{1};
};

}  // namespace hocket::process
