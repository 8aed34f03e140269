#include "runner/node/private_facts.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

namespace hocket::node {

namespace {

bool hides(std::string_view entry, std::string_view name) {
    if (entry.ends_with('*')) return name.starts_with(entry.substr(0, entry.size() - 1));
    return name.starts_with(entry) && (name.size() == entry.size() || name[entry.size()] == '.');
}

class Visible {
public:
    explicit Visible(const std::vector<std::string>& entries) : entries_(entries) {}

    Json copy(const Json& value, const std::string& name) const {
        if (value.is_object()) return copy_object(value, name);
        if (value.is_array()) return copy_array(value, name);
        return value;
    }

private:
    bool is_hidden(const std::string& name) const {
        return std::any_of(entries_.begin(), entries_.end(),
                           [&](const std::string& entry) { return hides(entry, name); });
    }

    static std::string joined(const std::string& name, const std::string& key) {
        return name.empty() ? key : name + "." + key;
    }

    Json copy_object(const Json& object, const std::string& name) const {
        Json copied = Json::object();
        for (const auto& [key, value] : object.items()) {
            const std::string member = joined(name, key);
            if (!is_hidden(member)) copied[key] = copy(value, member);
        }
        return copied;
    }

    Json copy_array(const Json& array, const std::string& name) const {
        Json copied = Json::array();
        for (std::size_t i = 0; i < array.size(); ++i) {
            const std::string element = joined(name, std::to_string(i));
            copied.push_back(is_hidden(element) ? Json(nullptr) : copy(array[i], element));
        }
        return copied;
    }

    const std::vector<std::string>& entries_;
};

}  // namespace

Json without_private(const Json& facts, const std::vector<std::string>& entries) {
    if (entries.empty()) return facts;
    return Visible(entries).copy(facts, "");
}

}  // namespace hocket::node
