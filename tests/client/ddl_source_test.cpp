#include "client/lib/ddl_source.h"

#include <gtest/gtest.h>

#include "client/lib/ddl_fetch.h"
#include "tests/client/fleet.h"
#include "tests/client/sample_ddl.h"
#include "tests/support/temporary_folder.h"

namespace hocket::client {
namespace {

using test::sample_canonical;
using test::sample_digest;

class DdlSourceTest : public testing::Test {
protected:
    DdlSource source() const { return DdlSource({{folder_ / "own"}, folder_ / "cache"}); }

    test::TemporaryFolder folder_;
};

TEST_F(DdlSourceTest, ReadsAnAgentsFolder) {
    folder_.write("own/disk/disk.yaml", test::k_sample_ddl);
    const auto found = source().in_folders("disk");
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->origin, AgentDdl::Origin::folder);
    EXPECT_EQ((*found)->digest, sample_digest());
}

TEST_F(DdlSourceTest, ReadsAPlainFile) {
    folder_.write("own/disk.json", sample_canonical());
    EXPECT_TRUE(source().in_folders("disk")->has_value());
    EXPECT_FALSE(source().in_folders("service")->has_value());
}

TEST_F(DdlSourceTest, ABrokenFileIsAnErrorAndNotAbsent) {
    folder_.write("own/disk.json", "{}");
    ASSERT_FALSE(source().in_folders("disk"));
    EXPECT_EQ(source().in_folders("disk").error().code, ErrorCode::invalid_ddl);
}

TEST_F(DdlSourceTest, AFileIsNamedLikeItsAgent) {
    folder_.write("own/service.json", sample_canonical());
    ASSERT_FALSE(source().in_folders("service"));
}

TEST_F(DdlSourceTest, ANameIsNoPath) {
    folder_.write("disk.json", sample_canonical());
    EXPECT_FALSE(source().in_folders("../disk")->has_value());
}

TEST_F(DdlSourceTest, KeepsWhatANodeSent) {
    ASSERT_TRUE(source().accept("disk", sample_digest(), sample_canonical(), "web1"));
    const auto cached = source().cached("disk", sample_digest());
    ASSERT_TRUE(cached);
    EXPECT_EQ(cached->origin, AgentDdl::Origin::cache);
    EXPECT_TRUE(source().last_cached("disk"));
    EXPECT_FALSE(source().last_cached("service"));
}

TEST_F(DdlSourceTest, WhatWasLeftHalfWrittenHidesNothing) {
    ASSERT_TRUE(source().accept("disk", sample_digest(), sample_canonical(), "web1"));
    const auto left = folder_.write("cache/disk-" + sample_digest() + ".json.k3Xa9b", "{");
    std::filesystem::last_write_time(left,
                                     std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
    EXPECT_TRUE(source().last_cached("disk"));
}

TEST_F(DdlSourceTest, RefusesBytesThatHaveAnotherDigest) {
    EXPECT_FALSE(source().accept("disk", std::string(64, '0'), sample_canonical(), "web1"));
    EXPECT_FALSE(source().last_cached("disk"));
}

TEST_F(DdlSourceTest, RefusesTheDescriptionOfAnotherAgent) {
    EXPECT_FALSE(source().accept("service", sample_digest(), sample_canonical(), "web1"));
}

TEST_F(DdlSourceTest, ADamagedCacheFileCountsAsAbsent) {
    folder_.write("cache/disk-" + sample_digest() + ".json", sample_canonical() + ' ');
    EXPECT_FALSE(source().cached("disk", sample_digest()));
    EXPECT_FALSE(source().last_cached("disk"));
}

TEST_F(DdlSourceTest, ADigestIsNoPath) {
    EXPECT_FALSE(source().cached("disk", "../../etc/passwd"));
}

TEST_F(DdlSourceTest, WorksWithoutACache) {
    const DdlSource uncached(DdlConfig{});
    EXPECT_TRUE(uncached.accept("disk", sample_digest(), sample_canonical(), "web1"));
    EXPECT_FALSE(uncached.last_cached("disk"));
}

class DdlFetchTest : public DdlSourceTest {
protected:
    Result<AgentDdl> fetch(const std::vector<std::string>& nodes, const std::string& digest = "") {
        const DdlSource from = source();
        std::optional<Result<AgentDdl>> result;
        const auto started =
            DdlFetch::start(fleet_.session(), from, {"disk", nodes, digest},
                            [&](Result<AgentDdl> found) { result.emplace(std::move(found)); });
        EXPECT_TRUE(started);
        fleet_.run_until([&] { return result.has_value(); });
        return *result;
    }

    static Json answer(const std::string& digest, const std::string& text) {
        return {{"agent", "disk"}, {"digest", digest}, {"ddl", text}};
    }

    test::Fleet fleet_;
};

TEST_F(DdlFetchTest, TakesTheFirstGoodAnswer) {
    fleet_.add("web1").answer(Outcome::ok, answer(std::string(64, '0'), sample_canonical()));
    fleet_.add("web2").answer(Outcome::ok, answer(sample_digest(), sample_canonical()));
    const Result<AgentDdl> found = fetch({"web1", "web2"});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->place, "web2");
    EXPECT_EQ(found->agent, test::sample_agent());
}

TEST_F(DdlFetchTest, OneNodeDoesNotDecideForMost) {
    fleet_.add("web1").answer(Outcome::ok, answer(sample_digest(), sample_canonical()));
    EXPECT_TRUE(fetch({"web1"}, sample_digest()));
    const Result<AgentDdl> found = fetch({"web1"}, std::string(64, 'f'));
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().message.find("web1: it has another description than most nodes"),
              std::string::npos)
        << found.error().message;
}

TEST_F(DdlFetchTest, AsksThreeNodesAtMost) {
    const std::vector<std::string> nodes = {"web1", "web2", "web3", "web4"};
    for (const std::string& node : nodes) {
        fleet_.add(node).answer(Outcome::ok, answer(sample_digest(), sample_canonical()));
    }
    ASSERT_TRUE(fetch(nodes));
    EXPECT_EQ(fleet_.node("web4").seen(), 0U);
}

TEST_F(DdlFetchTest, TellsWhyNobodyGaveIt) {
    fleet_.add("web1").answer(Outcome::denied);
    const Result<AgentDdl> found = fetch({"web1", "web9"});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::unknown_agent);
    EXPECT_NE(found.error().message.find("web1: "), std::string::npos);
    EXPECT_NE(found.error().message.find("web9: nobody of that name"), std::string::npos);
}

}  // namespace
}  // namespace hocket::client
