#include <map>

#include "core/ddl/puppet_argument.h"

namespace hocket::ddl {

namespace {

using Node = PuppetType::Node;
using PuppetKind = Node::Kind;

const std::map<std::string_view, PuppetKind>& kinds() {
    static const std::map<std::string_view, PuppetKind> known = {{"Any", PuppetKind::any},
                                                                 {"Data", PuppetKind::data},
                                                                 {"RichData", PuppetKind::data},
                                                                 {"Scalar", PuppetKind::scalar},
                                                                 {"ScalarData", PuppetKind::scalar},
                                                                 {"Undef", PuppetKind::undef},
                                                                 {"NotUndef", PuppetKind::not_undef},
                                                                 {"Optional", PuppetKind::optional},
                                                                 {"Variant", PuppetKind::variant},
                                                                 {"String", PuppetKind::string},
                                                                 {"Pattern", PuppetKind::pattern},
                                                                 {"Enum", PuppetKind::enumeration},
                                                                 {"Integer", PuppetKind::integer},
                                                                 {"Float", PuppetKind::floating},
                                                                 {"Numeric", PuppetKind::numeric},
                                                                 {"Boolean", PuppetKind::boolean},
                                                                 {"Array", PuppetKind::array},
                                                                 {"Tuple", PuppetKind::tuple},
                                                                 {"Hash", PuppetKind::hash},
                                                                 {"Struct", PuppetKind::structure},
                                                                 {"Collection", PuppetKind::collection},
                                                                 {"Sensitive", PuppetKind::sensitive}};
    return known;
}

/// A Ruby pattern as RE2 has it, of what differs most often.
std::string re2_of(const std::string& ruby) {
    std::string pattern;
    for (std::size_t at = 0; at < ruby.size(); ++at) {
        const std::string_view pair = std::string_view(ruby).substr(at, 2);
        if (pair.size() < 2 || pair.front() != '\\') {
            pattern += ruby[at];
            continue;
        }
        if (pair == "\\Z")
            pattern += "(?:\\n?\\z)";
        else if (pair == "\\h")
            pattern += "[0-9a-fA-F]";
        else if (pair == "\\H")
            pattern += "[^0-9a-fA-F]";
        else
            pattern += pair;
        ++at;
    }
    return pattern;
}

/// Makes a type of its name and arguments.
class NodeMaker {
public:
    NodeMaker(std::string name, std::size_t offset, std::vector<PuppetArgument> arguments)
        : name_(std::move(name)), offset_(offset), arguments_(std::move(arguments)) {}

    Node make() {
        node_.kind = kinds().find(name_)->second;
        switch (node_.kind) {
            case PuppetKind::string: return string();
            case PuppetKind::pattern: return patterns();
            case PuppetKind::enumeration: return enumeration();
            case PuppetKind::integer: return take_range(node_.range);
            case PuppetKind::floating: return floating();
            case PuppetKind::boolean: return boolean();
            case PuppetKind::array: return collection(1);
            case PuppetKind::hash: return collection(2);
            case PuppetKind::collection: return collection(0);
            case PuppetKind::tuple: return tuple();
            case PuppetKind::structure: return structure();
            case PuppetKind::variant: return some_types(1, k_no_limit);
            case PuppetKind::optional:
            case PuppetKind::not_undef:
            case PuppetKind::sensitive: return some_types(0, 1);
            case PuppetKind::any:
            case PuppetKind::data:
            case PuppetKind::scalar:
            case PuppetKind::undef:
            case PuppetKind::numeric: return some_types(0, 0);
        }
        return node_;
    }

private:
    using Wanted = PuppetArgument::Kind;
    static constexpr std::size_t k_no_limit = 1000;

    [[noreturn]] void wrong(const PuppetArgument& argument, const std::string& expected) {
        refuse_puppet_type(argument.offset, name_ + " takes " + expected + " here");
    }

    void expect_no_more(const std::string& expected) {
        if (next_ < arguments_.size()) wrong(arguments_[next_], expected);
    }

    bool is_next(Wanted kind) const { return next_ < arguments_.size() && arguments_[next_].kind == kind; }

    /// Optional['x'] is Optional[String['x']], and so for NotUndef.
    Node type_of(PuppetArgument& argument) {
        if (argument.kind == Wanted::type) return std::move(argument.type.front());
        if (argument.kind != Wanted::text || node_.kind == PuppetKind::variant) wrong(argument, "a type");
        Node text;
        text.kind = PuppetKind::string;
        text.texts = {argument.text};
        return text;
    }

    Node some_types(std::size_t least, std::size_t most) {
        if (arguments_.size() > most)
            wrong(arguments_[most], most == 0 ? "nothing" : "no more than " + std::to_string(most) + " type");
        if (arguments_.size() < least) refuse_puppet_type(offset_, name_ + " needs a type between brackets");
        for (PuppetArgument& argument : arguments_)
            node_.types.push_back(type_of(argument));
        return std::move(node_);
    }

