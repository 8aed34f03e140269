/// hocket-fstat answers the built-in data plugin `fstat` (runner/builtin/builtin_data.cpp), of contract `json`: it says what the
/// file is that HOCKET_INPUT_QUERY names. A program of its own, since a file system may hang. Digests are of regular files up
/// to 64 MiB. Exit codes: 0, 64 usage.

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/crypto/running_digest.h"

namespace {

using Json = nlohmann::json;
using hocket::crypto::RunningDigest;

constexpr int k_wrong_usage = 64;
constexpr off_t k_max_digested_bytes = off_t{64} << 20;

struct Times {
    const char* name;
    time_t seconds;
};

const char* type_of(mode_t mode) {
    if (S_ISREG(mode)) return "file";
    if (S_ISDIR(mode)) return "directory";
    if (S_ISLNK(mode)) return "symlink";
    if (S_ISSOCK(mode)) return "socket";
    if (S_ISFIFO(mode)) return "fifo";
    if (S_ISCHR(mode)) return "chardev";
    return S_ISBLK(mode) ? "blockdev" : "unknown";
}

std::string octal(mode_t mode) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04o", mode);
    return text.data();
}

std::string local_time(time_t seconds) {
    tm broken{};
    std::array<char, 64> text{};
    if (localtime_r(&seconds, &broken) == nullptr) return "";
    return {text.data(), std::strftime(text.data(), text.size(), "%F %T", &broken)};
}

/// Adds what the content comes to; nothing when it cannot be read. `seen` is the file itself, whatever its path leads to by now:
/// to open anything but a plain file may do something.
void add_digests(int seen, const struct stat& status, Json& outputs) {
    const bool has_content =
        S_ISREG(status.st_mode) && status.st_size > 0;  // what the kernel makes up has no size
    if (!has_content || status.st_size > k_max_digested_bytes) return;
    const std::string path = "/proc/self/fd/" + std::to_string(seen);
    const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return;
    RunningDigest md5(RunningDigest::Kind::md5);
    RunningDigest sha256(RunningDigest::Kind::sha256);
    std::array<char, 1U << 16U> buffer{};
    off_t left = k_max_digested_bytes;
    ssize_t got = -1;
    while ((got = ::read(file, buffer.data(), buffer.size())) > 0 && (left -= got) >= 0) {
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
        md5.add(bytes);
        sha256.add(bytes);
    }
    ::close(file);
    if (got != 0) return;
    outputs["md5"] = md5.hexadecimal();
    outputs["sha256"] = sha256.hexadecimal();
}

Json absent(const std::string& path) {
    Json outputs = {{"name", path},   {"output", "not present"},
                    {"present", 0},   {"type", "unknown"},
                    {"mode", "0000"}, {"size", 0},
                    {"uid", 0},       {"gid", 0},
                    {"md5", ""},      {"sha256", ""}};
    for (const std::string name : {"mtime", "ctime", "atime"}) {
        outputs[name] = "";
        outputs[name + "_seconds"] = 0;
        outputs[name + "_age"] = 0;
    }
    return outputs;
}

Json describe(const std::string& path, int seen, const struct stat& status) {
    Json outputs = absent(path);
    outputs["output"] = "present";
    outputs["present"] = 1;
    outputs["type"] = type_of(status.st_mode);
    outputs["mode"] = octal(status.st_mode);
    outputs["size"] = status.st_size;
    outputs["uid"] = status.st_uid;
    outputs["gid"] = status.st_gid;
    const time_t now = std::time(nullptr);
    for (const Times& times : {Times{"mtime", status.st_mtime}, Times{"ctime", status.st_ctime},
                               Times{"atime", status.st_atime}}) {
        const std::string name = times.name;
        outputs[name] = local_time(times.seconds);
        outputs[name + "_seconds"] = times.seconds;
        outputs[name + "_age"] = now - times.seconds;
    }
    add_digests(seen, status, outputs);
    return outputs;
}

Json failure(const std::string& path, int reason) {
    const std::string text = path + ": " + std::strerror(reason);
    return {{"statuscode", 1},
            {"statusmsg", text},
            {"error", {{"kind", "fstat/unreachable"}, {"message", text}, {"details", Json::object()}}}};
}

/// Whether there is such a file is not known when the way to it cannot be gone.
Json answer(const std::string& path) {
    const int seen = ::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat status{};
    if (seen < 0 && (errno == ENOENT || errno == ENOTDIR)) return {{"statuscode", 0}, {"data", absent(path)}};
    if (seen < 0 || ::fstat(seen, &status) != 0) return failure(path, errno);
    return {{"statuscode", 0}, {"data", describe(path, seen, status)}};
}

}  // namespace

int main() {
    const char* const path = std::getenv("HOCKET_INPUT_QUERY");
    if (path == nullptr) {
        std::fputs("hocket-fstat: answers hocketd's data plugin fstat; HOCKET_INPUT_QUERY names the file\n",
                   stderr);
        return k_wrong_usage;
    }
    const std::string reply = answer(path).dump(-1, ' ', false, Json::error_handler_t::replace);
    std::fwrite(reply.data(), 1, reply.size(), stdout);
    return 0;
}
