#include "runner/node/facts_folder.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/text.h"
#include "runner/node/fact_formats.h"

namespace hocket::node {

namespace {

namespace fs = std::filesystem;

bool is_skipped(const std::string& name) {
    return name.starts_with('.') || name.ends_with('~') || name.ends_with(".bak") || name.ends_with(".orig");
}

/// The paths of the folder's files, sorted; a folder that cannot be read is an error of its own.
std::vector<fs::path> list_files(const fs::path& folder, const FactsFolderLimits& limits,
                                 FileErrors& errors) {
    std::error_code error;
    std::vector<fs::path> files;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        std::error_code unknown_type;
        if (is_skipped(entries->path().filename().string()) || entries->is_directory(unknown_type)) continue;
        files.push_back(entries->path());
    }
    if (error && error != std::errc::no_such_file_or_directory) errors[folder.string()] = error.message();
    std::sort(files.begin(), files.end());
    if (files.size() > limits.max_files) {
        errors[folder.string()] = "holds " + std::to_string(files.size()) + " files; only the first " +
                                  std::to_string(limits.max_files) + " are read";
        files.resize(limits.max_files);
    }
    return files;
}

bool is_executable(const fs::path& file) {
    constexpr fs::perms any = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
    std::error_code error;
    return (fs::status(file, error).permissions() & any) != fs::perms::none;
}

Result<void> check_file(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return Error{ErrorCode::io, "not a regular file", {}};
    if (!fact_format_of(file) && !is_executable(file)) {
        return Error{ErrorCode::io, "neither .json, .yaml, .yml or .txt nor executable", {}};
    }
    return check_trusted(file);
}

/// One pass over the files. Keeps itself alive while an executable runs.
class Loading : public std::enable_shared_from_this<Loading> {
public:
    Loading(FactsFolderLimits limits, FactCommand& command, const Clock& clock, FactsFolder::Done done)
        : limits_(limits), command_(command), clock_(clock), done_(std::move(done)) {}

    void start(const fs::path& folder) {
        files_ = list_files(folder, limits_, errors_);
        read_on();
    }

private:
    void read_on();
    void run(const fs::path& file);
    Result<Json> read(const fs::path& file, FactFormat format) const;
    Result<Json> read_output(const Result<std::string>& output) const;
    void take(const fs::path& file, const Result<Json>& facts);
    void record(const fs::path& file, const Error& error);

    FactsFolderLimits limits_;
    FactCommand& command_;
    const Clock& clock_;
    FactsFolder::Done done_;
    std::vector<fs::path> files_;
    std::size_t position_ = 0;
    Json facts_ = Json::object();
    FileErrors errors_;
};

/// Reads files until one has to be run or none is left.
void Loading::read_on() {
    while (position_ < files_.size()) {
        const fs::path& file = files_[position_++];
        const Result<void> checked = check_file(file);
        if (!checked) {
            record(file, checked.error());
            continue;
        }
        const std::optional<FactFormat> format = fact_format_of(file);
        if (!format) return run(file);
        take(file, read(file, *format));
    }
    done_(facts_, errors_);
}

void Loading::run(const fs::path& file) {
    command_.run(file, clock_.steady() + limits_.command_timeout,
                 [self = shared_from_this(), &file](const Result<std::string>& output) {
                     self->take(file, self->read_output(output));
                     self->read_on();
                 });
}

Result<Json> Loading::read(const fs::path& file, FactFormat format) const {
    const Result<std::string> content = read_file(file, limits_.max_file_bytes);
    if (!content) return content.error();
    return parse_facts(format, *content);
}

Result<Json> Loading::read_output(const Result<std::string>& output) const {
    if (!output) return output.error();
    if (output->size() > limits_.max_file_bytes) {
        return Error{ErrorCode::too_large,
                     "printed " + std::to_string(output->size()) + " bytes, the limit is " +
                         std::to_string(limits_.max_file_bytes),
                     {}};
    }
    return parse_printed_facts(*output);
}

void Loading::take(const fs::path& file, const Result<Json>& facts) {
    if (!facts) return record(file, facts.error());
    for (const auto& [name, value] : facts->items())
        facts_[name] = value;
}

void Loading::record(const fs::path& file, const Error& error) {
    errors_[to_utf8(file.filename().string())] = error.message;
}

}  // namespace

FactsFolder::FactsFolder(fs::path folder, FactsFolderLimits limits, FactCommand& command, const Clock& clock)
    : folder_(std::move(folder)), limits_(limits), command_(command), clock_(clock) {}

void FactsFolder::load(Done done) {
    std::make_shared<Loading>(limits_, command_, clock_, std::move(done))->start(folder_);
}

}  // namespace hocket::node
