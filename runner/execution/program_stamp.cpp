#include "runner/execution/program_stamp.h"

#include <algorithm>
#include <unistd.h>

#include "core/base/text.h"
#include "core/process/shebang.h"

namespace hocket::execution {

namespace {

/// Those of an argument for env.
std::vector<std::string> words_of(std::string argument) {
    std::ranges::replace(argument, '\t', ' ');
    std::vector<std::string> words;
    for (const std::string& word : split(argument, ' ')) {
        if (!word.empty()) words.push_back(word);
    }
    return words;
}

std::string found_in(const std::string& search_path, const std::string& program) {
    for (const std::string& folder : split(search_path, ':')) {
        const std::string path = folder + '/' + program;
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

std::string interpreter_of(const std::string& executable, const std::string& search_path) {
    const std::vector<std::string> interpreter = process::interpreter_of(process::read_shebang(executable));
    if (interpreter.empty()) return {};
    if (interpreter.size() < 2 || !interpreter.front().ends_with("/env")) return interpreter.front();
    const std::vector<std::string> words = words_of(interpreter.back());
    const auto named = std::ranges::find_if(words, [](const std::string& word) {
        return !word.starts_with('-') && word.find('=') == std::string::npos;
    });
    return named == words.end() ? std::string() : found_in(search_path, *named);
}

}  // namespace

ProgramStamp::ProgramStamp(const std::filesystem::path& executable, const std::string& search_path) {
    files_.push_back({executable.string(), stamp_of(executable)});
    const std::string interpreter = interpreter_of(executable.string(), search_path);
    if (!interpreter.empty()) files_.push_back({interpreter, stamp_of(interpreter)});
}

bool ProgramStamp::is_current() const {
    return std::ranges::all_of(files_, [](const File& file) { return stamp_of(file.path) == file.stamp; });
}

}  // namespace hocket::execution
