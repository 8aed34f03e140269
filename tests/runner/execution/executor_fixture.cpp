#include "tests/runner/execution/executor_fixture.h"

#include "core/base/text.h"
#include "core/wire/request_id.h"

namespace hocket::execution {

namespace {

constexpr std::chrono::seconds k_patience{10};

std::string ddl_of_action(const std::string& name) {
    const std::string timeout = name == "brief" ? "timeout: 1, " : "";
    const std::string sensitive = name == "secret" ? "sensitive: true, " : "";
    return "  - {action: " + name + ", description: d, " + timeout +
           "noop: true, input: {text: {prompt: p, description: d, type: string, maxlength: "
           "0, " +
           sensitive + "optional: true}}, output: {}}\n";
}

}  // namespace

ExecutorTest::ExecutorTest() {
    folder_.write("requests.journal", "");
    admission_.emplace(pair_.identity(), admission::Freshness(clock_, 1000), admission::Duplicates(),
                       std::move(admission::Journal::open(folder_.path(), clock_.wall_ms())).value());
    admission_->set_policy({{"main"}, admission::AllowRules({{{"*"}, {"*"}, 1}}, "")});
}

void ExecutorTest::install(const std::string& name, const std::string& run, const std::string& script,
                           const std::string& actions) {
    std::string ddl = "metadata: {name: " + name +
                      ", description: d, author: a, license: l, version: \"1.0.0\", url: u, timeout: 10}\n"
                      "run: {" +
                      run + "}\nactions:\n";
    for (const std::string& action : split(actions, ' '))
        ddl += ddl_of_action(action);
    folder_.write("agents/" + name + "/" + name + ".yaml", ddl);
    const std::string program = script.starts_with("#!") ? script : "#!/bin/bash\n" + script;
    folder_.write("agents/" + name + "/" + name, program, 0755);
    load();
}

void ExecutorTest::load(const agents::AgentFolders& more) {
    agents::AgentFolders folders = more;
    folders.folders = {folder_ / "agents"};
    for (const agents::LoadProblem& problem : agents_.load(folders)) {
        if (problem.kind == agents::LoadProblem::Kind::refused)
            ADD_FAILURE() << problem.agent << ": " << problem.message;
    }
    executor_.serve(agents_.all());
}

agents::ValidCall ExecutorTest::call(const std::string& agent, const Wanted& wanted) {
    wire::Request request = test::WirePair::request();
    request.id = wire::new_request_id(clock_.wall_ms());
    request.issued_at = clock_.wall_ms();
    request.agent = agent;
    request.action = wanted.action;
    request.inputs = wanted.inputs;
    request.timeout_ms = wanted.timeout_ms;
    request.ttl_ms = wanted.ttl_ms;
    request.noop = wanted.noop;
    request.targets = {pair_.identity()};
    auto verified =
        wire::VerifiedRequest::verify(pair_.direct(request), pair_.node(), pair_.identity(), 1U << 24U);
    EXPECT_TRUE(verified) << verified.error().message;
    const Json no_facts = Json::object();
    auto admitted = admission_->admit(std::make_shared<const wire::VerifiedRequest>(std::move(*verified)),
                                      {pair_.identity(), agents_.names(), {}, no_facts},
                                      admission::AllowRules::Covered::by_star);
    EXPECT_TRUE(admitted) << admitted.error().message;
    auto valid =
        agents::ValidCall::check(std::get<admission::AdmittedRequest>(std::move(*admitted)), agents_);
    EXPECT_TRUE(valid) << valid.error().message;
    return std::move(*valid);
}

ExecutorTest::Answer ExecutorTest::start(const std::string& agent, const Wanted& wanted) {
    auto answer = std::make_shared<std::optional<AgentResult>>();
    executor_.run(call(agent, wanted), [answer](AgentResult result) {
        EXPECT_FALSE(*answer) << "answered twice";
        *answer = std::move(result);
    });
    return answer;
}

AgentResult ExecutorTest::ask(const std::string& agent, const Wanted& wanted) {
    const Answer answer = start(agent, wanted);
    wait_for(answer);
    return answer->value_or(AgentResult{});
}

void ExecutorTest::wait_for(const Answer& answer) {
    drive_until([&] { return answer->has_value(); });
}

void ExecutorTest::drive_until(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + k_patience;
    while (!condition()) {
        ASSERT_LT(std::chrono::steady_clock::now(), limit) << "it did not happen\n" << log_text_;
        io_.run_one_for(std::chrono::milliseconds(20));
        if (io_.stopped()) io_.restart();
    }
}

void ExecutorTest::drive_for(std::chrono::milliseconds span) {
    const auto end = std::chrono::steady_clock::now() + span;
    drive_until([&] { return std::chrono::steady_clock::now() >= end; });
}

}  // namespace hocket::execution
