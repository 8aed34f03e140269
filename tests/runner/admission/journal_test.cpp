#include "runner/admission/journal.h"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "core/base/file.h"
#include "tests/support/temporary_folder.h"

namespace hocket::admission {
namespace {

class JournalTest : public testing::Test {
protected:
    static JournalEntry entry(const std::string& last = "V", std::int64_t expires_at_ms = 1000) {
        return {{"psk=ops", "01ARZ3NDEKTSV4RRFFQ69G5FA" + last}, std::string(64, 'a'), expires_at_ms};
    }
    Journal open(std::int64_t now_ms = 0) { return std::move(Journal::open(folder_.path(), now_ms)).value(); }
    std::string content() { return read_file(file(), 16U << 20U).value(); }
    std::filesystem::path file() const { return folder_ / "requests.journal"; }

    test::TemporaryFolder folder_;
};

TEST_F(JournalTest, HasNoPastTheFirstTime) {
    const Journal journal = open();
    EXPECT_EQ(journal.past(), Journal::Past::unknown);
    EXPECT_NE(journal.reason().find("requests.journal"), std::string::npos);
}

TEST_F(JournalTest, TellsAfterARestartWhatWasAccepted) {
    {
        Journal journal = open();
        ASSERT_TRUE(journal.append(entry(), 0, Journal::Sync::yes));
    }
    const Journal journal = open();
    EXPECT_EQ(journal.past(), Journal::Past::known);
    ASSERT_EQ(journal.entries().size(), 1U);
    EXPECT_EQ(journal.entries()[0].key, entry().key);
    EXPECT_EQ(journal.entries()[0].expires_at_ms, 1000);
}

TEST_F(JournalTest, LeavesOutWhatHasExpired) {
    {
        Journal journal = open();
        ASSERT_TRUE(journal.append(entry("V", 1000), 0, Journal::Sync::no));
        ASSERT_TRUE(journal.append(entry("W", 2000), 0, Journal::Sync::no));
    }
    EXPECT_EQ(open(1500).entries().size(), 1U);
}

TEST_F(JournalTest, IgnoresALastLineThatWasNotFinished) {
    {
        Journal journal = open();
        ASSERT_TRUE(journal.append(entry(), 0, Journal::Sync::no));
    }
    std::ofstream(file(), std::ios::app) << "1 1000 psk=ops 01ARZ";
    const Journal journal = open();
    EXPECT_EQ(journal.past(), Journal::Past::known);
    EXPECT_EQ(journal.entries().size(), 1U);
}

TEST_F(JournalTest, TakesEveryOtherChangeForDamageAndKeepsTheFile) {
    {
        Journal journal = open();
        ASSERT_TRUE(journal.append(entry(), 0, Journal::Sync::no));
    }
    const std::string good = content();
    for (std::size_t i = 0; i + 1 < good.size(); i += 7) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        std::ofstream(file(), std::ios::trunc) << bad;
        EXPECT_EQ(open().past(), Journal::Past::unknown) << "byte " << i;
        EXPECT_TRUE(std::filesystem::exists(file().string() + ".damaged"));
    }
}

/// A file has 10,000 lines at most.
class FullJournal : public JournalTest {
protected:
    void SetUp() override {
        Journal journal = open();
        for (int i = 0; i < 10'000; ++i)
            ASSERT_TRUE(journal.append(entry("V", 2000), 0, Journal::Sync::no));
        ASSERT_TRUE(journal.append(entry("W", 1000), 500, Journal::Sync::yes));
    }

    std::filesystem::path aside() const { return folder_ / "requests.journal.1"; }
};

TEST_F(FullJournal, IsPutAside) {
    EXPECT_LT(content().size(), 200U);
    EXPECT_TRUE(std::filesystem::exists(aside()));
}

TEST_F(FullJournal, IsReadAfterARestart) {
    const Journal journal = open();
    EXPECT_EQ(journal.past(), Journal::Past::known);
    EXPECT_EQ(journal.entries().size(), 10'001U);
}

TEST_F(FullJournal, IsReadWhenItWasNotReplacedAnyMore) {
    std::filesystem::copy_file(aside(), file(), std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(open().entries().size(), 20'000U);  // whoever takes them in knows each once
}

TEST_F(FullJournal, GoesWhenAllOfItHasExpired) {
    EXPECT_EQ(open(1500).entries().size(), 10'000U);
    EXPECT_TRUE(std::filesystem::exists(aside()));
    EXPECT_EQ(open(2500).entries().size(), 0U);
    EXPECT_FALSE(std::filesystem::exists(aside()));
}

TEST_F(FullJournal, GoesAlsoWhileRequestsCome) {
    Journal journal = open();
    for (int i = 0; i < 10'000; ++i)
        ASSERT_TRUE(journal.append(entry("X", 9000), 5000, Journal::Sync::no));
    EXPECT_FALSE(std::filesystem::exists(aside()));
    EXPECT_TRUE(std::filesystem::exists(folder_ / "requests.journal.2"));
}

TEST_F(FullJournal, CanBeDamaged) {
    std::ofstream(aside(), std::ios::app) << "nonsense\n";
    const Journal journal = open();
    EXPECT_EQ(journal.past(), Journal::Past::unknown);
    EXPECT_NE(journal.reason().find("requests.journal.1:10001 is damaged; it was kept as "
                                    "requests.journal.1.damaged"),
              std::string::npos)
        << journal.reason();
    EXPECT_EQ(journal.entries().size(), 10'001U);
    const Journal next = open();
    EXPECT_EQ(next.past(), Journal::Past::known);
    EXPECT_EQ(next.entries().size(), 10'001U);
}

TEST_F(FullJournal, CanBePutAsideWhenAnotherHasThatName) {
    std::filesystem::remove(aside());
    Journal journal = open();
    std::ofstream(folder_ / "requests.journal.1") << "in the way";
    for (int i = 0; i < 10'000; ++i)
        ASSERT_TRUE(journal.append(entry("X", 9000), 500, Journal::Sync::no));
    EXPECT_EQ(open().entries().size(), 10'001U);
}

TEST_F(JournalTest, TakesAPartOfALineBackWhenTheDiskIsFull) {
    Journal journal = open();
    ASSERT_TRUE(journal.append(entry("V", 1000), 0, Journal::Sync::no));
    const std::size_t before = content().size();
    rlimit unlimited{};
    ::getrlimit(RLIMIT_FSIZE, &unlimited);
    const rlimit full{before + 10, unlimited.rlim_max};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &full);
    const Result<void> refused = journal.append(entry("W", 1000), 0, Journal::Sync::no);
    ::setrlimit(RLIMIT_FSIZE, &unlimited);
    ::signal(SIGXFSZ, SIG_DFL);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("No space left"), std::string::npos) << refused.error().message;
    EXPECT_EQ(content().size(), before);
    ASSERT_TRUE(journal.append(entry("X", 1000), 0, Journal::Sync::no));
    EXPECT_EQ(open().entries().size(), 2U);
}

}  // namespace
}  // namespace hocket::admission
