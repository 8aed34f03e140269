#include "runner/request_path.h"

#include <algorithm>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "core/base/encoding.h"
#include "core/base/file.h"
#include "core/crypto/digest.h"
#include "core/transport/loopback.h"
#include "core/wire/request_id.h"
#include "core/wire/verified_reply.h"
#include "runner/builtin/builtin_data.h"
#include "runner/builtin/discovery.h"
#include "runner/builtin/rpcutil.h"
#include "runner/execution/json_contract.h"
#include "runner/execution/script_contract.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wire_fixture.h"

namespace hocket {
namespace {

class NoCommand final : public node::FactCommand {
public:
    void run(const std::filesystem::path&, std::chrono::steady_clock::time_point, Done done) override {
        done(Error{ErrorCode::io, "no commands here", {}});
    }
};

std::unique_ptr<wire::NodeKeys> keys_of(const std::string& identity) {
    auto keys = std::make_unique<wire::PskNodeKeys>(identity);
    keys->add({"ops", 1}, wire::derive_node_psk(test::WirePair::psk(), identity));
    return keys;
}

/// A whole node over the loopback, with the built-in agents.
class RequestPathTest : public testing::Test {
protected:
    RequestPathTest() {
        config_.identity = pair_.identity();
        clock_.advance_ms(10'000);  // past the time that a first start distrusts
        request_.issued_at = clock_.wall_ms();
        request_.agent = "rpcutil";
        request_.action = "ping";
        agents_.add_builtin(builtin::install(discovery_));
        agents_.add_builtin(builtin::install(rpcutil_));
        agents_.load({});
        admission_.set_policy({{"main"}, admission::AllowRules({{{"psk=ops"}, {"*"}, 1}}, "runner.toml")});
        subscribe("hocket.main.reply.psk=ops.>");
    }

    void subscribe(const std::string& subject) {
        auto subscription =
            transport_.subscribe(subject, [this](const wire::Message& got) { replies_.push_back(got); });
        ASSERT_TRUE(subscription);
        subscriptions_.push_back(std::move(*subscription));
    }

    admission::Admission make_admission() {
        return admission::Admission(
            pair_.identity(), admission::Freshness(clock_, 1000), admission::Duplicates(),
            std::move(admission::Journal::open(folder_.path(), clock_.wall_ms())).value());
    }

    wire::Message direct() {
        request_.targets = {pair_.identity()};
        return pair_.direct(request_);
    }

    /// The verified replies to a message.
    std::vector<wire::Reply> ask(const wire::Message& message) {
        replies_.clear();
        path_.take(message);
        io_.restart();
        io_.run();
        std::vector<wire::Reply> verified;
        for (const wire::Message& reply : replies_) {
            const auto good = wire::VerifiedReply::verify(reply, pair_.caller(), request_,
                                                          crypto::sha256_hex(message.payload));
            if (good) verified.push_back(good->reply());
        }
        return verified;
    }

    Outcome outcome_of(const wire::Message& message) {
        const std::vector<wire::Reply> replies = ask(message);
        return replies.size() == 1 ? replies[0].outcome : Outcome::no_response;
    }

    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    test::WirePair pair_;
    wire::Request request_ = test::WirePair::request();
    std::string log_text_;
    Log log_{LogLevel::debug, log_text_};
    boost::asio::io_context io_;
    transport::LoopbackBroker broker_{io_};
    test::FakeTransport transport_{broker_};
    RunnerConfig config_;
    NoCommand command_;
    node::Facts facts_{io_, {}, command_, clock_, log_};
    node::Classes classes_{folder_ / "classes.txt", log_};
    agents::AgentStore agents_;
    NodeState node_{&config_, keys_of("web1.example"), agents_, facts_, classes_, transport_, {}, 0};
    builtin::Discovery discovery_{node_};
    agents::AgentStore data_;
    builtin::DataPlugins data_plugins_{data_, clock_};
    builtin::Rpcutil rpcutil_{node_, data_plugins_, clock_};
    process::Supervisor supervisor_{
        io_.get_executor(), {.orphan_max_ms = std::chrono::milliseconds(60)}, std::nullopt, log_};
    execution::Executor executor_{{io_.get_executor(), supervisor_, clock_, log_},
                                  {"web1.example", "/bin", "", "", {}}};
    admission::Admission admission_ = make_admission();
    audit::Audit audit_ =
        std::move(audit::Audit::open(folder_ / "audit.log", "web1.example", clock_, log_)).value();
    RequestPath path_{{clock_, log_, transport_, admission_, executor_, audit_, node_}};
    std::vector<wire::Message> replies_;
    std::vector<std::unique_ptr<transport::Subscription>> subscriptions_;

    /// An agent in bash with one action `go`, whose output `text` is what the script printed.
    void install(const std::string& name, const std::string& inputs, const std::string& script) {
        const std::string ddl =
            "metadata: {name: " + name +
            ", description: d, author: a, license: l, version: \"1.0.0\", url: u, timeout: 10}\n"
            "run: {contract: json}\n"
            "actions: [{action: go, description: d, input: " +
            inputs + ", output: {text: {description: t, display_as: T, type: string}}}]\n";
        folder_.write("agents/" + name + "/" + name + ".yaml", ddl);
        folder_.write(
            "agents/" + name + "/" + name,
            "#!/bin/bash\nprintf '{\"statuscode\":0,\"data\":{\"text\":\"%s\"}}' \"$(" + script + ")\"\n",
            0755);
        agents_.load({{folder_ / "agents"}, {}});
    }

    /// An unchanged script: `files` are beside the DDL.
    void install_script(const std::string& ddl_end, const std::map<std::string, std::string>& files) {
        folder_.write("agents/ported/ported.yaml",
                      "metadata: {name: ported, description: d, author: a, license: l, version: \"1.0.0\", "
                      "url: u, timeout: 10}\n" +
                          ddl_end);
        for (const auto& [name, text] : files)
            folder_.write("agents/ported/" + name, text, 0755);
        agents_.load({{folder_ / "agents"}, {}});
        request_.agent = "ported";
        request_.action = "go";
    }

    std::string audit_text() { return read_file(folder_ / "audit.log", 1U << 20U).value(); }
};

TEST_F(RequestPathTest, AReplyIsSignedWithTheKeysThatTookItsRequest) {
    install("slow", "{}", "sleep 0.05; echo done");
    request_.agent = "slow";
    request_.action = "go";
    const wire::Message message = direct();
    path_.take(message);
    node_.keys = std::make_shared<wire::PskNodeKeys>("web1.example");  // a reload took the caller's key away
    io_.run();
    ASSERT_EQ(replies_.size(), 1U);
    const auto verified = wire::VerifiedReply::verify(replies_[0], pair_.caller(), request_,
                                                      crypto::sha256_hex(message.payload));
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(verified->reply().outcome, Outcome::ok);
}

constexpr const char* k_script_output = "output: {stdout: {description: t, display_as: T, type: string}}}]\n";

TEST_F(RequestPathTest, RunsAnUnchangedScriptWithInputsAsArguments) {
    install_script(
        "run: {contract: script}\n"
        "actions: [{action: go, description: d, command: [tool.sh, '{action}', --to, '{to}', '{fast?-f}', "
        "'{files...}'],"
        " noop: true, input: {to: {prompt: p, description: d, type: string, maxlength: 0, optional: true},"
        " fast: {prompt: p, description: d, type: boolean},"
        " files: {prompt: p, description: d, type: array}}, " +
            std::string(k_script_output),
        {{"tool.sh",
          "#!/bin/bash\nprintf '[%s]' \"$@\"; cat\nfor n in 0 1 2 3 4; do [[ -e /proc/$$/fd/$n ]] && printf "
          "$n; done; true"}});
    request_.inputs = {{"fast", true}, {"files", {"a b", "$(id)"}}};
    EXPECT_EQ(ask(direct())[0].data.at("stdout"), "[go][-f][a b][$(id)]012");
}

TEST_F(RequestPathTest, AScriptReadsWhatItsDdlGivesItOnStdin) {
    install_script(
        "run: {contract: script, stdin: json}\n"
        "actions: [{action: go, description: d, command: [tool.sh], input: {n: {prompt: p, description: d, "
        "type: integer}}, " +
            std::string(k_script_output),
        {{"tool.sh", "#!/bin/bash\ncat; printf ' %s %s' \"$HOCKET_INPUT_N\" \"${HOCKET_REPLY_FD-none}\""}});
    request_.inputs = {{"n", 5}};
    EXPECT_EQ(ask(direct())[0].data.at("stdout"), "{\"n\":5} 5 none");
}

TEST_F(RequestPathTest, AnInputThatWouldBeAnOptionOfAScriptIsInvalid) {
    install_script(
        "run: {contract: script}\n"
        "actions: [{action: go, description: d, command: [tool.sh, '{path}'],"
        " input: {path: {prompt: p, description: d, type: string, maxlength: 0}}, " +
            std::string(k_script_output),
        {{"tool.sh", "#!/bin/bash\necho ran"}});
    request_.inputs = {{"path", "--help"}};
    const std::vector<wire::Reply> replies = ask(direct());
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].outcome, Outcome::invalid);
    EXPECT_EQ(replies[0].error->details.at("violations").at(0).at("pointer"), "/inputs/path");
    EXPECT_EQ(executor_.running(), 0);
}

TEST_F(RequestPathTest, AScriptThatOthersCouldChangeIsNotLoaded) {
    install_script("run: {contract: script}\nactions: [{action: go, description: d, command: [tool.sh], " +
                       std::string(k_script_output),
                   {{"tool.sh", "#!/bin/bash\necho ran"}});
    std::filesystem::permissions(folder_ / "agents/ported/tool.sh", std::filesystem::perms(0777));
    const auto problems = agents_.load({{folder_ / "agents"}, {}});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("tool.sh"), std::string::npos) << problems[0].message;
    EXPECT_EQ(agents_.find("ported"), nullptr);
}

