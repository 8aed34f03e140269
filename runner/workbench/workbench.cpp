#include "runner/workbench/workbench.h"

#include <cstdlib>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/process/proc.h"
#include "core/wire/request_id.h"
#include "core/wire/subject.h"
#include "core/wire/verified_request.h"
#include "runner/config.h"
#include "runner/execution/agent_process.h"

namespace hocket::workbench {

namespace {

namespace fs = std::filesystem;

constexpr const char* k_identity = "localhost";
constexpr const char* k_collective = "workbench";
const wire::PskId k_key{"author", 1};
constexpr std::size_t k_max_request_bytes = 64U << 20U;

constexpr std::chrono::milliseconds k_between_glances{1};
// A process that has not used the processor for so long waits for something.
constexpr std::chrono::milliseconds k_between_looks{10};
constexpr int k_quiet_looks = 6;
constexpr std::chrono::seconds k_longest_start{10};

using std::chrono::microseconds;

/// Without standby, until somebody wants it.
execution::Surroundings surroundings_with(const std::string& search_path) {
    const std::string path = search_path.empty() ? RunnerConfig().search_path : search_path;
    return {k_identity, path, "/", "", {.max_standby_bytes = 0}};
}

std::optional<process::CgroupFolder> own_cgroup() {
    Result<std::optional<process::CgroupFolder>> folder = process::CgroupFolder::open("auto");
    return folder ? std::move(*folder) : std::nullopt;
}

process::Supervisor::Options leave_nothing() {
    process::Supervisor::Options options;
    options.orphan_max_ms = std::chrono::milliseconds(1000);
    return options;
}

}  // namespace

/// What a process does that nobody has given a request.
struct Workbench::Seen {
    std::optional<Error> failure;
    std::string sign;
    bool is_gone = false;

    bool is_over() const { return failure || !sign.empty(); }

    void on_ended(const process::End& end) {
        if (std::holds_alternative<process::Stopped>(end) || is_over()) return;
        if (const auto* failed = std::get_if<process::LaunchFailed>(&end)) {
            failure = failed->error;
        } else {
            sign = "ended: " + execution::text_of(end);
        }
    }

