#include "runner/execution/program_stamp.h"

#include <algorithm>

#include "core/process/shebang.h"

namespace hocket::execution {

namespace {

std::string interpreter_of(const std::string& executable, const std::string& search_path) {
    const std::vector<std::string> interpreter = process::interpreter_of(process::read_shebang(executable));
    if (interpreter.empty()) return {};
    const std::string program = process::program_for_env(interpreter);
    return program.empty() ? interpreter.front() : process::find_in(search_path, program);
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