    /// MIN, MAX; either may be `default`, and MAX may be missing.
    Node take_range(Node::Range& range) {
        for (std::int64_t* const limit : {&range.minimum, &range.maximum}) {
            if (next_ == arguments_.size()) break;
            const PuppetArgument& argument = arguments_[next_++];
            if (argument.kind == Wanted::integer) *limit = argument.integer;
            if (argument.kind != Wanted::integer && argument.kind != Wanted::any_value)
                wrong(argument, "an integer or `default`");
        }
        expect_no_more("a minimum and a maximum, no more");
        if (range.minimum > range.maximum)
            refuse_puppet_type(offset_, "the minimum of " + name_ + " is over its maximum");
        return std::move(node_);
    }

    Node take_sizes() {
        node_.range.minimum = 0;
        const std::size_t first = next_;
        Node made = take_range(node_.range);
        if (first < arguments_.size() && made.range.minimum < 0)
            wrong(arguments_[first], "a size of 0 or more");
        return made;
    }

    Node string() {
        if (!is_next(Wanted::text)) return take_sizes();
        node_.texts = {arguments_[next_++].text};
        expect_no_more("one text");
        return std::move(node_);
    }

    Node floating() {
        for (double* const limit : {&node_.lowest, &node_.highest}) {
            if (next_ == arguments_.size()) break;
            const PuppetArgument& argument = arguments_[next_++];
            if (argument.kind == Wanted::integer)
                *limit = static_cast<double>(argument.integer);
            else if (argument.kind == Wanted::floating)
                *limit = argument.floating;
            else if (argument.kind != Wanted::any_value)
                wrong(argument, "a number or `default`");
        }
        expect_no_more("a minimum and a maximum, no more");
        if (node_.lowest > node_.highest)
            refuse_puppet_type(offset_, "the minimum of Float is over its maximum");
        return std::move(node_);
    }

    Node boolean() {
        if (is_next(Wanted::boolean)) node_.only = arguments_[next_++].boolean;
        expect_no_more("true or false");
        return std::move(node_);
    }

    Node patterns() {
        if (arguments_.empty())
            refuse_puppet_type(offset_, "Pattern needs at least one pattern between brackets");
        for (const PuppetArgument& argument : arguments_) {
            if (argument.kind != Wanted::regex && argument.kind != Wanted::text) wrong(argument, "a pattern");
            Result<Regex> pattern = Regex::compile(re2_of(argument.text));
            if (!pattern) refuse_puppet_type(argument.offset, pattern.error().message);
            node_.patterns.push_back(std::move(*pattern));
        }
        return std::move(node_);
    }

    Node enumeration() {
        if (!arguments_.empty() && arguments_.back().kind == Wanted::boolean) {
            node_.ignores_case = arguments_.back().boolean;
            arguments_.pop_back();
        }
        for (const PuppetArgument& argument : arguments_) {
            if (argument.kind != Wanted::text && argument.kind != Wanted::word) wrong(argument, "a text");
            node_.texts.push_back(argument.text);
        }
        if (node_.texts.empty()) refuse_puppet_type(offset_, "Enum needs at least one text between brackets");
        return std::move(node_);
    }

    /// Types of what is in it, all of them or none, then sizes.
    Node collection(std::size_t types) {
        while (is_next(Wanted::type) && node_.types.size() < types)
            node_.types.push_back(std::move(arguments_[next_++].type.front()));
        if (!node_.types.empty() && node_.types.size() != types)
            refuse_puppet_type(offset_, name_ + " takes the type of a key and of a value");
        return take_sizes();
    }

    Node tuple() {
        while (is_next(Wanted::type))
            node_.types.push_back(std::move(arguments_[next_++].type.front()));
        if (node_.types.empty())
            refuse_puppet_type(offset_, "Tuple needs at least one type between brackets");
        const auto size = static_cast<std::int64_t>(node_.types.size());
        const bool has_sizes = next_ < arguments_.size();
        Node made = take_sizes();
        if (!has_sizes) made.range = {size, size};
        return made;
    }

    Node structure() {
        if (!is_next(Wanted::members))
            refuse_puppet_type(offset_, "Struct needs its members: Struct[{key => Type}]");
        node_.members = std::move(arguments_[next_++].members);
        expect_no_more("its members, no more");
        return std::move(node_);
    }

    const std::string name_;
    const std::size_t offset_;
    std::vector<PuppetArgument> arguments_;
    std::size_t next_ = 0;
    Node node_;
};

}  // namespace

std::vector<std::string> puppet_type_names() {
    std::vector<std::string> names;
    for (const auto& [name, kind] : kinds())
        names.emplace_back(name);
    return names;
}

bool is_puppet_type(std::string_view name) {
    return kinds().contains(name);
}

Node make_puppet_type(const std::string& name, std::size_t offset, std::vector<PuppetArgument> arguments) {
    return NodeMaker(name, offset, std::move(arguments)).make();
}

}  // namespace hocket::ddl