TEST_F(RequestPathTest, AnswersAPing) {
    const std::vector<wire::Reply> replies = ask(direct());
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].outcome, Outcome::ok);
    EXPECT_EQ(replies[0].data.at("pong"), clock_.wall_ms() / 1000);
    EXPECT_EQ(node_.statistics.passed, 1U);
    EXPECT_EQ(node_.statistics.replies, 1U);
}

TEST_F(RequestPathTest, RpcutilGivesTheKeysThatToolsForChoriaExpect) {
    const std::map<std::string, std::pair<Json, std::vector<std::string>>> actions = {
        {"inventory",
         {Json::object(),
          {"agents", "classes", "collectives", "data_plugins", "facts", "machines", "main_collective",
           "upgradable", "version"}}},
        {"agent_inventory", {Json::object(), {"agents"}}},
        {"agent_ddl", {{{"agent", "rpcutil"}}, {"agent", "ddl", "digest"}}},
        {"collective_info", {Json::object(), {"collectives", "main_collective"}}},
        {"daemon_stats",
         {Json::object(),
          {"agents", "configfile", "events", "filtered", "passed", "pid", "replies", "starttime", "threads",
           "times", "total", "ttlexpired", "unvalidated", "validated", "version"}}},
        {"get_fact", {{{"fact", "os.family"}}, {"fact", "value"}}},
        {"get_facts", {{{"facts", "os, cpu"}}, {"values"}}},
        {"get_config_item", {{{"item", "identity"}}, {"item", "value"}}}};
    int number = 0;
    for (const auto& [action, expected] : actions) {
        request_.id.back() = static_cast<char>('0' + number++);
        request_.action = action;
        request_.inputs = expected.first;
        const std::vector<wire::Reply> replies = ask(direct());
        ASSERT_FALSE(replies.empty()) << action;
        EXPECT_EQ(replies[0].outcome, Outcome::ok) << action << ": " << replies[0].statusmsg;
        for (const std::string& key : expected.second)
            EXPECT_TRUE(replies[0].data.contains(key)) << action << ": " << key;
    }
}

