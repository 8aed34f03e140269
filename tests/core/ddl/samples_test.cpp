#include <filesystem>
#include <gtest/gtest.h>

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"

namespace hocket::ddl {
namespace {

/// The agents' own DDLs: in each folder the file named like it.
std::vector<std::filesystem::path> sample_ddls() {
    std::vector<std::filesystem::path> files;
    for (const char* const folder : {"agents-examples", "tests/zoo/agents"}) {
        const std::filesystem::path root = std::filesystem::path(HOCKET_SOURCE_DIR) / folder;
        if (!std::filesystem::exists(root)) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
            const bool is_named_like_folder = entry.path().stem() == entry.path().parent_path().filename();
            if (is_named_like_folder && format_of(entry.path())) files.push_back(entry.path());
        }
    }
    return files;
}

TEST(SampleDdls, AreReadAndKeepTheirMeaning) {
    for (const std::filesystem::path& file : sample_ddls()) {
        const Result<Loaded> loaded = read_file(file);
        ASSERT_TRUE(loaded) << loaded.error().message;
        EXPECT_EQ(loaded->agent.metadata.name, file.stem().string());
        const Result<Loaded> again = read_text(canonical_json(loaded->agent), Format::json, "canonical");
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_TRUE(again->agent == loaded->agent) << file;
    }
}

}  // namespace
}  // namespace hocket::ddl
