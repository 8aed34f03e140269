#include "client/lib/typed_call.h"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/client/fleet.h"
#include "tests/client/sample_ddl.h"
#include "tests/support/temporary_folder.h"

namespace hocket::client {
namespace {

namespace asio = boost::asio;

/// What hocketc would make of test::k_sample_ddl, in part.
struct Usage {
    static constexpr ActionTraits k_action = {.agent = "disk", .action = "usage"};
    struct Inputs {
        std::string path;
        std::optional<std::int64_t> count = {};
    };
    struct Outputs {
        std::optional<std::string> mount_point = {};
        std::optional<std::int64_t> used = {};
    };
    static constexpr std::tuple k_inputs{Field{"path", &Inputs::path}, Field{"count", &Inputs::count}};
    static constexpr std::tuple k_outputs{Field{"mount_point", &Outputs::mount_point},
                                          Field{"used", &Outputs::used}};
};

struct Repair {
    static constexpr ActionTraits k_action = {.agent = "disk", .action = "repair"};
    struct Inputs {};
    struct Outputs {};
    static constexpr std::tuple k_inputs{};
    static constexpr std::tuple k_outputs{};
};

class TypedCallTest : public testing::Test {
protected:
    TypedCallTest() {
        folder_.write("ddl/disk.yaml", test::k_sample_ddl);
        ClientConfig config = test::Fleet::fast_config();
        config.ddl.folders = {folder_ / "ddl"};
        client_ = std::make_unique<Client>(fleet_.new_session(config));
    }

    Result<TypedResult<Usage>> call(const Usage::Inputs& inputs, CallOptions options = {}) {
        std::optional<Result<TypedResult<Usage>>> result;
        async_call<Usage>(*client_, inputs, std::move(options),
                          [&](Result<TypedResult<Usage>> made) { result.emplace(std::move(made)); });
        EXPECT_FALSE(result) << "never from inside";
        fleet_.run_until([&] { return result.has_value(); });
        return std::move(*result);
    }

    test::TemporaryFolder folder_;
    test::Fleet fleet_;
    std::unique_ptr<Client> client_;
};

TEST_F(TypedCallTest, GivesTypedOutputs) {
    fleet_.add("web1").answer(Outcome::ok, {{"used", 7}, {"mount_point", "/"}});
    const Result<TypedResult<Usage>> result = call({.path = "/", .count = 2});
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_EQ(result->replies.size(), 1U);
    const TypedReply<Usage>& node = result->replies[0];
    EXPECT_EQ(node.identity, "web1");
    EXPECT_EQ(node.outcome, Outcome::ok);
    ASSERT_TRUE(node.outputs);
    EXPECT_EQ(node.outputs->used, 7);
    EXPECT_EQ(node.outputs->mount_point, "/");
    EXPECT_EQ(exit_code(result->ending), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().inputs, (Json{{"path", "/"}, {"count", 2}}));
}

TEST_F(TypedCallTest, WhoFailedHasNoOutputsAndSaysWhy) {
    fleet_.add("web1").behave([](test::FakeNode& node, const wire::VerifiedRequest& request) {
        wire::Reply reply = node.reply_to(request, Outcome::failed, {{"used", 7}});
        reply.statuscode = 1;
        reply.error = wire::ReplyError{"disk/not_found", "there is no /", Json::object()};
        node.send(reply, request);
    });
    const Result<TypedResult<Usage>> result = call({.path = "/"});
    ASSERT_TRUE(result);
    const TypedReply<Usage>& node = result->replies.at(0);
    EXPECT_EQ(node.outcome, Outcome::failed);
    EXPECT_FALSE(node.outputs);
    EXPECT_EQ(node.message, "there is no /");
    EXPECT_EQ(node.raw.reply.error->kind, "disk/not_found");
    EXPECT_EQ(node.raw.reply.data.at("used"), 7);
    EXPECT_EQ(exit_code(result->ending), 2);
}

TEST_F(TypedCallTest, OutputsOfAnotherTypeAreInvalid) {
    fleet_.add("web1").answer(Outcome::ok, {{"used", "much"}});
    const Result<TypedResult<Usage>> result = call({.path = "/"});
    ASSERT_TRUE(result);
    const TypedReply<Usage>& node = result->replies.at(0);
    EXPECT_EQ(node.outcome, Outcome::invalid_output);
    EXPECT_FALSE(node.outputs);
    EXPECT_EQ(node.message,
              "agent 'disk': action 'usage': output 'used' must be of type integer, not \"much\"");
    EXPECT_EQ(node.raw.reply.outcome, Outcome::ok);
    EXPECT_EQ(exit_code(result->ending), 2);
}

TEST_F(TypedCallTest, InputsAreCheckedBeforeAnythingIsSent) {
    fleet_.add("web1");
    const Result<TypedResult<Usage>> result = call({.path = "relative"});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(result.error().violations.at(0).pointer, "/inputs/path");
    EXPECT_EQ(fleet_.node("web1").seen(), 0U);
}

TEST_F(TypedCallTest, OptionsSayWhomItIsFor) {
    fleet_.add("web1");
    CallOptions options(filter::parse_filter({{}, {}, {}, {"web1", "web2"}}).value());
    const Result<TypedResult<Usage>> result = call({.path = "/"}, options);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->replies.size(), 1U);
    ASSERT_EQ(result->missing.size(), 1U);
    EXPECT_EQ(result->missing[0].identity, "web2");
    EXPECT_EQ(result->ending.missing, 1U);
    EXPECT_FALSE(result->ending.discovered);
}

TEST_F(TypedCallTest, ACoroutineAwaitsIt) {
    fleet_.add("web1").answer(Outcome::ok, {{"used", 7}});
    std::optional<std::int64_t> used;
    bool repaired = false;
    const auto program = [&]() -> asio::awaitable<void> {
        const Usage::Inputs inputs{.path = "/"};
        const auto usage = co_await async_call<Usage>(*client_, inputs, asio::use_awaitable);
        used = usage->replies.at(0).outputs->used;
        const auto repair = co_await async_call<Repair>(*client_, CallOptions(), asio::use_awaitable);
        repaired = repair->replies.at(0).outputs.has_value();
    };
    asio::co_spawn(fleet_.io(), program, asio::detached);
    fleet_.run_until([&] { return repaired; });
    EXPECT_EQ(used, 7);
}

TEST_F(TypedCallTest, CancellingKeepsWhatArrived) {
    fleet_.add("web1");
    fleet_.add("web2").stay_silent();
    asio::cancellation_signal signal;
    CallOptions options;
    options.observer.on_reply = [&](const NodeReply&, const RpcResult&) {
        asio::post(fleet_.io(), [&] { signal.emit(asio::cancellation_type::terminal); });
    };
    std::optional<Result<TypedResult<Usage>>> result;
    const Usage::Inputs inputs{.path = "/"};
    async_call<Usage>(*client_, inputs, options,
                      asio::bind_cancellation_slot(signal.slot(), [&](Result<TypedResult<Usage>> made) {
                          result.emplace(std::move(made));
                      }));
    fleet_.run_until([&] { return result.has_value(); });
    ASSERT_TRUE(*result);
    EXPECT_EQ((*result)->replies.size(), 1U);
    EXPECT_EQ((*result)->missing.at(0).outcome, Outcome::cancelled);
    EXPECT_EQ(exit_code((*result)->ending), 130);
}

}  // namespace
}  // namespace hocket::client
