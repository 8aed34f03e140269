// Where the time of a call goes outside of the network and the agent: walks through the stages of signed requests in one
// process, and prints a line for each stage: p50 and p99 in microseconds, and its name.
// bench_stages RUNNER.TOML AGENT ACTION COUNT
// The node's keys, state folder and agents are those of the runner's configuration, the caller's keys those of the client's.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "client/lib/caller_keys.h"
#include "client/lib/config.h"
#include "client/lib/session.h"
#include "client/lib/signed_request.h"
#include "core/base/clock.h"
#include "core/transport/loopback.h"
#include "core/wire/subject.h"
#include "core/wire/verified_reply.h"
#include "runner/admission/admission.h"
#include "runner/agents/valid_call.h"
#include "runner/config.h"

using namespace hocket;

namespace {

/// Ends the program when something fails: a benchmark has nobody to tell.
template <class Value>
Value must(Result<Value> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "bench_stages: %s\n", result.error().message.c_str());
    std::exit(1);
}

class Stages {
public:
    template <class Work>
    auto time(const char* name, Work work) {
        const auto begin = std::chrono::steady_clock::now();
        auto result = work();
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        const auto stage = std::ranges::find(stages_, name, &Stage::first);
        (stage == stages_.end() ? stages_.emplace_back(name, std::vector<double>()) : *stage)
            .second.push_back(took.count());
        return result;
    }

    void print() {
        for (auto& [name, times] : stages_) {
            std::ranges::sort(times);
            std::printf("%8.1f %8.1f  %s\n", times[times.size() / 2], times[times.size() * 99 / 100],
                        name.c_str());
        }
    }

private:
    using Stage = std::pair<std::string, std::vector<double>>;
    std::vector<Stage> stages_;
};

class Walk {
public:
    explicit Walk(const char* runner_file)
        : config_(must(read_runner_config(runner_file))),
          node_keys_(must(load_node_keys(config_.keys, config_.identity, clock_))),
          session_(open_session()),
          admission_(config_.identity, admission::Freshness(clock_, config_.max_skew_ms),
                     admission::Duplicates(),
                     must(admission::Journal::open(config_.state_dir, clock_.wall_ms()))) {
        agents_.load(config_.agents);
        admission_.set_policy({config_.collectives, config_.allow});
    }

    void run(Stages& stages, const char* agent, const char* action);

private:
    std::unique_ptr<client::Session> open_session();
    wire::Request request(const char* agent, const char* action);
    wire::Message message(const client::SignedRequest& sent) const;
    wire::Reply reply(const agents::ValidCall& call, const wire::VerifiedRequest& request) const;

    SystemClock clock_;
    RunnerConfig config_;
    std::unique_ptr<wire::NodeKeyRing> node_keys_;
    boost::asio::io_context io_{1};
    transport::LoopbackBroker broker_{io_};
    std::unique_ptr<client::Session> session_;
    agents::AgentStore agents_;
    admission::Admission admission_;
};

std::unique_ptr<client::Session> Walk::open_session() {
    client::ClientConfig config = must(client::load_config({}));
    auto keys = must(client::read_caller_keys(config.key, clock_));
    return std::make_unique<client::Session>(io_, std::make_unique<transport::LoopbackTransport>(broker_),
                                             std::move(keys), std::move(config), clock_);
}

wire::Request Walk::request(const char* agent, const char* action) {
    wire::Request made = session_->new_request(agent, action);
    made.targets = {config_.identity};
    return made;
}

wire::Message Walk::message(const client::SignedRequest& sent) const {
    const wire::Request& asked = sent.request;
    wire::Message made;
    made.subject = wire::node_subject(asked.collective, asked.agent, config_.identity);
    made.reply_subject = wire::reply_subject(asked.collective, asked.caller, asked.id, 0);
    made.signatures = {sent.signature};
    made.payload = sent.payload;
    return made;
}

wire::Reply Walk::reply(const agents::ValidCall& call, const wire::VerifiedRequest& request) const {
    wire::Reply made;
    made.request = request.request().id;
    made.request_sha256 = request.payload_sha256();
    made.identity = config_.identity;
    made.agent = request.request().agent;
    made.action = request.request().action;
    made.data = {{"text", "hello"}};
    made.agent_version = call.agent().ddl.metadata.version;
    made.ddl_digest = call.agent().ddl_digest;
    return made;
}

void Walk::run(Stages& stages, const char* agent, const char* action) {
    const client::SignedRequest sent = stages.time("client: make, encode and sign the request", [&] {
        return must(client::sign(request(agent, action), session_->keys()));
    });
    const wire::Message arrived = message(sent);
    stages.time("node: of the next, to check the signature",
                [&] { return must(node_keys_->verify_request(arrived.signatures[0], arrived.payload)); });
    const auto verified = stages.time("node: check signature, form and subject", [&] {
        return std::make_shared<const wire::VerifiedRequest>(
            must(wire::VerifiedRequest::verify(arrived, *node_keys_, config_.identity, 1U << 20U)));
    });
    const Json facts = Json::object();
    auto admitted = stages.time("node: filter, freshness, duplicates, allow rules, journal", [&] {
        return must(admission_.admit(verified, {config_.identity, agents_.names(), {}, facts},
                                     admission::AllowRules::Covered::by_star));
    });
    const agents::ValidCall call = stages.time("node: check the inputs", [&] {
        return must(
            agents::ValidCall::check(std::get<admission::AdmittedRequest>(std::move(admitted)), agents_));
    });
    wire::Message answer;
    answer.payload =
        stages.time("node: encode the reply", [&] { return wire::encode_reply(reply(call, *verified)); });
    answer.signatures.push_back(stages.time(
        "node: sign the reply", [&] { return node_keys_->sign_reply(verified->signer(), answer.payload); }));
    stages.time("client: check signature, form and binding of the reply", [&] {
        return must(wire::VerifiedReply::verify(answer, session_->keys(), sent.request, sent.sha256));
    });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return 64;
    Walk walk(argv[1]);
    Stages warm_up;
    Stages stages;
    const int count = std::atoi(argv[4]);
    for (int i = 0; i < count; ++i)
        walk.run(i < count / 10 ? warm_up : stages, argv[2], argv[3]);
    stages.print();
    return 0;
}
