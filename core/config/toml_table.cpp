#include "core/config/toml_table.h"

#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include "core/base/file.h"
#include "core/base/text.h"

namespace hocket::config {

/// A table of the parsed document.
class TomlTable::Node {
public:
    explicit Node(const toml::table& table) : table_(table) {}

    const toml::table& table() const { return table_; }
    const toml::node* find(std::string_view key) const { return table_.get(key); }

private:
    const toml::table& table_;
};

namespace {

constexpr std::size_t k_max_file_bytes = 4U << 20U;

int line_of(const toml::node& node) {
    return static_cast<int>(node.source().begin.line);
}

Json to_json(const toml::node& node) {
    if (const auto* table = node.as_table()) {
        Json object = Json::object();
        for (const auto& [key, value] : *table)
            object[std::string(key.str())] = to_json(value);
        return object;
    }
    if (const auto* array = node.as_array()) {
        Json list = Json::array();
        for (const auto& value : *array)
            list.push_back(to_json(value));
        return list;
    }
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* number = node.as_floating_point()) return number->get();
    if (const auto* flag = node.as_boolean()) return flag->get();
    std::ostringstream text;
    node.visit([&text](const auto& value) { text << value; });
    return text.str();
}

}  // namespace

void Problems::add(int line, const std::string& message) {
    texts_.push_back(file_ + ':' + std::to_string(line) + ": " + message);
}

Error Problems::error() const {
    return {ErrorCode::invalid_config, join(texts_, "\n"), {}};
}

TomlTable::TomlTable(const Node& node, std::string name, Problems& problems)
    : node_(std::make_unique<Node>(node)), name_(std::move(name)), problems_(problems) {}
TomlTable::TomlTable(TomlTable&&) noexcept = default;
TomlTable::~TomlTable() = default;

namespace {

/// The value at `key`, when it is there and of that type; another type is a problem.
template <class T>
const T* value_of(const toml::node* node, TomlTable& table, std::string_view key, const char* type) {
    if (node == nullptr) return nullptr;
    const auto* value = node->as<T>();
    if (value == nullptr) {
        table.problem(key, std::string("must be ") + type);
        return nullptr;
    }
    return &value->get();
}

}  // namespace

void TomlTable::read(std::string_view key, std::string& value) {
    known_.emplace_back(key);
    if (const auto* text = value_of<std::string>(node_->find(key), *this, key, "a string")) value = *text;
}

void TomlTable::read(std::string_view key, std::filesystem::path& value) {
    std::string text = value.string();
    read(key, text);
    value = text;
}

void TomlTable::read(std::string_view key, bool& value) {
    known_.emplace_back(key);
    if (const auto* flag = value_of<bool>(node_->find(key), *this, key, "true or false")) value = *flag;
}

void TomlTable::read(std::string_view key, int& value, int minimum, int maximum) {
    known_.emplace_back(key);
    const auto* number = value_of<std::int64_t>(node_->find(key), *this, key, "an integer");
    if (number == nullptr) return;
    if (*number < minimum || *number > maximum) {
        problem(key, "is " + std::to_string(*number) + ", it must lie within " + std::to_string(minimum) +
                         " and " + std::to_string(maximum));
        return;
    }
    value = static_cast<int>(*number);
}

void TomlTable::read(std::string_view key, std::size_t& value, std::size_t minimum, std::size_t maximum) {
    known_.emplace_back(key);
    const auto* number = value_of<std::int64_t>(node_->find(key), *this, key, "an integer");
    if (number == nullptr) return;
    if (*number < 0 || static_cast<std::size_t>(*number) < minimum ||
        static_cast<std::size_t>(*number) > maximum) {
        problem(key, "is " + std::to_string(*number) + ", it must lie within " + std::to_string(minimum) +
                         " and " + std::to_string(maximum));
        return;
    }
    value = static_cast<std::size_t>(*number);
}

void TomlTable::read(std::string_view key, std::vector<std::string>& value) {
    known_.emplace_back(key);
    const toml::node* node = node_->find(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    const bool all_text =
        array != nullptr && std::all_of(array->begin(), array->end(),
                                        [](const toml::node& element) { return element.is_string(); });
    if (!all_text) {
        problem(key, "must be an array of strings");
        return;
    }
    value.clear();
    for (const toml::node& element : *array)
        value.push_back(element.as_string()->get());
}

void TomlTable::read(std::string_view key, std::vector<std::filesystem::path>& value) {
    std::vector<std::string> texts;
    for (const auto& path : value)
        texts.push_back(path.string());
    read(key, texts);
    value.assign(texts.begin(), texts.end());
}

void TomlTable::read(std::string_view key, Json& value) {
    known_.emplace_back(key);
    const toml::node* node = node_->find(key);
    if (node == nullptr) return;
    if (!node->is_table()) {
        problem(key, "must be a table");
        return;
    }
    value = to_json(*node);
}

bool TomlTable::has(std::string_view key) const {
    return node_->find(key) != nullptr;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) {
    known_.emplace_back(key);
    const toml::node* node = node_->find(key);
    if (node == nullptr) return std::nullopt;
    if (const toml::table* inner = node->as_table())
        return TomlTable(Node(*inner), full_name(key), problems_);
    problem(key, "must be a table");
    return std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
    known_.emplace_back(key);
    std::vector<TomlTable> tables;
    const toml::node* node = node_->find(key);
    if (node == nullptr) return tables;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        problem(key, "must be written as [[" + full_name(key) + "]]");
        return tables;
    }
    for (const toml::node& element : *array) {
        if (const toml::table* inner = element.as_table()) {
            tables.emplace_back(Node(*inner), full_name(key), problems_);
        } else {
            problem(key, "must be written as [[" + full_name(key) + "]]");
        }
    }
    return tables;
}

std::map<std::string, TomlTable> TomlTable::subtables() {
    std::map<std::string, TomlTable> tables;
    for (const auto& [name, node] : node_->table()) {
        const std::string key(name.str());
        const toml::table* inner = node.as_table();
        if (inner == nullptr || std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
        known_.push_back(key);
        tables.emplace(key, TomlTable(Node(*inner), full_name(key), problems_));
    }
    return tables;
}

void TomlTable::problem(std::string_view key, const std::string& message) {
    const toml::node* node = node_->find(key);
    problems_.add(node != nullptr ? line_of(*node) : line(), "'" + full_name(key) + "' " + message);
}

int TomlTable::line() const {
    return std::max(1, line_of(node_->table()));
}

std::string TomlTable::full_name(std::string_view key) const {
    return name_.empty() ? std::string(key) : name_ + '.' + std::string(key);
}

void TomlTable::finish() {
    for (const auto& [name, node] : node_->table()) {
        const std::string key(name.str());
        if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
        const std::string suggestion = nearest(key, known_);
        problem(key,
                "is not a known key" + (suggestion.empty() ? "" : "; did you mean '" + suggestion + "'?"));
    }
}

Result<void> read_toml_file(const std::filesystem::path& path, const std::function<void(TomlTable&)>& visit) {
    const Result<std::string> content = read_file(path, k_max_file_bytes);
    if (!content) return content.error();
    Problems problems(path.string());
    try {
        const toml::table document = toml::parse(*content, path.string());
        TomlTable root(TomlTable::Node(document), "", problems);
        visit(root);
        root.finish();
    } catch (const toml::parse_error& error) {
        problems.add(static_cast<int>(error.source().begin.line), std::string(error.description()));
    }
    if (!problems.empty()) return problems.error();
    return {};
}

}  // namespace hocket::config