TEST(BuiltinData, IsDescribed) {
    EXPECT_EQ(builtin::describe_builtin_data("/helpers", true).size(), 4U);
    EXPECT_EQ(builtin::describe_builtin_data("/helpers", false).size(), 3U);
}

/// Says how often it was asked.
class CountingData final : public builtin::BuiltinAgent {
public:
    std::string_view ddl_text() const override {
        return R"(
kind: data
metadata: {name: counter, description: d, author: a, license: l, version: "1", url: u, timeout: 1}
ttl: 60
query: {prompt: p, description: d, type: integer, optional: true}
output: {asked: {description: d, display_as: Asked, type: integer}}
)";
    }
    Result<Answer> call(const agents::ValidCall&) override { return Answer(Json{{"asked", ++asked_}}); }

private:
    int asked_ = 0;
};

TEST_F(RequestPathTest, KeepsAnswersOfDataPluginsForTheirTimeAndInBounds) {
    CountingData counter;
    data_.add_builtin(builtin::install_data(counter));
    data_.load({});
    int number = 0;
    const auto asked = [&](int query) {
        const std::string digits = std::to_string(10'000 + number++);
        request_.id.replace(request_.id.size() - digits.size(), digits.size(), digits);
        request_.agent = "rpcutil";
        request_.action = "get_data";
        request_.issued_at = clock_.wall_ms();
        request_.inputs = Json{{"source", "counter"}, {"query", std::to_string(query)}};
        const std::vector<wire::Reply> replies = ask(direct());
        return replies.size() == 1 ? replies[0].data.value("asked", -1) : -1;
    };
    EXPECT_EQ(asked(0), 1);
    EXPECT_EQ(asked(0), 1);
    EXPECT_EQ(asked(1), 2);
    clock_.advance_ms(60'001);
    EXPECT_EQ(asked(0), 3);
    clock_.advance_ms(1);
    for (int query = 1; query <= 1000; ++query)
        EXPECT_EQ(asked(query), query + 3);
    EXPECT_EQ(asked(1000), 1003);
    EXPECT_EQ(asked(0), 1004);
}

TEST_F(RequestPathTest, GivesNothingBackForWhatIsNotVerified) {
    wire::Message message = direct();
    message.signatures = {
        wire::PskCallerKeys({"ops", 1}, test::WirePair::psk('x')).sign_request(message.payload)};
    EXPECT_TRUE(ask(message).empty());
    EXPECT_TRUE(replies_.empty());
    EXPECT_EQ(node_.statistics.unvalidated, 1U);
    EXPECT_NE(log_text_.find("bad_signature"), std::string::npos);
    EXPECT_EQ(audit_text(), "");
}

TEST_F(RequestPathTest, LogsAFloodOfUnverifiedMessagesOnce) {
    wire::Message message = direct();
    message.signatures.clear();
    for (int i = 0; i < 1000; ++i)
        path_.take(message);
    EXPECT_EQ(node_.statistics.unvalidated, 1000U);
    EXPECT_EQ(std::count(log_text_.begin(), log_text_.end(), '\n'), 1);
    message = direct();
    message.payload += ' ';
    path_.take(message);
    EXPECT_NE(log_text_.find("bad_signature"), std::string::npos) << "another kind is not hidden by it";
}

TEST_F(RequestPathTest, RefusesWithTheOutcomeOfTheReason) {
    request_.action = "pong";
    EXPECT_EQ(outcome_of(direct()), Outcome::unknown_action);
}

TEST_F(RequestPathTest, NamesEveryInputThatBreaksTheDdl) {
    request_.action = "get_fact";
    request_.inputs = {{"fcat", "os"}};
    const std::vector<wire::Reply> replies = ask(direct());
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].outcome, Outcome::invalid);
    EXPECT_EQ(replies[0].error->details.at("violations").size(), 2U);
}

