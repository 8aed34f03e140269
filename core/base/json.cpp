#include "core/base/json.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace hocket {

namespace {

constexpr std::int64_t k_max_protocol_integer = (std::int64_t{1} << 53) - 1;

/// Builds the document while it refuses what nlohmann accepts silently: duplicate keys and any depth.
class StrictBuilder final : public nlohmann::json_sax<Json> {
public:
    explicit StrictBuilder(std::size_t max_depth) : max_depth_(max_depth) {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<number_unsigned_t>(INT64_MAX)) return add(static_cast<double>(value));
        return add(static_cast<number_integer_t>(value));
    }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return fail("binary values are not JSON"); }

    bool start_object(std::size_t) override { return open(Json::object()); }
    bool key(string_t& name) override {
        auto& members = open_.back()->get_ref<Json::object_t&>();
        const std::size_t before = members.size();
        // Most documents come sorted.
        const auto member = members.emplace_hint(members.end(), std::move(name), nullptr);
        slot_ = &member->second;
        return members.size() > before || fail("duplicate key '" + member->first + "'");
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_array() override { return close(); }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override {
        if (reason_.empty()) {
            reason_ = error.id == 406 ? "a number is out of range" : "not valid JSON";
            position_ = position;
        }
        return false;
    }

    Json take() { return std::move(root_); }
    std::string reason() const {
        return position_ == 0 ? reason_ : reason_ + " at byte " + std::to_string(position_);
    }

private:
    bool fail(std::string reason) {
        reason_ = std::move(reason);
        return false;
    }

    Json* place(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        Json& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        *slot_ = std::move(value);
        return slot_;
    }

    bool add(Json value) {
        place(std::move(value));
        return true;
    }

    bool open(Json container) {
        if (open_.size() >= max_depth_)
            return fail("nested deeper than " + std::to_string(max_depth_) + " levels");
        open_.push_back(place(std::move(container)));
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    std::size_t max_depth_;
    Json root_;
    std::vector<Json*> open_;
    Json* slot_ = nullptr;  ///< of the key that was read last
    std::string reason_;
    std::size_t position_ = 0;
};

Error malformed(const std::string& reason) {
    return {ErrorCode::malformed_message, reason, {}};
}

}  // namespace

Result<Json> parse_json_value(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.max_bytes) {
        return Error{
            ErrorCode::oversized_message,
            std::to_string(text.size()) + " bytes of JSON, the limit is " + std::to_string(limits.max_bytes),
            {}};
    }
    if (text.empty()) return malformed("empty, where JSON is expected");
    if (text.starts_with("\xEF\xBB\xBF")) return malformed("starts with a byte order mark");
    // nlohmann's lexer takes a NUL for the end of the text, and would not see what follows.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        return malformed("a NUL byte at byte " + std::to_string(nul + 1));
    }
    StrictBuilder builder(limits.max_depth);
    if (!Json::sax_parse(text, &builder)) return malformed(builder.reason());
    return builder.take();
}

Result<Json> parse_json_object(std::string_view text, const JsonLimits& limits) {
    Result<Json> value = parse_json_value(text, limits);
    if (value && !value->is_object()) {
        return malformed(std::string("a JSON object is expected, this is of type ") + value->type_name());
    }
    return value;
}

std::string dump_json(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dump_json_pretty(const Json& value) {
    return escape_json_text(value.dump(2, ' ', false, Json::error_handler_t::replace));
}

bool is_protocol_integer(const Json& value) {
    if (!value.is_number_integer()) return false;
    const auto number = value.get<std::int64_t>();
    return number >= -k_max_protocol_integer && number <= k_max_protocol_integer;
}

}  // namespace hocket
