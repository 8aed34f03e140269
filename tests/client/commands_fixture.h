#pragma once

#include <gtest/gtest.h>

#include "client/cli/commands.h"
#include "tests/client/fleet.h"
#include "tests/client/sample_ddl.h"
#include "tests/support/temporary_folder.h"

namespace hocket::cli {

using test::FakeNode;

/// Whole commands against nodes on the loopback broker.
class CommandsTest : public testing::Test {
protected:
    CommandsTest() {
        console_.out = [this](std::string_view text) { out_ += text; };
        console_.err = [this](std::string_view text) { err_ += text; };
        config_.discovery.quiet_ms = 2;
        config_.discovery.max_ms = 20;
    }

    void use_own_ddl() {
        folder_.write("ddl/disk.yaml", test::k_sample_ddl);
        config_.ddl.folders = {folder_ / "ddl"};
    }

    void use_destructive_ddl() {
        std::string text = test::k_sample_ddl;
        text.replace(text.find("    display: always\n"), 20, "    safety: destructive\n    noop: true\n");
        folder_.write("ddl/disk.yaml", text);
        config_.ddl.folders = {folder_ / "ddl"};
    }

    Conversation& conversation() {
        if (!conversation_) {
            const auto connect = [this](boost::asio::io_context&, client::ClientConfig config) {
                connections_ += 1;
                return Result<std::unique_ptr<client::Session>>(fleet_.new_session(std::move(config)));
            };
            conversation_ = std::make_unique<Conversation>(fleet_.io(), config_, connect, console_);
        }
        return *conversation_;
    }

    Result<int> rpc(const std::vector<std::string>& identities, const std::vector<std::string>& inputs = {}) {
        line_.node.filter.identities = identities;
        rpc_.agent = "disk";
        rpc_.action = "usage";
        rpc_.inputs = inputs;
        return run_rpc(line_, rpc_, conversation());
    }

    /// Answers `agent_ddl` with the sample and every other request with `data`.
    void serve_ddl(FakeNode& node, const Json& data = Json::object()) {
        node.behave([data](FakeNode& self, const wire::VerifiedRequest& request) {
            const Json ddl = {
                {"agent", "disk"}, {"digest", test::sample_digest()}, {"ddl", test::sample_canonical()}};
            const bool wants_ddl = request.request().action == "agent_ddl";
            self.send(self.reply_to(request, Outcome::ok, wants_ddl ? ddl : data), request);
        });
    }

    Json document() const {
        const Result<Json> parsed = parse_json_object(out_);
        EXPECT_TRUE(parsed) << out_;
        return parsed ? *parsed : Json();
    }

    test::Fleet fleet_;
    test::TemporaryFolder folder_;
    client::ClientConfig config_;
    Console console_;
    CommandLine line_;
    RpcCommand rpc_;
    std::string out_;
    std::string err_;
    int connections_ = 0;
    std::unique_ptr<Conversation> conversation_;
};

}  // namespace hocket::cli