    void on_heard(process::Channel channel, std::string_view bytes) {
        if (channel != process::Channel::errors && !is_over()) sign = "printed " + quote_bytes(bytes);
    }
};

Workbench::Workbench(Log& log, const std::string& search_path)
    : log_(log),
      surroundings_(surroundings_with(search_path)),
      node_(k_identity),
      supervisor_(io_.get_executor(), leave_nothing(), own_cgroup(), log),
      json_(log) {
    crypto::Secret psk = wire::new_psk();
    node_.add(k_key, wire::derive_node_psk(psk, k_identity));
    caller_.emplace(k_key, std::move(psk));
}

Workbench::~Workbench() {
    std::error_code ignored;
    if (!state_folder_.empty()) fs::remove_all(state_folder_, ignored);
}

Result<std::unique_ptr<Workbench>> Workbench::open(const fs::path& folder, Log& log,
                                                   const std::string& search_path) {
    std::unique_ptr<Workbench> workbench(new Workbench(log, search_path));
    if (Result<void> loaded = workbench->load(folder); !loaded) return loaded.error();
    if (Result<void> made = workbench->make_admission(); !made) return made.error();
    workbench->executor_.emplace(
        execution::Executor::Parts{workbench->io_.get_executor(), workbench->supervisor_, workbench->clock_,
                                   log, &workbench->tracer_},
        workbench->surroundings_);
    workbench->executor_->serve({workbench->agent_});
    if (Result<void> active = workbench->activate(); !active) return active.error();
    return workbench;
}

/// As hocketd does after a load.
Result<void> Workbench::activate() {
    if (!agent_->decides_itself()) return {};
    std::optional<Result<bool>> answer;
    executor_->ask_to_activate(agent_, [&answer](Result<bool> given) { answer = std::move(given); });
    io_.restart();
    while (!answer || supervisor_.running() > 0)
        io_.run_one();
    if (!*answer) return (*answer).error().within("it does not activate");
    if (!**answer) {
        return Error{ErrorCode::unknown_agent,
                     "it does not want to activate on this node: its reply has no \"activate\": true",
                     {}};
    }
    store_.decide(agent_, agents::AgentStore::Verdict::serves);
    return {};
}

Result<void> Workbench::load(const fs::path& folder) {
    std::error_code error;
    const fs::path whole = fs::canonical(folder, error);
    if (error || !fs::is_directory(whole)) {
        return Error{ErrorCode::usage,
                     folder.string() + " is not a folder; an agent is a folder with a DDL and an executable",
                     {}};
    }
    const std::string name = whole.filename().string();
    agents::AgentFolders folders{.folders = {whole.parent_path()}};
    folders.search_path = surroundings_.search_path;
    std::vector<std::string> refusals;
    for (const agents::LoadProblem& problem : store_.load(folders)) {
        if (!problem.agent.empty() && problem.agent != name) continue;  // of a sibling
        (problem.kind == agents::LoadProblem::Kind::refused ? refusals : warnings_)
            .push_back(problem.message);
    }
    agent_ = store_.find(name);
    for (const auto& undecided : store_.undecided()) {
        if (undecided->ddl.metadata.name == name) agent_ = undecided;
    }
    if (agent_) return {};
    if (refusals.empty()) {
        refusals.push_back(whole.string() + " has no " + name + ".yaml or " + name +
                           ".json, the description of an agent of that name");
        refusals.insert(refusals.end(), warnings_.begin(), warnings_.end());
    }
    return Error{ErrorCode::invalid_ddl, join(refusals, "\n"), {}};
}

Result<void> Workbench::make_admission() {
    std::string pattern = (fs::temp_directory_path() / "hocket-agent-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        return Error{ErrorCode::io, pattern + ": cannot be made: " + errno_text(), {}};
    }
    state_folder_ = pattern;
    // An empty journal: there is a past, and nothing in it.
    if (Result<void> created = create_file(state_folder_ / "requests.journal", "", 0600); !created)
        return created;
    Result<admission::Journal> journal = admission::Journal::open(state_folder_, clock_.wall_ms());
    if (!journal) return journal.error();
    admission_.emplace(k_identity, admission::Freshness(clock_, 0), admission::Duplicates(),
                       std::move(*journal));
    admission_->set_policy({{k_collective}, admission::AllowRules({{{"*"}, {"*"}, 1}}, "")});
    return {};
}

wire::Request Workbench::request_for(const Question& question) const {
    wire::Request request;
    request.id = wire::new_request_id(clock_.wall_ms());
    request.collective = k_collective;
    request.agent = agent_->ddl.metadata.name;
    request.action = question.action;
    request.inputs = question.inputs;
    request.caller = caller_->caller();
    request.sender = k_identity;
    request.issued_at = clock_.wall_ms();
    const ddl::Action* const action = agent_->ddl.find(question.action);
    request.timeout_ms = question.timeout_ms.value_or(
        1000 * (action == nullptr ? agent_->ddl.metadata.timeout_s : agent_->ddl.timeout_s(*action)));
    request.targets = {k_identity};
    request.noop = question.noop;
    return request;
}

Result<admission::AdmittedRequest> Workbench::admit(const Question& question) {
    const wire::Request request = request_for(question);
    wire::Message message;
    message.payload = wire::encode_request(request);
    message.subject = wire::node_subject(k_collective, request.agent, k_identity);
    message.reply_subject = wire::reply_subject(k_collective, request.caller, request.id, 0);
    message.signatures = {caller_->sign_request(message.payload)};
    Result<wire::VerifiedRequest> verified =
        wire::VerifiedRequest::verify(message, node_, k_identity, k_max_request_bytes);
    if (!verified) return verified.error();
    const Json no_facts = Json::object();
    auto admitted = admission_->admit(std::make_shared<const wire::VerifiedRequest>(std::move(*verified)),
                                      {k_identity, store_.names(), {}, no_facts},
                                      admission::AllowRules::Covered::by_star);
    if (!admitted) return admitted.error();
    return std::get<admission::AdmittedRequest>(std::move(*admitted));
}

Answer Workbench::ask(const Question& question) {
    Answer answer;
    Result<admission::AdmittedRequest> admitted = admit(question);
    if (!admitted) return {execution::refusal(admitted.error()), {}, {}};
    Result<agents::ValidCall> call = agents::ValidCall::check(std::move(*admitted), store_);
    if (!call) return {execution::refusal(call.error()), {}, {}};

    const auto begin = clock_.steady();
    bool is_answered = false;
    executor_->run(std::move(*call), [&](execution::AgentResult result) {
        answer.result = std::move(result);
        answer.took = std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady() - begin);
        is_answered = true;
    });
    io_.restart();
    while (!is_answered || executor_->running() > 0)
        io_.run_one();
    answer.trace = tracer_.take();
    return answer;
}

