#include "client/cli/report.h"

#include <gtest/gtest.h>

#include "client/cli/report_json.h"
#include "client/cli/report_text.h"
#include "tests/client/sample_ddl.h"

namespace hocket::cli {
namespace {

class ReportTest : public testing::Test {
protected:
    ReportTest() {
        report_.result.request.agent = "disk";
        report_.result.request.action = "usage";
        report_.result.elapsed = std::chrono::milliseconds(41);
        report_.action = test::sample_action();
    }

    void have_no_secrets() {
        for (ddl::Input& input : report_.action->inputs)
            input.sensitive = false;
        for (ddl::Output& output : report_.action->outputs)
            output.sensitive = false;
    }

    wire::Reply& add(const std::string& identity, Outcome outcome = Outcome::ok, Json data = Json::object()) {
        client::NodeReply node;
        node.reply.identity = identity;
        node.reply.outcome = outcome;
        node.reply.statuscode = statuscode(outcome);
        node.reply.data = std::move(data);
        report_.result.replies.push_back(std::move(node));
        return report_.result.replies.back().reply;
    }

    void add_failure(const std::string& identity, const std::string& message) {
        wire::Reply& reply = add(identity, Outcome::failed);
        reply.statusmsg = "no such path";
        reply.error = wire::ReplyError{"disk/not_found", message, Json::object()};
        reply.stderr_tail = "df: no\x1b[31m red\nsecond line\n";
    }

    std::string replies(Detail detail = {}) const { return replies_text(report_, detail, Style(false), 0); }
    std::string summary() const { return summary_text(report_, {}, Style(false), 0); }

