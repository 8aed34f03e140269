#include <algorithm>

#include "core/ddl/tree_reader.h"

namespace hocket::ddl {

namespace {

/// Follows the parser's events through the text, which is how each token's position becomes known: an event's
/// token is the next one in the text.
class TokenCursor {
public:
    explicit TokenCursor(std::string_view text) : text_(text) {}

    /// Where the next token begins; the cursor moves behind it.
    std::size_t next() {
        const std::size_t start = std::min(text_.find_first_not_of(" \t\r\n,:", end_), text_.size());
        if (start < text_.size()) end_ = end_of_token(start);
        return start;
    }

private:
    std::size_t end_of_token(std::size_t start) const {
        if (std::string_view("{}[]").find(text_[start]) != std::string_view::npos) return start + 1;
        if (text_[start] != '"') return std::min(text_.find_first_of(" \t\r\n,:{}[]\"", start), text_.size());
        std::size_t end = start + 1;
        while (end < text_.size() && text_[end] != '"')
            end += text_[end] == '\\' ? 2U : 1U;
        return end + 1;
    }

    std::string_view text_;
    std::size_t end_ = 0;
};

/// What the parser says, without its own prefix and position: ours stands before it.
std::string reason(const nlohmann::detail::exception& error) {
    if (error.id == 406) return "a number is out of range";
    const std::string text = error.what();
    const std::size_t colon = text.find(": ");
    return colon == std::string::npos ? text : text.substr(colon + 2);
}

class JsonTreeReader final : public nlohmann::json_sax<Json> {
public:
    JsonTreeReader(Report& report, const TreeLimits& limits)
        : report_(report), builder_(report, limits), cursor_(report.source().text()) {}

    bool null() override { return scalar(nullptr); }
    bool boolean(bool value) override { return scalar(value); }
    bool number_integer(number_integer_t value) override { return scalar(value); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<number_unsigned_t>(INT64_MAX)) return scalar(static_cast<double>(value));
        return scalar(static_cast<number_integer_t>(value));
    }
    bool number_float(number_float_t value, const string_t&) override { return scalar(value); }
    bool string(string_t& value) override { return scalar(std::move(value)); }
    bool binary(binary_t&) override { return false; }

    bool start_object(std::size_t) override {
        return builder_.open(SourceNode::Kind::object, cursor_.next());
    }
    bool start_array(std::size_t) override { return builder_.open(SourceNode::Kind::array, cursor_.next()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        builder_.key(cursor_.next(), std::move(name));
        return true;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override {
        report_.error(position == 0 ? 0 : position - 1, "not valid JSON: " + reason(error));
        return false;
    }

    SourceNode take() { return builder_.take(); }

private:
    bool scalar(Json value) {
        SourceNode node;
        node.offset = cursor_.next();
        node.value = std::move(value);
        return builder_.add(std::move(node));
    }

    bool close() {
        cursor_.next();
        builder_.close();
        return true;
    }

    Report& report_;
    TreeBuilder builder_;
    TokenCursor cursor_;
};

}  // namespace

std::optional<SourceNode> read_json_tree(Report& report, const TreeLimits& limits) {
    const std::string_view text = report.source().text();
    JsonTreeReader reader(report, limits);
    if (!Json::sax_parse(text, &reader)) return std::nullopt;
    return reader.take();
}

}  // namespace hocket::ddl
