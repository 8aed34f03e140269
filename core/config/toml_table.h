#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace hocket::config {

/// Everything that is wrong with one configuration file, in its order.
class Problems {
public:
    explicit Problems(std::string file) : file_(std::move(file)) {}

    void add(int line, const std::string& message);
    bool empty() const { return texts_.empty(); }
    /// code invalid_config; one line for each problem: "FILE:LINE: what, and what to do"
    Error error() const;

private:
    std::string file_;
    std::vector<std::string> texts_;
};

/// One table of a TOML file. Each getter reads a key when it is there, and remembers that it is known; finish()
/// reports the keys that nobody asked for, with "did you mean". A value of the wrong type or out of range is a
/// problem and leaves the default in place.
///
/// Owns: nothing; the File that it comes from must outlive it.
class TomlTable {
public:
    class Node;  // hides toml++

    TomlTable(const Node& node, std::string name, Problems& problems);
    TomlTable(TomlTable&&) noexcept;
    ~TomlTable();

    void read(std::string_view key, std::string& value);
    void read(std::string_view key, std::filesystem::path& value);
    void read(std::string_view key, bool& value);
    void read(std::string_view key, int& value, int minimum, int maximum);
    void read(std::string_view key, std::size_t& value, std::size_t minimum, std::size_t maximum);
    void read(std::string_view key, std::vector<std::string>& value);
    void read(std::string_view key, std::vector<std::filesystem::path>& value);
    /// A table of free form, as JSON; dates become strings.
    void read(std::string_view key, Json& value);

    bool has(std::string_view key) const;

    /// A table inside of this one; none when it is absent.
    std::optional<TomlTable> table(std::string_view key);
    /// Each `[[key]]`.
    std::vector<TomlTable> tables(std::string_view key);
    /// Every table in this one that was not asked for by name: `[agents.NAME]` seen from `[agents]`.
    std::map<std::string, TomlTable> subtables();

    void problem(std::string_view key, const std::string& message);
    int line() const;

    void finish();

private:
    std::string full_name(std::string_view key) const;

    std::unique_ptr<Node> node_;
    std::string name_;
    Problems& problems_;
    std::vector<std::string> known_;
};

/// Reads a TOML file and lets `visit` take it apart.
/// Errors: invalid_config with every problem found; io when the file cannot be read.
Result<void> read_toml_file(const std::filesystem::path& path, const std::function<void(TomlTable&)>& visit);

}  // namespace hocket::config
