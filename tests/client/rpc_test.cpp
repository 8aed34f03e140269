#include "client/lib/rpc.h"

#include <gtest/gtest.h>

#include "tests/client/fleet.h"
#include "tests/client/sample_ddl.h"
#include "tests/support/temporary_folder.h"

namespace hocket::client {
namespace {

using test::FakeNode;

/// A DDL as a node sends it.
struct Description {
    std::string text;
    std::string digest;
};

Description describe(const std::string& yaml) {
    const ddl::Agent agent = ddl::read_text(yaml, ddl::Format::yaml, "test").value().agent;
    const std::string text = ddl::canonical_json(agent);
    return {text, ddl::digest(text)};
}

std::string with(std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    return text;
}

/// A caller without DDLs of its own, and a node that gives its own.
class RpcTest : public testing::Test {
protected:
    RpcTest() : fleet_(test::Fleet::fast_config()), node_(fleet_.add("web1")) { install(old_); }

    /// The node has this DDL from now on. It refuses what it is told to.
    void install(const Description& description, const std::string& refused_input = "") {
        node_.behave(
            [this, description, refused_input](FakeNode& node, const wire::VerifiedRequest& request) {
                if (request.request().agent == "rpcutil") {
                    ++described_;
                    const Json data = {{"ddl", description.text}, {"digest", description.digest}};
                    return node.send(node.reply_to(request, Outcome::ok, data), request);
                }
                const bool refuses =
                    !refused_input.empty() && request.request().inputs.value("path", "") == refused_input;
                wire::Reply reply = node.reply_to(request, refuses ? Outcome::invalid : Outcome::ok);
                reply.ddl_digest = description.digest;
                asked_.push_back(request.request().inputs);
                node.send(reply, request);
            });
    }

    RpcResult call(const std::vector<WrittenInput>& inputs) {
        RpcQuery query("disk", "usage");
        query.inputs = inputs;
        query.filter = filter::parse_filter({.identities = {"web1"}}).value();
        std::optional<Result<RpcResult>> result;
        auto rpc = Rpc::start(fleet_.session(), source_, CheckedRpc::check(std::move(query), source_).value(),
                              {[&](Result<RpcResult> made) { result.emplace(std::move(made)); }});
        EXPECT_TRUE(rpc) << rpc.error().message;
        fleet_.run_until([&] { return result.has_value(); });
        EXPECT_TRUE(*result) << result->error().message;
        return std::move(**result);
    }

    static std::vector<WrittenInput> written(const std::vector<std::string>& texts) {
        return parse_written_inputs(texts).value();
    }

    test::TemporaryFolder folder_;
    test::Fleet fleet_;
    FakeNode& node_;
    Description old_ = describe(test::k_sample_ddl);
    DdlSource source_{{{}, folder_ / "cache"}};
    int described_ = 0;
    std::vector<Json> asked_;
};

TEST_F(RpcTest, AsksANodeForItsDdlOnce) {
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(call(written({"path=/", "count=5"})).call.replies.size(), 1U);
    EXPECT_EQ(described_, 1);
    EXPECT_EQ(asked_, (std::vector<Json>(3, {{"path", "/"}, {"count", 5}})));
}

TEST_F(RpcTest, AsksAgainWhenTheNodesDdlIsAnother) {
    call(written({"path=/", "count=5"}));
    const Description text_count =
        describe(with(test::k_sample_ddl, "type: integer, optional: true, default: 3",
                      "type: string, maxlength: 9, optional: true"));
    install(text_count, "/");
    const RpcResult result = call(written({"path=/", "count=5"}));
    EXPECT_EQ(described_, 2);
    ASSERT_EQ(asked_.size(), 3U) << "once too early, once with the new DDL";
    EXPECT_EQ(asked_[1]["count"], 5);
    EXPECT_EQ(asked_[2]["count"], "5");
    EXPECT_EQ(result.call.replies.size(), 1U);
}

TEST_F(RpcTest, DoesNotAskAgainWhatRan) {
    call(written({"path=/"}));
    install(describe(with(test::k_sample_ddl, "Space of a filesystem", "Room of a filesystem")));
    const RpcResult result = call(written({"path=/"}));
    EXPECT_EQ(asked_.size(), 2U);
    EXPECT_EQ(described_, 2);
    ASSERT_TRUE(result.action);
    EXPECT_EQ(result.action->description, "Room of a filesystem");
}

TEST_F(RpcTest, AsksForTheDdlBeforeItRefusesInputs) {
    call(written({"path=/"}));
    install(describe(with(test::k_sample_ddl, "deep: {", "newer: {")));
    EXPECT_EQ(call(written({"path=/", "newer=true"})).call.replies.size(), 1U);
    EXPECT_EQ(described_, 2);
    EXPECT_EQ(asked_.back(), (Json{{"path", "/"}, {"newer", true}}));
}

TEST_F(RpcTest, TakesNoOldDdlForGrantedWhereOthersCanRead) {
    call(written({"path=/"}));
    ClientConfig config = test::Fleet::fast_config();
    config.nats.urls = {"nats://192.0.2.1:4222"};
    const auto session = fleet_.new_session(config);
    RpcQuery query("disk", "usage");
    query.inputs = written({"path=/"});
    query.filter = filter::parse_filter({.identities = {"web1"}}).value();
    bool is_over = false;
    const auto rpc = Rpc::start(*session, source_, CheckedRpc::check(std::move(query), source_).value(),
                                {[&](const Result<RpcResult>&) { is_over = true; }});
    ASSERT_TRUE(rpc);
    fleet_.run_until([&] { return is_over; });
    EXPECT_EQ(described_, 2);
}

}  // namespace
}  // namespace hocket::client
