#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/ddl/reader.h"
#include "runner/execution/choria_reply.h"
#include "tests/runner/execution/executor_fixture.h"

namespace hocket::execution {
namespace {

// What Choria's own DDLs look like: no run block, and an output that its agents do not always keep to.
constexpr const char* k_ddl = R"({
  "metadata": {"name": "parrot", "description": "d", "author": "a", "license": "l", "version": "1.0.0", "url": "u",
               "timeout": 10, "provider": "external"},
  "actions": [
    {"action": "echo", "description": "d", "display": "ok",
     "input": {"message": {"prompt": "p", "description": "d", "type": "string", "validation": ".", "maxlength": 0,
                           "optional": true}},
     "output": {"message": {"description": "d", "display_as": "Message", "type": "string"},
                "count": {"description": "d", "display_as": "Count", "type": "integer", "default": 7}}},
    {"action": "brief", "description": "d", "input": {}, "output": {}, "timeout": 1}]})";

/// An agent that activates, and whose program then goes on with `script`.
std::string parrot(const std::string& script) {
    return "#!/bin/bash\nif [[ $CHORIA_EXTERNAL_PROTOCOL == *activation_request ]]; then\n"
           "  echo '{\"activate\": true}' >\"$CHORIA_EXTERNAL_REPLY\"; exit\nfi\n" +
           script;
}

class ChoriaTest : public ExecutorTest {
protected:
    ChoriaTest() { std::filesystem::create_directories(folder_ / "tmp"); }

    void install_parrot(const std::string& program, const agents::ChoriaSettings& settings = {}) {
        folder_.write("agents/parrot.json", k_ddl);
        folder_.write("agents/parrot", program, 0755);
        settings_.choria = settings;
        load_parrot();
    }

    void load_parrot() {
        agents::AgentFolders folders;
        folders.settings["parrot"] = settings_;
        load(folders);
    }

    Result<bool> activate() {
        EXPECT_EQ(agents_.undecided().size(), 1U) << log_text_;
        const auto agent = agents_.undecided().front();
        std::optional<Result<bool>> answer;
        choria_.ask_to_activate(agent, [&](Result<bool> given) { answer = std::move(given); });
        drive_until([&] { return answer.has_value(); });
        using Verdict = agents::AgentStore::Verdict;
        agents_.decide(agent, !*answer ? Verdict::unknown : (**answer ? Verdict::serves : Verdict::declines));
        return std::move(*answer);
    }

    AgentResult echo(const std::string& script, const Json& inputs = Json::object(),
                     const agents::ChoriaSettings& settings = {}) {
        install_parrot(parrot(script), settings);
        EXPECT_TRUE(activate());
        return run("echo", inputs);
    }

    AgentResult run(const std::string& action, const Json& inputs = Json::object()) {
        std::optional<AgentResult> answer;
        choria_.run(call("parrot", {.action = action, .inputs = inputs}),
                    [&](AgentResult result) { answer = std::move(result); });
        drive_until([&] { return answer && choria_.running() == 0; });
        return std::move(*answer);
    }

    std::size_t left_in_tmp() {
        const std::filesystem::directory_iterator entries(folder_ / "tmp");
        return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
    }

    agents::AgentSettings settings_;
    std::shared_ptr<const Json> facts_ = std::make_shared<const Json>(Json{{"site", "ams"}});
    Executor choria_{{io_.get_executor(), supervisor_, clock_, log_},
                     {"web1.example",
                      "/usr/bin:/bin",
                      "/root",
                      "",
                      {.grace_ms = 200, .drain_ms = 200},
                      folder_ / "tmp",
                      [this] { return facts_; }}};
};

// ---- what it is given ------------------------------------------------------------------------------------------------

