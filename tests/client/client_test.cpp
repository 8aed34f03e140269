#include "client/lib/client.h"

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
using test::FakeNode;

/// A program that uses the library, with nodes on the loopback broker.
class ClientTest : public testing::Test {
protected:
    ClientTest() {
        folder_.write("ddl/disk.yaml", test::k_sample_ddl);
        ClientConfig config = test::Fleet::fast_config();
        config.ddl.folders = {folder_ / "ddl"};
        client_ = std::make_unique<Client>(fleet_.new_session(config));
    }

    static RpcQuery usage(Json inputs) { return RpcQuery("disk", "usage", std::move(inputs)); }
    static RpcQuery usage() { return usage({{"path", "/"}}); }

    /// How long the call waits when no node describes the agent.
    std::chrono::milliseconds wait_without_ddl() {
        const DdlSource nowhere{DdlConfig()};
        const auto rpc = Rpc::start(client_->session(), nowhere, CheckedRpc::check(usage(), nowhere).value(),
                                    {[](const Result<RpcResult>&) {}});
        run_until([&] { return (*rpc)->call() != nullptr; });
        return (*rpc)->call()->wait();
    }

    void run_until(const std::function<bool()>& is_done) {
        for (int i = 0; i < 100'000 && !is_done(); ++i) {
            fleet_.io().restart();
            fleet_.io().run_one_for(std::chrono::milliseconds(50));
        }
        ASSERT_TRUE(is_done());
    }

    test::TemporaryFolder folder_;
    test::Fleet fleet_;
    std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, ACallbackGetsWhoWasDiscovered) {
    fleet_.add("web1");
    fleet_.add("web2");
    std::optional<Result<DiscoveryResult>> found;
    client_->async_discover({}, [&](Result<DiscoveryResult> result) { found.emplace(std::move(result)); });
    EXPECT_FALSE(found) << "never from inside";
    run_until([&] { return found.has_value(); });
    ASSERT_TRUE(*found);
    EXPECT_EQ((*found)->nodes.size(), 2U);
}

TEST_F(ClientTest, ACoroutineAwaitsOneCallAfterTheOther) {
    fleet_.add("web1").answer(Outcome::ok, {{"used", 7}});
    fleet_.add("web2").answer(Outcome::ok, {{"used", 8}});
    std::vector<std::size_t> counts;
    const auto program = [&]() -> asio::awaitable<void> {
        const Result<DiscoveryResult> found = co_await client_->async_discover({}, asio::use_awaitable);
        counts.push_back(found->nodes.size());
        for (int i = 0; i < 2; ++i) {
            const Result<RpcResult> result = co_await client_->async_rpc(usage(), asio::use_awaitable);
            counts.push_back(result->call.replies.size());
        }
    };
    asio::co_spawn(fleet_.io(), program, asio::detached);
    run_until([&] { return counts.size() == 3; });
    EXPECT_EQ(counts, (std::vector<std::size_t>{2, 2, 2}));
}

TEST_F(ClientTest, AnObserverSeesNodesTargetsAndReplies) {
    fleet_.add("web1");
    fleet_.add("web2");
    std::vector<std::string> seen;
    RpcObserver observer;
    observer.on_node = [&](const DiscoveredNode& node) { seen.push_back("found " + node.identity); };
    observer.on_targets = [&](const RpcResult& so_far) {
        seen.push_back("asking " + std::to_string(so_far.targets.size()));
    };
    observer.on_reply = [&](const NodeReply& node, const RpcResult&) {
        seen.push_back("heard " + node.reply.identity);
    };
    bool done = false;
    client_->async_rpc(usage(), observer, [&](const Result<RpcResult>&) { done = true; });
    run_until([&] { return done; });
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen,
              (std::vector<std::string>{"asking 2", "found web1", "found web2", "heard web1", "heard web2"}));
}

TEST_F(ClientTest, InputsAreCheckedBeforeAnythingIsSent) {
    std::optional<Result<RpcResult>> result;
    client_->async_rpc(usage({{"path", 5}}),
                       [&](Result<RpcResult> made) { result.emplace(std::move(made)); });
    EXPECT_FALSE(result) << "never from inside";
    run_until([&] { return result.has_value(); });
    ASSERT_FALSE(*result);
    EXPECT_EQ(result->error().code, ErrorCode::invalid_input);
    EXPECT_EQ(result->error().violations.front().pointer, "/inputs/path");
}

