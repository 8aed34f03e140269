#include "runner/node/builtin_facts.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <sys/utsname.h>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "hocket_version.h"
#include "runner/node/host_names.h"
#include "runner/node/machine_files.h"
#include "runner/node/network_facts.h"
#include "runner/node/os_facts.h"
#include "runner/node/virtual_fact.h"

namespace hocket::node {

namespace {

void put(Json& facts, const char* name, const std::string& text) {
    if (!text.empty()) facts[name] = text;
}

Json kernel_facts(const MachineFiles& files) {
    Json facts = Json::object();
    put(facts, "name", files.text("proc/sys/kernel/ostype"));
    const std::string release = files.text("proc/sys/kernel/osrelease");
    put(facts, "release", release);
    put(facts, "version", release.substr(0, release.find_first_not_of("0123456789.")));
    return facts;
}

std::string architecture() {
    utsname names{};
    return ::uname(&names) == 0 ? std::string(names.machine) : std::string();
}

/// `key : value` of /proc/cpuinfo.
std::optional<std::string> value_of(std::string_view line, std::string_view key) {
    if (!line.starts_with(key)) return std::nullopt;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    return std::string(trim(line.substr(colon + 1)));
}

Json cpu_facts(const MachineFiles& files) {
    std::int64_t count = 0;
    std::string model;
    for (const std::string& line : files.lines("proc/cpuinfo")) {
        if (line.starts_with("processor")) ++count;
        if (model.empty()) model = value_of(line, "model name").value_or("");
    }
    Json facts = Json::object();
    if (count > 0) facts["count"] = count;
    put(facts, "model", model);
    return facts;
}

std::optional<std::int64_t> leading_integer(std::string_view text) {
    text = trim(text);
    std::int64_t number = 0;
    const std::from_chars_result result = std::from_chars(text.data(), text.data() + text.size(), number);
    if (result.ec != std::errc{}) return std::nullopt;
    return number;
}

Json memory_facts(const MachineFiles& files) {
    Json facts = Json::object();
    const auto take = [&facts](const std::string& line, std::string_view key, const char* name) {
        if (!line.starts_with(key)) return;
        const std::optional<std::int64_t> kibibytes =
            leading_integer(std::string_view(line).substr(key.size()));
        if (kibibytes) facts[name] = *kibibytes * 1024;
    };
    for (const std::string& line : files.lines("proc/meminfo")) {
        take(line, "MemTotal:", "total_bytes");
        take(line, "MemAvailable:", "available_bytes");
        take(line, "SwapTotal:", "swap_total_bytes");
    }
    return facts;
}

/// The name in the time zone database: the target of /etc/localtime, else what /etc/timezone says.
std::string timezone(const MachineFiles& files) {
    constexpr std::string_view folder = "zoneinfo/";
    const std::string target = files.link_target("etc/localtime");
    const std::size_t at = target.find(folder);
    if (at != std::string::npos) return target.substr(at + folder.size());
    const std::string name = files.text("etc/timezone");
    return name.empty() ? "UTC" : name;
}

}  // namespace

Json builtin_facts(const std::filesystem::path& root) {
    const MachineFiles files(root);
    Json facts = Json::object();
    facts["os"] = os_facts(files);
    facts["kernel"] = kernel_facts(files);
    put(facts, "architecture", architecture());
    facts["cpu"] = cpu_facts(files);
    facts["memory"] = memory_facts(files);
    facts["network"] = network_facts(files, read_host_names(files), read_interfaces());
    if (const auto uptime = leading_integer(files.text("proc/uptime"))) facts["uptime_seconds"] = *uptime;
    facts["virtual"] = virtual_fact(files);
    facts["timezone"] = timezone(files);
    facts["hocket"] = {{"version", k_version}};
    return facts;
}

}  // namespace hocket::node
