#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <sstream>
#include <unordered_map>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "core/ddl/number_text.h"
#include "core/ddl/tree_reader.h"

namespace hocket::ddl {

namespace {

constexpr std::string_view k_plain_tag = "?";
constexpr std::string_view k_quoted_tag = "!";
constexpr std::string_view k_string_tag = "tag:yaml.org,2002:str";

/// Ends the parser's run after a problem that is already in the report.
class Stopped final : public std::exception {};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

/// `0o17` and `0x1F`; nothing when it is neither or too large.
std::optional<Json> based_integer(std::string_view text) {
    const int base = text.starts_with("0o") ? 8 : text.starts_with("0x") ? 16 : 0;
    if (base == 0 || text.size() == 2) return std::nullopt;
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 2, end, value, base);
    if (stop != end || error != std::errc() || text[2] == '-') return std::nullopt;
    return value;
}

bool is_not_finite(std::string_view text) {
    if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return true;
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return is_one_of(text, {".inf", ".Inf", ".INF"});
}

/// The core schema of YAML 1.2 for a scalar without quotes that is not null.
Json resolve_plain(std::string_view text) {
    if (is_one_of(text, {"true", "True", "TRUE"})) return true;
    if (is_one_of(text, {"false", "False", "FALSE"})) return false;
    if (std::optional<Json> number = number_from_text(text)) return std::move(*number);
    if (std::optional<Json> number = based_integer(text)) return std::move(*number);
    return std::string(text);
}

/// Whether the scalar at the start of the text ends, if it is a quoted one; an anchor or a tag may stand
/// before it.
bool has_closing_quote(std::string_view text) {
    while (text.starts_with('&') || text.starts_with('!')) {
        text.remove_prefix(std::min(text.find_first_of(" \t\r\n"), text.size()));
        text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    }
    if (!text.starts_with('"') && !text.starts_with('\'')) return true;
    const char quote = text.front();
    for (std::size_t i = 1; i < text.size(); ++i) {
        const bool doubled = quote == '\'' && text.substr(i).starts_with("''");
        const bool escaped = quote == '"' && text[i] == '\\';
        if (doubled || escaped) {
            ++i;
        } else if (text[i] == quote) {
            return true;
        }
    }
    return false;
}

class YamlTreeReader final : public YAML::EventHandler {
public:
    YamlTreeReader(Report& report, const TreeLimits& limits) : report_(report), builder_(report, limits) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ > 1) stop(mark, "more than one document; a DDL is exactly one");
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (builder_.expects_key()) stop(mark, "a key must be text");
        SourceNode node;
        node.offset = offset(mark);
        add(std::move(node), anchor);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        check_closing_quote(mark);
        SourceNode node;
        node.offset = offset(mark);
        if (builder_.expects_key()) {
            node.value = value;
            if (anchor != YAML::NullAnchor) keep(anchor, node);
            return builder_.key(node.offset, value);
        }
        node.value = resolve(mark, tag, value);
        if (tag == k_plain_tag) node.plain = value;
        add(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (builder_.expects_key()) stop(mark, "a key must be text, not an alias");
        const auto anchored = anchors_.find(anchor);
        if (anchored == anchors_.end()) stop(mark, "an alias inside of what it stands for");
        SourceNode copy = anchored->second;
        copy.offset = offset(mark);
        add(std::move(copy), YAML::NullAnchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(SourceNode::Kind::array, mark, tag, anchor);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(SourceNode::Kind::object, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

    std::optional<SourceNode> take() {
        if (documents_ == 0) return std::nullopt;
        return builder_.take();
    }

    /// yaml-cpp's own offset counts comments wrongly; its line and its column in bytes are right.
    std::size_t offset(const YAML::Mark& mark) const {
        if (mark.is_null()) return 0;
        return report_.source().offset_of(static_cast<std::size_t>(mark.line),
                                          static_cast<std::size_t>(mark.column));
    }

private:
    [[noreturn]] void stop(const YAML::Mark& mark, std::string message) {
        report_.error(offset(mark), std::move(message));
        throw Stopped();
    }

    Json resolve(const YAML::Mark& mark, std::string_view tag, const std::string& value) {
        if (tag == k_quoted_tag || tag == k_string_tag) return value;
        if (tag != k_plain_tag) stop(mark, "the tag '" + std::string(tag) + "' is not supported");
        if (is_not_finite(value)) stop(mark, "'" + value + "' has no JSON form; as text it must be quoted");
        if (read_number(value).kind == NumberText::Kind::out_of_range) stop(mark, "a number is out of range");
        return resolve_plain(value);
    }

    /// yaml-cpp takes the end of the file for a closing quote.
    void check_closing_quote(const YAML::Mark& mark) {
        if (!has_closing_quote(report_.source().text().substr(offset(mark)))) {
            stop(mark, "the closing quote is missing");
        }
    }

    void add(SourceNode node, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) keep(anchor, node);
        if (!builder_.add(std::move(node))) throw Stopped();
    }

    void open(SourceNode::Kind kind, const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor) {
        if (builder_.expects_key()) stop(mark, "a key must be text; or is a bracket not closed?");
        if (tag != k_plain_tag) stop(mark, "the tag '" + std::string(tag) + "' is not supported");
        if (!builder_.open(kind, offset(mark))) throw Stopped();
        open_anchors_.push_back(anchor);
    }

    void close() {
        const YAML::anchor_t anchor = open_anchors_.back();
        open_anchors_.pop_back();
        const SourceNode& node = builder_.close();
        if (anchor != YAML::NullAnchor) keep(anchor, node);
    }

    void keep(YAML::anchor_t anchor, const SourceNode& node) {
        if (!builder_.charge(node)) throw Stopped();
        anchors_.insert_or_assign(anchor, node);
    }

    Report& report_;
    TreeBuilder builder_;
    std::unordered_map<YAML::anchor_t, SourceNode> anchors_;
    std::vector<YAML::anchor_t> open_anchors_;
    int documents_ = 0;
};

/// Where a tab indents the line, or the one before it, of which yaml-cpp may complain.
std::optional<std::size_t> indenting_tab(std::string_view text, std::size_t offset) {
    std::size_t begin = std::min(offset, text.size());
    for (int lines = 0; lines < 2; ++lines) {
        begin = begin == 0 ? 0 : text.rfind('\n', begin - 1) + 1;  // npos + 1 is the beginning
        const std::size_t first = text.find_first_not_of(' ', begin);
        if (first != std::string_view::npos && text[first] == '\t') return first;
        if (begin == 0) break;
        --begin;
    }
    return std::nullopt;
}

/// For messages of yaml-cpp that do not say what to do.
std::string advice_for(std::string_view message) {
    if (message.find("escape") != std::string_view::npos)
        return "in 'single quotes' a backslash stands for itself";
    if (message.find("end of map flow") != std::string_view::npos ||
        message.find("end of sequence flow") != std::string_view::npos)
        return "a bracket or a quote is not closed, here or before";
    return {};
}

/// yaml-cpp takes U+0004 for the end of the file, so what follows it would go unseen; YAML forbids it anyway.
bool has_only_printable(Report& report) {
    const std::string_view text = report.source().text();
    const auto control = std::find_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') ||
               byte == '\x7F';
    });
    if (control == text.end()) return true;
    report.error(static_cast<std::size_t>(control - text.begin()),
                 "a control character is not allowed in YAML");
    return false;
}

}  // namespace

std::optional<SourceNode> read_yaml_tree(Report& report, const TreeLimits& limits) {
    if (!has_only_printable(report)) return std::nullopt;
    YamlTreeReader reader(report, limits);
    try {
        std::istringstream stream{std::string(report.source().text())};
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(reader)) {}
    } catch (const Stopped&) {
        return std::nullopt;
    } catch (const YAML::Exception& error) {
        const std::size_t offset = reader.offset(error.mark);
        const auto tab = indenting_tab(report.source().text(), offset);
        if (tab) {
            report.error(*tab, "not valid YAML: a tab indents this line", "YAML is indented with blanks");
        } else {
            report.error(offset, "not valid YAML: " + error.msg, advice_for(error.msg));
        }
        return std::nullopt;
    }
    std::optional<SourceNode> root = reader.take();
    if (!root) report.error(0, "empty, where a DDL is expected");
    return root;
}

}  // namespace hocket::ddl