Ahead Workbench::start_ahead() {
    const auto seen = std::make_shared<Seen>();
    const auto begin = clock_.steady();
    const process::Handle handle = supervisor_.start(
        json_.prepare_ahead(*agent_, {wire::new_request_id(clock_.wall_ms()), 0, {}}, surroundings_),
        {.done = [seen](const process::Ended& ended) { seen->on_ended(ended.end); },
         .gone = [seen] { seen->is_gone = true; },
         .heard = [seen](process::Channel channel,
                         std::string_view bytes) { seen->on_heard(channel, bytes); }});
    Ahead ahead;
    wait_until_it_reads(handle, *seen, begin + k_longest_start);
    ahead.took = std::chrono::duration_cast<microseconds>(clock_.steady() - begin);
    wait_until_quiet(handle, *seen, begin + k_longest_start, ahead);
    ahead.failure = seen->failure;
    ahead.sign = seen->sign;
    handle.stop();
    while (!seen->is_gone)
        rest(k_between_looks);
    return ahead;
}

/// Who reads takes a blank, which is no request, at once.
void Workbench::wait_until_it_reads(const process::Handle& handle, Seen& seen,
                                    std::chrono::steady_clock::time_point limit) {
    handle.write(" ");
    while (!seen.is_over()) {
        const std::optional<std::size_t> unread = handle.unread_input();
        if (unread == 0U) return;
        if (clock_.steady() >= limit) {
            seen.sign =
                "did not read its standard input for " + std::to_string(k_longest_start.count()) + " s";
        } else if (!unread && handle.is_running()) {
            seen.sign = "did not read its standard input, and closed it";
        } else {
            rest(k_between_glances);
        }
    }
}

void Workbench::wait_until_quiet(const process::Handle& handle, const Seen& seen,
                                 std::chrono::steady_clock::time_point limit, Ahead& ahead) {
    for (int quiet_looks = 0; quiet_looks < k_quiet_looks && !seen.is_over() && clock_.steady() < limit;) {
        rest(k_between_looks);
        const auto took = std::chrono::duration_cast<microseconds>(process::processor_time(handle.pid()));
        quiet_looks = took == ahead.processor ? quiet_looks + 1 : 0;
        ahead.processor = took;
        ahead.bytes = process::resident_bytes(handle.pid());
    }
}

std::size_t Workbench::worker_bytes() const {
    std::size_t sum = 0;
    for (const pid_t pid : executor_->workers().pids())
        sum += process::resident_bytes(pid);
    return sum;
}

std::optional<process::Ended> Workbench::end_workers() {
    executor_->serve({agent_});
    io_.restart();
    while (supervisor_.running() > 0)
        io_.run_one();
    return tracer_.take().ended;
}

void Workbench::keep_ready() {
    executor_->set_limits({});
}

void Workbench::rest(std::chrono::milliseconds span) {
    io_.restart();
    io_.run_for(span);
}

}  // namespace hocket::workbench