    Report report_;
};

TEST_F(ReportTest, OutputsStandUnderTheirNode) {
    have_no_secrets();
    add("web2", Outcome::ok, {{"used", 41}, {"mount_point", "/"}, {"extra", "line 1\nline 2\n"}});
    add("web1", Outcome::ok, {{"used", 7}});
    EXPECT_EQ(replies(), R"(web1
    Used: 7

web2
    Mount point: /
           Used: 41
          extra: line 1
                 line 2
)");
}

TEST_F(ReportTest, ADiffStandsUnderTheOutputs) {
    have_no_secrets();
    wire::Reply& reply = add("web1", Outcome::ok, {{"used", 7}});
    reply.changed = true;
    reply.diff = "-old\n+new\n";
    EXPECT_EQ(replies(), R"(web1 (changed)
    Used: 7
    diff: -old
          +new
)");
}

TEST_F(ReportTest, ADiffOfAnActionWithSensitiveFieldsIsNotShown) {
    add("web1").diff = "-old hunter2\n";
    EXPECT_EQ(replies(), "web1\n    diff: ***\n");
    EXPECT_NE(replies({.show_sensitive = true}).find("hunter2"), std::string::npos);
}

TEST_F(ReportTest, FailuresComeLastWithAllThatIsKnown) {
    add_failure("db1", "/x does not exist");
    add("web1", Outcome::ok, {{"used", 7}});
    EXPECT_EQ(replies(), R"(web1
    Used: 7

db1: failed
    message: /x does not exist
     status: no such path
       kind: disk/not_found
     stderr: df: no\x1b[31m red
             second line
)");
}

TEST_F(ReportTest, MoreThanThreeNodesShareOneAnswer) {
    for (const char* name : {"web4", "web2", "web1", "web3"})
        add(name, Outcome::ok, {{"used", 7}});
    add("db1", Outcome::ok, {{"used", 8}});
    EXPECT_EQ(replies(), R"(web1, web2, web3, web4 (4 nodes)
    Used: 7

db1
    Used: 8
)");
}

TEST_F(ReportTest, ThreeNodesAreNotFolded) {
    for (const char* name : {"web1", "web2", "web3"})
        add(name);
    EXPECT_EQ(replies(), "web1\nweb2\nweb3\n");
}

TEST_F(ReportTest, VerboseShowsEachNodeWithItsTimes) {
    for (const char* name : {"web1", "web2", "web3", "web4"})
        add(name);
    EXPECT_EQ(replies({.verbose = true, .show_sensitive = false}).substr(0, 35),
              "web1  0.00 ms, on the node 0.00 ms\n");
}

TEST_F(ReportTest, NothingFromANodeReachesTheTerminalUnescaped) {
    wire::Reply& reply = add("web1", Outcome::ok, {{"a\x1b]0;title\x07", "x\x1b[2J\u202e"}});
    reply.statusmsg = "fine\x1b[0m\r";
    add_failure("web2", "bad\x9b\x1b[1m");
    report_.result.missing = {{"web3", Outcome::not_sent, "why\x1b[1m"}};
    const std::string all = replies() + summary();
    for (const char unsafe : {'\x1b', '\r', '\x07', '\x9b'})
        EXPECT_EQ(all.find(unsafe), std::string::npos) << all;
    EXPECT_EQ(all.find("\u202e"), std::string::npos);
}

TEST_F(ReportTest, SensitiveOutputsAreShownOnlyOnRequest) {
    add("web1", Outcome::ok, {{"token", "hunter2"}});
    EXPECT_EQ(replies(), "web1\n    Token: ***\n");
    EXPECT_EQ(replies({.verbose = false, .show_sensitive = true}), "web1\n    Token: hunter2\n");
    EXPECT_EQ(dump_json(report_json(report_, {})).find("hunter2"), std::string::npos);
}

TEST_F(ReportTest, DisplayFailedHidesWhatWentWell) {
    report_.action->display = ddl::Display::failed;
    add("web1", Outcome::ok, {{"used", 7}});
    add("web2", Outcome::timeout).statusmsg = "after 5 s";
    EXPECT_EQ(replies(), "web2: timeout\n    message: after 5 s\n");
    EXPECT_NE(summary().find("1 ok answer not shown (display: failed); -v shows all\n"), std::string::npos);
}

TEST_F(ReportTest, DisplayOkHidesTheAgentsFailuresAndNoOthers) {
    report_.action->display = ddl::Display::ok;
    add_failure("web1", "x");
    add("web2", Outcome::crashed).statusmsg = "signal 11";
    EXPECT_EQ(replies(), "web2: crashed\n    message: signal 11\n");
}

TEST_F(ReportTest, ChangesAreMarked) {
    add("web1").changed = true;
    EXPECT_EQ(replies(), "web1 (changed)\n");
    report_.result.request.noop = true;
    EXPECT_EQ(replies(), "web1 (would change)\n");
}

TEST_F(ReportTest, TheSummaryIsOneLineWhenAllIsWell) {
    for (const char* name : {"a", "b", "c", "d"})
        add(name);
    add_failure("e", "x");
    EXPECT_EQ(summary(), "5 of 5 answered: 4 ok, 1 failed in 41 ms\n");
}

TEST_F(ReportTest, TheSummaryNamesEverythingThatIsOdd) {
    add("web1").ddl_digest = std::string(64, 'a');
    add("web2").ddl_digest = std::string(64, 'b');
    report_.result.missing = {{"db3", Outcome::no_response, "nothing came within 18.0 s"},
                              {"db4", Outcome::no_response, "nothing came within 18.0 s"},
                              {"db5", Outcome::not_sent, "the broker refused"}};
    client::NodeReply stranger;
    stranger.reply.identity = "odd1";
    report_.result.unexpected = {stranger};
    report_.result.rejected = {{ErrorCode::bad_signature, {2, "it \x1b does not hold"}},
                               {ErrorCode::unexpected_reply, {1, "it answers another"}}};
    EXPECT_EQ(summary(), R"(2 of 5 answered: 2 ok in 41 ms
no answer from db3, db4: nothing came within 18.0 s
not sent to db5: the broker refused
unexpected answers, not counted, from nodes that were not asked: odd1 (ok)
dropped 3 messages that nobody can trust as a reply:
  2 bad_signature, the first: it \x1b does not hold
  1 unexpected_reply: it answers another
the nodes have different descriptions of agent 'disk': aaaaaaaaaaaa on 1 node, bbbbbbbbbbbb on 1 node
)");
}

TEST_F(ReportTest, ColourIsNeverTheOnlySign) {
    add_failure("web1", "x");
    const std::string coloured = replies_text(report_, {}, Style(true), 0);
    EXPECT_NE(coloured.find("\x1b[31mfailed\x1b[0m"), std::string::npos);
}

TEST_F(ReportTest, UndeclaredOutputsOfAnActionWithSecretsAreHidden) {
    add("web1", Outcome::ok, {{"used", 7}, {"extra", "a word"}});
    const wire::Reply& reply = report_.result.replies.back().reply;
    EXPECT_EQ(shown_data(report_, reply, {}), (Json{{"used", 7}, {"extra", "***"}}));
    EXPECT_EQ(shown_data(report_, reply, {.show_sensitive = true}), reply.data);
    have_no_secrets();
    EXPECT_EQ(shown_data(report_, reply, {}), reply.data);
}

TEST_F(ReportTest, TheDocumentHasEveryMember) {
    add("web1", Outcome::ok, {{"used", 7}});
    report_.result.request.id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    report_.result.missing = {{"web2", Outcome::no_response, "nothing"}};
    report_.result.rejected = {{ErrorCode::bad_signature, {2, "it does not hold"}}};
    client::NodeReply refusal;
    refusal.reply.identity = "web3";
    refusal.reply.outcome = Outcome::draining;
    refusal.reply.statusmsg = "not now";
    report_.discovered =
        Discovered{2,
                   {refusal},
                   {{ErrorCode::bad_signature, {1, "nor then"}}, {ErrorCode::unknown_key, {1, "whose"}}},
                   false,
                   std::chrono::milliseconds(3)};
    report_.exit_code = 5;
    EXPECT_EQ(report_json(report_, {}), Json::parse(R"({
        "schema": "io.hocket.result.v1", "request": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "agent": "disk", "action": "usage",
        "discovered": 2, "refusals": [{"identity": "web3", "outcome": "draining", "reason": "not now"}],
        "replies": [{"identity": "web1", "outcome": "ok", "statuscode": 0, "statusmsg": "OK", "data": {"used": 7},
                     "error": null, "changed": null, "diff": null, "stderr": null, "latency_ms": 0.0, "duration_ms": 0}],
        "missing": [{"identity": "web2", "outcome": "no_response", "reason": "nothing"}],
        "unexpected": [], "rejected": {"bad_signature": {"count": 3, "first_reason": "nor then"},
                                         "unknown_key": {"count": 1, "first_reason": "whose"}},
        "summary": {"expected": 2, "answered": 1, "outcomes": {"ok": 1}, "changed": 0, "repeated": 0,
                    "discovery_ms": 3.0, "elapsed_ms": 41.0},
        "summaries": [],
        "exit_code": 5})"));
}

TEST_F(ReportTest, TheDocumentIsStrictJsonWhateverNodesSend) {
    add("web1", Outcome::ok, {{"raw", "bytes \xff\xfe"}}).statusmsg = "\x80";
    EXPECT_TRUE(parse_json_object(dump_json_pretty(report_json(report_, {}))));
}

}  // namespace
}  // namespace hocket::cli
