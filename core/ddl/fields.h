#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/regex.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/limits.h"
#include "core/ddl/source_node.h"
#include "core/ddl/validators.h"

namespace hocket::ddl {

/// How much of what we do not know is let pass. Choria and MCollective tolerate unknown keys everywhere, so their DDLs
/// have them; in a DDL written for us they are mistakes. In one of MCollective the metadata may hold a title, and the name
/// is that of the file.
enum class Dialect { choria, hocket, mcollective };

/// What the parts of the reader share.
struct ReadContext {
    Report& report;
    Dialect dialect;
    std::string name = {};       ///< that the file gives; see Dialect
    Validators validators = {};  ///< declared ones that may be named
    /// Parts of the source are left out, which is reported: what is missing or not declared is no problem of its own.
    bool is_partial = false;
    bool is_contract_known = true;  ///< false: what it is cannot be read, so nobody knows which keys it has
    std::shared_ptr<RegexCache> regexes = std::make_shared<RegexCache>();  ///< inputs often share a rule

    /// A warning in a Choria DDL, an error in ours.
    void object_to(Warning warning, std::size_t offset, std::string message, std::string hint = {});
};

/// The members of one object of the source, read by name and type. Whatever does not fit is reported, and
/// then nothing is returned, as for an absent member; null is absent too.
class Fields {
public:
    /// `owner` names the object in messages: "metadata", "input 'path' of action 'usage'".
    Fields(const SourceNode& object, std::string owner, ReadContext& context);

    const SourceNode* find(std::string_view key);
    const SourceNode* find_object(std::string_view key);
    const SourceNode* find_array(std::string_view key);

    std::optional<std::string> text(std::string_view key);
    std::optional<bool> flag(std::string_view key);

    /// A numeric string is taken with a warning: published Choria DDLs have "timeout": "10".
    std::optional<std::int64_t> integer(std::string_view key, Range range);

    /// The index of the member's text among the words.
    std::optional<std::size_t> choice(std::string_view key, std::span<const std::string_view> words);

    /// The enumerator that the member's text names; the words are in the enumeration's order.
    template <class Enum>
    Enum choice(std::string_view key, std::span<const std::string_view> words, Enum fallback) {
        const std::optional<std::size_t> index = choice(key, words);
        return index ? static_cast<Enum>(*index) : fallback;
    }

    /// Reports the member as missing if it is, unless that may follow from something else.
    bool require(std::string_view key);
    std::string required_text(std::string_view key);

    /// The name of an agent or an action: a required text of that grammar.
    std::string required_name(std::string_view key, bool (*is_name)(std::string_view));

    /// Reports null, and keys that look like it: for one that must not be misread, even where unknown keys are let pass.
    void guard(std::string_view key);

    /// What these may say depends on something that cannot be read: they are known, whatever they hold.
    void pass(std::span<const std::string_view> keys) {
        known_.insert(known_.end(), keys.begin(), keys.end());
    }

    /// Reports every member that was never asked for. `ignored` are keys that mean something to others.
    void refuse_unknown(std::span<const std::string_view> ignored = {});

    std::size_t offset() const { return object_.offset; }
    const std::string& owner() const { return owner_; }

    /// Where the member's value stands, or else the object.
    std::size_t offset_of(std::string_view key) const;

private:
    const SourceNode* find_kind(std::string_view key, SourceNode::Kind kind, std::string_view expected);
    void expected(std::string_view key, std::string_view what, const SourceNode& found,
                  std::string hint = {});

    const SourceNode& object_;
    std::string owner_;
    ReadContext& context_;
    std::vector<std::string> known_;
};

/// What a node is, for messages: "the string \"abc\"", "an object", "the number 5".
std::string describe_node(const SourceNode& node);

}  // namespace hocket::ddl