TEST_F(RequestPathTest, ADirectRequestForAnAgentThatIsNotHereIsAnswered) {
    request_.agent = "rpcutl";
    EXPECT_EQ(outcome_of(direct()), Outcome::unknown_agent);
}

TEST_F(RequestPathTest, ABroadcastForAnAgentThatIsNotHereIsDropped) {
    request_.agent = "disk";
    EXPECT_TRUE(ask(pair_.broadcast(request_)).empty());
    EXPECT_EQ(node_.statistics.filtered, 1U);
}

TEST_F(RequestPathTest, TheLogTellsOfAClockThatIsFarOff) {
    request_.issued_at = clock_.wall_ms() + 3'600'000;
    EXPECT_TRUE(ask(direct()).empty());
    EXPECT_NE(log_text_.find("dropped a request for its time"), std::string::npos) << log_text_;
    EXPECT_NE(log_text_.find("issued 3600.0 s in this node's future"), std::string::npos) << log_text_;
    EXPECT_NE(log_text_.find("it is of psk=ops"), std::string::npos) << log_text_;
}

TEST_F(RequestPathTest, AFilterByClassSeesTheFileAsItIsNow) {
    request_.filter = filter::parse_filter({.classes = {"web"}}).value();
    EXPECT_EQ(outcome_of(direct()), Outcome::not_matched);
    folder_.write("classes.txt", "web\n");
    request_.id.back() = '7';
    EXPECT_EQ(outcome_of(direct()), Outcome::ok);
}

