#include "core/process/shebang.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"

namespace hocket::process {

namespace {

constexpr std::string_view k_blanks = " \t";

/// What the kernel looks at.
std::string start_of(const std::string& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 255> buffer{};
    const ssize_t count = file ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
    return count < 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(count));
}

bool is_program(const std::string& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// Those that `env -S` makes of its argument.
std::vector<std::string> words_of(std::string argument) {
    std::ranges::replace(argument, '\t', ' ');
    std::vector<std::string> words;
    for (const std::string& word : split(argument, ' ')) {
        if (!word.empty()) words.push_back(word);
    }
    return words;
}

/// The first that is neither an option nor a variable; empty if an option or a quote is not understood here.
std::string program_among(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word.find_first_of("'\"\\$") != std::string::npos) return {};
        if (word == "-u" || word == "-C") {
            ++i;  // the name that follows
        } else if (word.starts_with('-') && word != "-" && word != "-i" && word != "--ignore-environment") {
            return {};
        } else if (!word.starts_with('-') && word.find('=') == std::string::npos) {
            return word;
        }
    }
    return {};
}

}  // namespace

std::string read_shebang(const std::string& path) {
    const std::string start = start_of(path);
    return start.starts_with("#!") ? start.substr(0, start.find('\n')) : std::string();
}

std::vector<std::string> interpreter_of(std::string_view shebang) {
    if (!shebang.starts_with("#!")) return {};
    const std::string_view words = trim(shebang.substr(2));
    const std::size_t end = std::min(words.find_first_of(k_blanks), words.size());
    if (end == 0) return {};
    std::vector<std::string> interpreter = {std::string(words.substr(0, end))};
    const std::string_view argument = trim(words.substr(end));
    if (!argument.empty()) interpreter.emplace_back(argument);
    return interpreter;
}

std::string program_for_env(const std::vector<std::string>& interpreter) {
    if (interpreter.size() < 2 || !interpreter.front().ends_with("/env")) return {};
    const std::string& argument = interpreter.back();
    for (const std::string_view split_flag : {"-S", "--split-string="}) {
        if (argument.starts_with(split_flag))
            return program_among(words_of(argument.substr(split_flag.size())));
    }
    return program_among({argument});  // the kernel does not split it
}

std::string find_in(const std::string& search_path, const std::string& program) {
    for (const std::string& folder : split(search_path, ':')) {
        const std::string path = folder + '/' + program;
        if (is_program(path)) return path;
    }
    return {};
}

bool begins_as_elf(const std::string& path) {
    return start_of(path).starts_with(
        "\x7f"
        "ELF");
}

bool begins_with_bom(const std::string& path) {
    return start_of(path).starts_with("\xef\xbb\xbf");
}

}  // namespace hocket::process
