#include "core/process/shebang.h"

#include <array>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

#include "core/base/file.h"

namespace hocket::process {

std::string read_shebang(const std::string& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 255> buffer{};
    const ssize_t count = file ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
    if (count < 2) return {};
    const std::string_view start(buffer.data(), static_cast<std::size_t>(count));
    return std::string(start.starts_with("#!") ? start.substr(0, start.find('\n')) : std::string_view());
}

}  // namespace hocket::process
