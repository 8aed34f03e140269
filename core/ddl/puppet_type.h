#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/ddl/words.h"

namespace hocket::ddl {

/// A type as Puppet writes it, `Optional[Array[Enum[a, b], 1]]`: the rule of an input of a Puppet Bolt task, of as much of
/// Puppet's language as JSON can hold (puppet.com, language: data types). Copies share what was read.
///
///     Any Data RichData Scalar ScalarData Undef NotUndef Optional Variant
///     String Pattern Enum Integer Float Numeric Boolean
///     Array Tuple Hash Struct Collection Sensitive
///     and what Puppet's standard library calls so: Stdlib::Absolutepath and a few more (puppet_type.cpp)
///
/// Where Puppet counts, we count: strings in code points, collections in elements. A pattern is RE2 and is searched for; its
/// `^ $` are ends of the text, where Puppet has ends of lines.
/// Thread: any.
class PuppetType {
public:
    /// Any value.
    PuppetType() = default;

    /// Errors: usage, with what is wrong and where in the text.
    static Result<PuppetType> parse(std::string_view text);

    bool accepts(const Json& value) const;

    /// Whether it may be left out.
    bool accepts_undef() const { return accepts(Json()); }

    /// Ours that has room for all that it accepts; `any` if there is none with less.
    Type nearest() const;

    /// Of type `list`: the values.
    std::vector<Json> values() const;

    /// As it was written; empty for none.
    const std::string& text() const { return text_; }

    bool operator==(const PuppetType& other) const { return text_ == other.text_; }

    struct Node;  // one type with its parameters

private:
    std::string text_;
    std::shared_ptr<const Node> root_;
};

}  // namespace hocket::ddl