TEST_F(RequestPathTest, AnAgentReadsItsRequestAsASortedObject) {
    install("copy", "{}", "base64 --wrap=0");
    request_.agent = "copy";
    request_.action = "go";
    const std::vector<wire::Reply> replies = ask(direct());
    ASSERT_EQ(replies.size(), 1U);
    const std::string read = base64_decode(replies[0].data.at("text").get<std::string>()).value();
    const Json object = parse_json_object(read).value();
    EXPECT_EQ(read, dump_json(object));
    EXPECT_EQ(object.size(), 11U);
    EXPECT_EQ(object.at("request_id"), request_.id);
}

TEST_F(RequestPathTest, NamesTheInputsWithoutAVariable) {
    const std::string text = "{prompt: p, description: d, type: string, validation: '.', maxlength: 9";
    install("show", "{a: " + text + "}, key: " + text + ", sensitive: true}, omitted: " + text + "}}",
            "echo $(set | sed -n 's/^HOCKET_INPUT_//p' | tr -d \\')");
    request_.agent = "show";
    request_.action = "go";
    request_.inputs = {{"a", "1"}, {"key", "2"}, {"omitted", "3"}};
    const std::vector<wire::Reply> replies = ask(direct());
    ASSERT_EQ(replies.size(), 1U);
    ASSERT_EQ(replies[0].outcome, Outcome::ok) << replies[0].statusmsg;
    EXPECT_EQ(replies[0].data, Json({{"text", "A=1 OMITTED=key omitted"}}));
}

TEST_F(RequestPathTest, TheNodeRunsNoMoreAtOnceThanItsLimit) {
    install("slow", "{}", "sleep 0.1; echo done");
    executor_.set_limits({.max_parallel = 1, .max_waiting = 0});
    request_.agent = "slow";
    request_.action = "go";
    path_.take(direct());
    ASSERT_EQ(executor_.running(), 1);
    request_.id.back() = '7';
    path_.take(direct());
    EXPECT_EQ(executor_.running(), 1);
    io_.run();
    EXPECT_EQ(node_.statistics.outcomes, (std::map<std::string, std::uint64_t>{{"busy", 1}, {"ok", 1}}));
}

TEST_F(RequestPathTest, SendsTheSameReplyForTheSameBytes) {
    ASSERT_EQ(ask(direct()).size(), 1U);
    EXPECT_EQ(transport_.flushed(), 1U);
    const std::string first = replies_[0].payload;
    clock_.advance_ms(1500);
    ASSERT_EQ(ask(direct()).size(), 1U);
    EXPECT_EQ(transport_.flushed(), 2U);
    EXPECT_EQ(replies_[0].payload, first);
    EXPECT_EQ(node_.statistics.passed, 1U);
    EXPECT_EQ(node_.statistics.duplicates, 1U);
}

TEST_F(RequestPathTest, RationsAnswersToRequestsOutsideOfTheirWindow) {
    const wire::Message message = direct();
    clock_.advance_ms(60'000);
    for (int i = 0; i < 50; ++i)
        path_.take(message);
    io_.run();
    EXPECT_EQ(replies_.size(), 10U);
    EXPECT_EQ(node_.statistics.ttlexpired, 50U);
}

TEST_F(RequestPathTest, ManyAreToldThatTheNodeDoesNotTrustThePastYet) {
    request_.issued_at = admission_.distrusted_until_ms();
    for (int i = 0; i < 300; ++i) {
        request_.id = wire::new_request_id(clock_.wall_ms());
        path_.take(direct());
    }
    io_.run();
    EXPECT_EQ(replies_.size(), 100U);
    clock_.advance_ms(1000);
    EXPECT_EQ(outcome_of(direct()), Outcome::expired);
}

TEST_F(RequestPathTest, AuditsTheDecisionAndTheEnd) {
    ask(direct());
    const std::string text = audit_text();
    EXPECT_NE(text.find(R"("event":"admitted")"), std::string::npos);
    EXPECT_NE(text.find(R"("event":"finished")"), std::string::npos);
    EXPECT_NE(text.find(R"("outcome":"ok")"), std::string::npos);
}

TEST_F(RequestPathTest, AuditsAVerifiedRequestThatCameOnTheWrongSubject) {
    wire::Message message = direct();
    message.subject = "hocket.main.all.disk";
    EXPECT_TRUE(ask(message).empty());
    EXPECT_NE(audit_text().find("subject_mismatch"), std::string::npos);
    EXPECT_NE(audit_text().find(crypto::sha256_hex(message.payload)), std::string::npos);
}

}  // namespace
}  // namespace hocket