TEST_F(ClientTest, CancellingKeepsWhatArrived) {
    fleet_.add("web1");
    fleet_.add("web2").stay_silent();
    asio::cancellation_signal signal;
    RpcObserver observer;
    observer.on_reply = [&](const NodeReply&, const RpcResult&) {
        asio::post(fleet_.io(), [&] { signal.emit(asio::cancellation_type::terminal); });
    };
    std::optional<Result<RpcResult>> result;
    client_->async_rpc(usage(), observer,
                       asio::bind_cancellation_slot(
                           signal.slot(), [&](Result<RpcResult> made) { result.emplace(std::move(made)); }));
    run_until([&] { return result.has_value(); });
    ASSERT_TRUE(*result);
    EXPECT_TRUE((*result)->cancelled);
    ASSERT_EQ((*result)->call.replies.size(), 1U);
    ASSERT_EQ((*result)->call.missing.size(), 1U);
    EXPECT_EQ((*result)->call.missing[0].outcome, Outcome::cancelled);
    signal.emit(asio::cancellation_type::terminal);  // too late: nothing is left to hear it
}

TEST_F(ClientTest, WhoCancelsBeforeTheCallSendsNothing) {
    FakeNode& node = fleet_.add("web1");
    asio::cancellation_signal signal;
    RpcObserver observer;
    observer.on_targets = [&](const RpcResult&) { signal.emit(asio::cancellation_type::terminal); };
    std::optional<Result<RpcResult>> result;
    client_->async_rpc(usage(), observer,
                       asio::bind_cancellation_slot(
                           signal.slot(), [&](Result<RpcResult> made) { result.emplace(std::move(made)); }));
    run_until([&] { return result.has_value(); });
    ASSERT_FALSE(*result);
    EXPECT_EQ(result->error().code, ErrorCode::interrupted);
    EXPECT_EQ(node.seen(), 0U);
}

TEST_F(ClientTest, CancellingADiscoveryEndsTheCall) {
    asio::cancellation_signal signal;
    std::optional<Result<RpcResult>> result;
    fleet_.add("web1", "service");
    client_->async_rpc(usage(), asio::bind_cancellation_slot(signal.slot(), [&](Result<RpcResult> made) {
                           result.emplace(std::move(made));
                       }));
    signal.emit(asio::cancellation_type::terminal);
    run_until([&] { return result.has_value(); });
    ASSERT_FALSE(*result);
    EXPECT_EQ(result->error().code, ErrorCode::interrupted);
}

TEST_F(ClientTest, NothingIsCalledOnceItIsGone) {
    fleet_.add("web1").stay_silent();
    asio::cancellation_signal signal;
    bool called = false;
    client_->async_rpc(usage(), asio::bind_cancellation_slot(
                                    signal.slot(), [&](const Result<RpcResult>&) { called = true; }));
    fleet_.io().poll();
    client_.reset();
    signal.emit(asio::cancellation_type::terminal);
    fleet_.io().restart();
    fleet_.io().run_for(std::chrono::milliseconds(20));
    EXPECT_FALSE(called);
}

TEST_F(ClientTest, WhoRefusesToBeDiscoveredCountsInTheEnding) {
    fleet_.add("web1");
    fleet_.add("web2").refuse_discovery(Outcome::draining);
    std::optional<Result<RpcResult>> result;
    client_->async_rpc(usage(), [&](Result<RpcResult> made) { result.emplace(std::move(made)); });
    run_until([&] { return result.has_value(); });
    EXPECT_EQ(exit_code(ending_of(**result)), 2);
}

TEST_F(ClientTest, WithoutADescriptionOnlyNodesThatAnswerAreAwaitedForLong) {
    FakeNode& node = fleet_.add("web1");
    node.behave([](FakeNode& self, const wire::VerifiedRequest& request) {
        if (request.request().action == "agent_ddl")
            self.send(self.reply_to(request, Outcome::denied), request);
    });
    EXPECT_EQ(wait_without_ddl(), std::chrono::minutes(10));
    node.behave([](FakeNode& self, const wire::VerifiedRequest& request) {
        if (request.request().action == "agent_ddl")
            self.send(self.reply_to(request, Outcome::expired), request);
    });
    EXPECT_EQ(wait_without_ddl(), longest_wait(10'000)) << "it refuses everything";
    node.stay_silent();
    EXPECT_EQ(wait_without_ddl(), longest_wait(10'000));
}

TEST_F(ClientTest, NamedNodesAreAskedWithoutADiscovery) {
    fleet_.add("web1");
    fleet_.add("web2");
    RpcQuery query = usage();
    query.filter = filter::parse_filter({{}, {}, {}, {"web2"}}).value();
    std::optional<Result<RpcResult>> result;
    client_->async_rpc(query, [&](Result<RpcResult> made) { result.emplace(std::move(made)); });
    run_until([&] { return result.has_value(); });
    EXPECT_FALSE((*result)->discovery);
    EXPECT_EQ((*result)->targets, std::vector<std::string>{"web2"});
    EXPECT_EQ(fleet_.node("web1").seen(), 0U);
}

}  // namespace
}  // namespace hocket::client