TEST_F(ChoriaTest, RequestReplyAndFactsAreFilesOfItsOwn) {
    const AgentResult result = echo(
        R"sh(cd "${CHORIA_EXTERNAL_REQUEST%/*}"
           printf '{"data": {"message": "%s", "argv": "%s", "modes": "%s", "sizes": "%s", "facts": %s, "request": %s}}' \
               "$PWD" "$#:$1:$2:$3" "$(stat -c %a . request reply facts | tr '\n' ' ')" "$(stat -c %s reply)" \
               "$(cat "$CHORIA_EXTERNAL_FACTS")" "$(cat "$CHORIA_EXTERNAL_REQUEST")" >"$CHORIA_EXTERNAL_REPLY")sh",
        {{"message", "hi"}});
    ASSERT_EQ(result.outcome, Outcome::ok) << result.statusmsg;
    const std::string folder = result.data.at("message");
    EXPECT_TRUE(folder.starts_with((folder_ / "tmp/hocket-").string())) << folder;
    EXPECT_EQ(result.data.at("argv"),
              "3:" + folder + "/request:" + folder + "/reply:io.choria.mcorpc.external.v1.rpc_request");
    EXPECT_EQ(result.data.at("modes"), "700 600 600 600 ");
    EXPECT_EQ(result.data.at("sizes"), "0");
    EXPECT_EQ(result.data.at("facts"), Json({{"site", "ams"}}));
    EXPECT_EQ(result.data.at("count"), 7);  // a default of the DDL
    const Json& request = result.data.at("request");
    std::vector<std::string> keys;
    for (const auto& member : request.items())
        keys.push_back(member.key());
    EXPECT_EQ(join(keys, " "),
              "$schema action agent callerid collective data msgtime protocol requestid senderid ttl");
    EXPECT_EQ(request.at("data"), Json({{"message", "hi"}}));
    EXPECT_EQ(request.at("$schema"), "https://choria.io/schemas/mcorpc/external/v1/rpc_request.json");
    EXPECT_EQ(request.at("ttl"), 10);
    EXPECT_EQ(request.at("callerid"), "psk=ops");
    EXPECT_EQ(request.at("requestid").get<std::string>().find_first_not_of("0123456789abcdef"),
              std::string::npos);
    EXPECT_EQ(request.at("requestid").get<std::string>().size(), 32U);
    EXPECT_LT(std::abs(request.at("msgtime").get<std::int64_t>() - clock_.wall_ms() / 1000), 5);
    EXPECT_EQ(left_in_tmp(), 0U);
}

TEST_F(ChoriaTest, ItsEnvironmentHasWhatChoriaGivesAndMore) {
    const AgentResult result = echo(
        R"sh(printf '{"data": {"message": "%s"}}' "$(env | cut -d= -f1 | grep -v '^_$' | sort | tr '\n' ' ')" >"$CHORIA_EXTERNAL_REPLY")sh");
    EXPECT_EQ(
        result.data.at("message"),
        "CHORIA_EXTERNAL_CONFIG CHORIA_EXTERNAL_FACTS CHORIA_EXTERNAL_PROTOCOL CHORIA_EXTERNAL_REPLY "
        "CHORIA_EXTERNAL_REQUEST HOCKET_ACTION HOCKET_AGENT HOCKET_CALLER HOCKET_CONTRACT HOCKET_DEADLINE "
        "HOCKET_EXECUTION_ID HOCKET_NOOP HOCKET_PROTOCOL HOCKET_REQUEST_ID HOME LANG PATH PWD "
        "PYTHONUNBUFFERED SHLVL TMPDIR ");
}

TEST_F(ChoriaTest, ThereAreThreeReadingsOfItsConfiguration) {
    using Config = agents::ChoriaSettings::Config;
    const std::string script =
        R"sh(printf '{"data": {"message": "%s"}}' "$CHORIA_EXTERNAL_CONFIG" >"$CHORIA_EXTERNAL_REPLY")sh";
    const auto said = [&](agents::ChoriaSettings settings) {
        return echo(script, Json::object(), settings).data.at("message").get<std::string>();
    };
    EXPECT_EQ(said({}), "/etc/choria/plugin.d/parrot");
    EXPECT_EQ(said({.config = Config::file, .plugin_folder = "/p"}), "/p/parrot.cfg");
    EXPECT_EQ(said({.config = Config::folder, .plugin_folder = "/p"}), "/p");
}

TEST_F(ChoriaTest, ThroughStandardInputAndOutputBehindALineOfSomethingElse) {
    install_parrot(R"sh(#!/bin/bash
        request=$(cat)
        echo "/usr/share/schemas"
        [[ -v CHORIA_EXTERNAL_REQUEST || -v CHORIA_EXTERNAL_REPLY || $# != 0 ]] && exit 3
        [[ $CHORIA_EXTERNAL_PROTOCOL == *activation_request ]] && echo '{"activate": true}' && exit
        echo "{\"data\": {\"message\": \"x\", \"request\": $request}}")sh",
                   {.exchange = agents::ChoriaSettings::Exchange::stdio});
    ASSERT_TRUE(activate());
    const AgentResult result = run("echo", {{"message", "hi"}});
    ASSERT_EQ(result.outcome, Outcome::ok) << result.statusmsg;
    EXPECT_EQ(result.data.at("request").at("data"), Json({{"message", "hi"}}));
}

// ---- what it leaves --------------------------------------------------------------------------------------------------

TEST_F(ChoriaTest, OnlyExitCodeZeroMakesTheReplyCount) {
    const AgentResult result =
        echo(R"sh(echo '{"statuscode": 0}' >"$CHORIA_EXTERNAL_REPLY"; echo why >&2; exit 3)sh");
    EXPECT_EQ(result.outcome, Outcome::crashed);
    EXPECT_EQ(result.statusmsg, "the agent exited with code 3, so its reply does not count");
    EXPECT_EQ(result.stderr_tail, "why\n");
    EXPECT_EQ(left_in_tmp(), 0U);
}

TEST_F(ChoriaTest, WhatItPrintsIsLogHoweverMuch) {
    const AgentResult result =
        echo(R"sh(echo started; head -c 3000000 /dev/zero | tr '\0' x; echo; echo oops >&2
                                       echo '{"data": {"message": "m"}}' >"$CHORIA_EXTERNAL_REPLY")sh");
    EXPECT_EQ(result.outcome, Outcome::ok) << result.statusmsg;
    EXPECT_NE(log_text_.find("msg=\"an agent says\" agent=parrot line=started"), std::string::npos);
    EXPECT_NE(log_text_.find("msg=\"an agent says\" agent=parrot line=oops"), std::string::npos);
    EXPECT_LT(log_text_.size(), 100'000U);
}

TEST_F(ChoriaTest, AReplyOverTheLimitIsTooLarge) {
    const AgentResult result = echo(R"sh(head -c 2000000 /dev/zero | tr '\0' x >"$CHORIA_EXTERNAL_REPLY")sh");
    EXPECT_EQ(result.outcome, Outcome::too_large);
}

TEST_F(ChoriaTest, AFileThatIsNotItsReplyIsNotRead) {
    const std::string secret = folder_.write("secret", R"sh({"data": {"message": "secret"}})sh").string();
    for (const std::string& script : std::vector<std::string>{
             "", "rm \"$CHORIA_EXTERNAL_REPLY\"",
             "rm \"$CHORIA_EXTERNAL_REPLY\"; ln -s " + secret + " \"$CHORIA_EXTERNAL_REPLY\"",
             "rm \"$CHORIA_EXTERNAL_REPLY\"; mkfifo \"$CHORIA_EXTERNAL_REPLY\"",
             "rm \"$CHORIA_EXTERNAL_REPLY\"; mkdir -p \"$CHORIA_EXTERNAL_REPLY/a/b\""}) {
        const AgentResult result = echo(script);
        EXPECT_EQ(result.outcome, Outcome::bad_reply) << script;
        EXPECT_NE(result.statusmsg.find("CHORIA_EXTERNAL_REPLY"), std::string::npos) << result.statusmsg;
    }
    drive_until([&] { return left_in_tmp() == 0; });
}

TEST_F(ChoriaTest, AReplyMayBePutInThePlaceOfTheFile) {
    const AgentResult result = echo(R"sh(echo '{"data": {"message": "new"}}' >"$CHORIA_EXTERNAL_REPLY.new"
                                       mv "$CHORIA_EXTERNAL_REPLY.new" "$CHORIA_EXTERNAL_REPLY")sh");
    EXPECT_EQ(result.data.at("message"), "new");
}

TEST_F(ChoriaTest, OneThatDoesNotEndIsAnsweredAndKilledAsATree) {
    install_parrot(parrot("sleep 60 & echo $! >\"" + (folder_ / "child").string() + "\"; sleep 60"));
    ASSERT_TRUE(activate());
    const AgentResult result = run("brief");
    EXPECT_EQ(result.outcome, Outcome::timeout);
    const std::string child(trim(read_file(folder_ / "child", 100).value()));
    EXPECT_FALSE(std::filesystem::exists("/proc/" + child));
    EXPECT_EQ(left_in_tmp(), 0U);
}

TEST_F(ChoriaTest, AChildThatHoldsItsOutputCostsNoTime) {
    const auto begin = std::chrono::steady_clock::now();
    const AgentResult result = echo(R"sh(sleep 60 & echo '{}' >"$CHORIA_EXTERNAL_REPLY")sh");
    EXPECT_EQ(result.outcome, Outcome::ok);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST_F(ChoriaTest, OutputsThatBreakTheDdlPass) {
    const AgentResult result = echo(R"sh(echo '{"data": {"message": 5}}' >"$CHORIA_EXTERNAL_REPLY")sh");
    EXPECT_EQ(result.outcome, Outcome::ok);
    EXPECT_NE(log_text_.find("outputs break the agent's DDL"), std::string::npos);
}

TEST_F(ChoriaTest, ItsReplyIsReadTolerantly) {
    const ddl::Agent agent = ddl::read_text(k_ddl, ddl::Format::json, "parrot.json").value().agent;
    const auto read = [&](std::string_view text) {
        return ChoriaReply(agent, *agent.find("echo")).read(text).result;
    };
    EXPECT_EQ(read("{}").outcome, Outcome::ok);
    EXPECT_EQ(read("{}").statusmsg, "OK");
    EXPECT_EQ(read(R"sh({"statuscode": null, "statusmsg": null, "data": null, "more": [1]})sh").outcome,
              Outcome::ok);
    EXPECT_EQ(read(R"sh({"statuscode": 0, "error": {"message": "not a word of Choria's"}})sh").outcome,
              Outcome::ok);
    const AgentResult failed = read(R"sh({"statuscode": 3, "statusmsg": "no", "data": {"message": "m"}})sh");
    EXPECT_EQ(failed.outcome, Outcome::failed);
    EXPECT_EQ(failed.statuscode, 3);
    EXPECT_EQ(failed.error->kind, "parrot/failed");
    EXPECT_EQ(failed.error->message, "no");
    EXPECT_EQ(failed.data.at("message"), "m");
    EXPECT_EQ(failed.data.at("count"), 7);  // a default of the DDL
    EXPECT_EQ(read(R"sh({"StatusCode": 1, "StatusMsg": "it broke"})sh").statusmsg, "it broke");
    EXPECT_EQ(read(R"sh({"statuscode": 1, "statuscode": 0})sh").outcome, Outcome::ok);
    EXPECT_EQ(read("{\"data\": {\"message\": \"caf\xe9\"}}").data.at("message"), "caf\xEF\xBF\xBD");
    EXPECT_EQ(read(std::string(100, '[') + std::string(100, ']')).outcome, Outcome::bad_reply);
    EXPECT_EQ(read("{\"data\": " + std::string(100, '[') + std::string(100, ']') + "}").outcome,
              Outcome::bad_reply);
    EXPECT_EQ(read(R"sh({"statuscode": 255})sh").statuscode, 5);
    for (const char* bad : {"", "[]", "{", "{} {}", R"sh({"statuscode": 256})sh", R"sh({"statuscode": -1})sh",
                            R"sh({"statuscode": "0"})sh", R"sh({"statuscode": 0.5})sh",
                            R"sh({"statusmsg": 1})sh", R"sh({"data": [1]})sh"}) {
        EXPECT_EQ(read(bad).outcome, Outcome::bad_reply) << bad;
    }
}

TEST(ChoriaJson, ANameWithoutCapitalsCountsFirst) {
    const Json object = read_choria_json(R"({"StatusCode": 3, "statuscode": 0, "DATA": 5})").value();
    EXPECT_EQ(choria_member(object, "statuscode"), 0);
    EXPECT_EQ(choria_member(object, "data"), 5);
    EXPECT_TRUE(choria_member(object, "statusmsg").is_null());
}

TEST(ChoriaJson, IsBoundedInDepthAndNotSlowWhenItIsWide) {
    const auto nested = [](std::size_t levels) {
        return R"({"data": )" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
    };
    EXPECT_TRUE(read_choria_json(nested(32)));
    EXPECT_FALSE(read_choria_json(nested(33)));
    EXPECT_FALSE(read_choria_json(nested(100'000)));
    std::string wide = R"({"data": [{})";
    for (int i = 0; i < 300'000; ++i)
        wide += ",{}";
    EXPECT_TRUE(read_choria_json(wide + "]}"));  // with quadratic time it would not end in time
}

TEST_F(ChoriaTest, TheReplyOnStandardOutputBeginsWithTheFirstLineThatMayBeOne) {
    EXPECT_EQ(json_part_of("{\"a\": 1}\n"), "{\"a\": 1}\n");
    EXPECT_EQ(json_part_of("/usr/schemas\n{\"a\": 1}"), "{\"a\": 1}");
    EXPECT_EQ(json_part_of("a\nb\n\n{\n}\n"), "{\n}\n");
    EXPECT_EQ(json_part_of("nothing\n"), "nothing\n");
    EXPECT_EQ(json_part_of(""), "");
}

// ---- activation ------------------------------------------------------------------------------------------------------

TEST_F(ChoriaTest, ItIsAskedWhetherItActivates) {
    install_parrot(R"sh(#!/bin/bash
        printf '%s %s %s ' "$3" "$CHORIA_EXTERNAL_PROTOCOL" "$(stat -c %s "$CHORIA_EXTERNAL_FACTS")"
        cat "$CHORIA_EXTERNAL_REQUEST"; echo
        echo '{"activate": true, "more": 1}' >"$CHORIA_EXTERNAL_REPLY")sh");
    EXPECT_EQ(agents_.find("parrot"), nullptr);
    EXPECT_EQ(activate().value(), true);
    EXPECT_NE(agents_.find("parrot"), nullptr);
    EXPECT_NE(
        log_text_.find(
            "io.choria.mcorpc.external.v1.rpc_request io.choria.mcorpc.external.v1.activation_request 0 "
            R"sh({\"$schema\":\"https://choria.io/schemas/mcorpc/external/v1/activation_request.json\",)sh"
            R"sh(\"agent\":\"parrot\",\"protocol\":\"io.choria.mcorpc.external.v1.activation_request\"})sh"),
        std::string::npos)
        << log_text_;
    drive_until([&] { return left_in_tmp() == 0; });
}

TEST_F(ChoriaTest, WhateverElseItSaysItDoesNotActivate) {
    const auto said = [&](const std::string& script) {
        install_parrot("#!/bin/bash\n" + script);
        Result<bool> answer = activate();
        EXPECT_EQ(agents_.find("parrot"), nullptr) << script;
        return answer ? std::string(*answer ? "yes" : "no") : std::string(to_string(answer.error().code));
    };
    EXPECT_EQ(said(R"sh(echo '{"activate": false}' >"$2")sh"), "no");
    EXPECT_EQ(said(R"sh(echo '{}' >"$2")sh"), "no");
    EXPECT_EQ(said(R"sh(echo '{"activate": "true"}' >"$2")sh"), "bad_reply");
    EXPECT_EQ(said(R"sh(echo 'true' >"$2")sh"), "bad_reply");
    EXPECT_EQ(said(""), "bad_reply");
    EXPECT_EQ(said(R"sh(echo '{"activate": true}' >"$2"; exit 1)sh"), "crashed");
    EXPECT_EQ(said(R"sh(echo '{"activate": true}' >"$2"; kill -9 $$)sh"), "crashed");
}

TEST_F(ChoriaTest, ItHasTwoSecondsToActivate) {
    install_parrot("#!/bin/bash\nsleep 60");
    const auto begin = std::chrono::steady_clock::now();
    const Result<bool> answer = activate();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timeout);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST_F(ChoriaTest, TheOneThatServesGoesOnUntilTheNextOneHasSaidThatItDoes) {
    install_parrot(parrot(R"sh(echo '{"data": {"message": "old"}}' >"$2")sh"));
    ASSERT_TRUE(activate());
    const auto old = agents_.find("parrot");
    load_parrot();
    EXPECT_EQ(agents_.find("parrot"), old);
    EXPECT_EQ(activate().value(), true);
    EXPECT_NE(agents_.find("parrot"), old);
    install_parrot("#!/bin/bash\nexit 1");
    EXPECT_FALSE(activate());
    EXPECT_NE(agents_.find("parrot"), nullptr);  // it did not say no
    install_parrot("#!/bin/bash\necho '{\"activate\": false}' >\"$2\"");
    EXPECT_EQ(activate().value(), false);
    EXPECT_EQ(agents_.find("parrot"), nullptr);
    EXPECT_EQ(agents_.names(), std::vector<std::string>());
}

TEST_F(ChoriaTest, NoMoreThanAFewAreAskedAtATime) {
    install_parrot("#!/bin/bash\n: >\"$(mktemp \"" + (folder_ / "running-XXXXXX").string() +
                   "\")\"; sleep 0.3; echo '{\"activate\": true}' >\"$2\"");
    int answered = 0;
    for (int number = 0; number < 9; ++number) {
        choria_.ask_to_activate(agents_.undecided().front(), [&](const Result<bool>& answer) {
            EXPECT_TRUE(answer) << answer.error().message;
            ++answered;
        });
    }
    const auto started = [this] {
        const std::filesystem::directory_iterator entries(folder_.path());
        return std::count_if(begin(entries), end(entries), [](const auto& entry) {
            return entry.path().filename().string().starts_with("running-");
        });
    };
    drive_until([&] { return answered > 0; });
    EXPECT_LE(started(), 8);
    drive_until([&] { return answered == 9; });
    EXPECT_EQ(started(), 9);
}

}  // namespace
}  // namespace hocket::execution
