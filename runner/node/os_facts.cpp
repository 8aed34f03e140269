#include "runner/node/os_facts.h"

#include <array>
#include <map>

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/text.h"

namespace hocket::node {

namespace {

struct System {
    std::string_view id;  ///< ID of os-release
    std::string_view name;
    std::string_view family;
};

constexpr std::array k_systems = {System{"debian", "Debian", "Debian"},
                                  System{"ubuntu", "Ubuntu", "Debian"},
                                  System{"raspbian", "Raspbian", "Debian"},
                                  System{"linuxmint", "LinuxMint", "Debian"},
                                  System{"devuan", "Devuan", "Debian"},
                                  System{"kali", "Kali", "Debian"},
                                  System{"rhel", "RedHat", "RedHat"},
                                  System{"fedora", "Fedora", "RedHat"},
                                  System{"centos", "CentOS", "RedHat"},
                                  System{"rocky", "Rocky", "RedHat"},
                                  System{"almalinux", "AlmaLinux", "RedHat"},
                                  System{"ol", "OracleLinux", "RedHat"},
                                  System{"amzn", "Amazon", "RedHat"},
                                  System{"sles", "SLES", "Suse"},
                                  System{"opensuse-leap", "OpenSuSE", "Suse"},
                                  System{"opensuse-tumbleweed", "OpenSuSE", "Suse"},
                                  System{"suse", "SUSE", "Suse"},
                                  System{"alpine", "Alpine", "Alpine"},
                                  System{"arch", "Archlinux", "Archlinux"},
                                  System{"gentoo", "Gentoo", "Gentoo"}};

const System* find_system(std::string_view id) {
    for (const System& system : k_systems) {
        if (system.id == id) return &system;
    }
    return nullptr;
}

std::string without_quotes(std::string_view value) {
    const bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'');
    if (!quoted || value.back() != value.front()) return std::string(value);
    const bool has_escapes = value.front() == '"';
    value = value.substr(1, value.size() - 2);
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (has_escapes && value[i] == '\\' && i + 1 < value.size()) ++i;
        text.push_back(value[i]);
    }
    return text;
}

/// os-release(5): `NAME=value` lines with the shell's quotes, `#` comments.
using OsRelease = std::map<std::string, std::string, std::less<>>;

OsRelease read_os_release(const MachineFiles& files) {
    const char* path = files.exists("etc/os-release") ? "etc/os-release" : "usr/lib/os-release";
    OsRelease values;
    for (const std::string& line : files.lines(path)) {
        const std::string_view text = trim(line);
        const std::size_t equals = text.find('=');
        if (text.starts_with('#') || equals == std::string_view::npos) continue;
        values[std::string(text.substr(0, equals))] = without_quotes(text.substr(equals + 1));
    }
    return values;
}

std::string value_of(const OsRelease& values, std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
}

std::string family_of(const OsRelease& values, const std::string& name) {
    if (const System* system = find_system(value_of(values, "ID"))) return std::string(system->family);
    for (const std::string& like : words(value_of(values, "ID_LIKE"))) {
        if (const System* system = find_system(like)) return std::string(system->family);
    }
    return name;
}

std::string name_of(const OsRelease& values) {
    if (const System* system = find_system(value_of(values, "ID"))) return std::string(system->name);
    const std::string name = value_of(values, "NAME");
    return name.empty() ? "Linux" : name;
}

std::string full_release(const MachineFiles& files, const OsRelease& values) {
    const std::string debian =
        value_of(values, "ID") == "debian" ? files.text("etc/debian_version") : std::string();
    const bool is_number = !debian.empty() && is_digit(debian.front());
    return is_number ? debian : value_of(values, "VERSION_ID");
}

/// VERSION_CODENAME, else what stands in parentheses in VERSION: `8.9 (Green Obsidian)`.
std::string codename(const OsRelease& values) {
    std::string codename = value_of(values, "VERSION_CODENAME");
    if (!codename.empty()) return codename;
    const std::string version = value_of(values, "VERSION");
    const std::size_t open = version.find('(');
    const std::size_t close = version.find(')', open == std::string::npos ? 0 : open);
    if (open == std::string::npos || close == std::string::npos) return {};
    return version.substr(open + 1, close - open - 1);
}

}  // namespace

Json os_facts(const MachineFiles& files) {
    const OsRelease values = read_os_release(files);
    const std::string name = name_of(values);
    Json facts = {{"name", name}, {"family", family_of(values, name)}};
    const auto put = [](Json& object, const char* key, const std::string& text) {
        if (!text.empty()) object[key] = text;
    };
    put(facts, "id", value_of(values, "ID"));
    put(facts, "codename", codename(values));
    const std::string release = full_release(files, values);
    if (release.empty()) return facts;
    facts["release"] = {{"full", release}, {"major", release.substr(0, release.find('.'))}};
    return facts;
}

}  // namespace hocket::node
