#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace hocket::ddl {

/// The text form of an input, for a variable or an argument: a string as it is, anything else as JSON.
std::string text_of(const Json& value);

/// An argv with places for inputs (spec/ddl.md, scripts). An element becomes exactly one argument, never a part of a shell
/// command:
///
///     text           itself; {{ and }} stand for braces
///     …{name}…       the text of the input; without the input the element is left out, and so is an option before it that
///                    the element alone is the value of ("--size", "{size}")
///     {name?text}    text when the boolean input is true, else left out
///     …{name...}     one argument for each item of an array
///
/// A value at the start of an argument that begins with '-' would be taken for an option: it is refused, unless `--` stands
/// before it, or it is the number, or range of numbers, of an option before it.
class ArgumentTemplate {
public:
    /// Errors: usage, naming the element and what is wrong with it.
    static Result<ArgumentTemplate> parse(const std::vector<std::string>& argv);

    /// The elements that can be read, with an error for each of the others.
    static ArgumentTemplate parse(const std::vector<std::string>& argv, std::vector<Error>& errors);

    enum class Use {
        text,  ///< {name}
        flag,  ///< {name?text}
        items  ///< {name...}
    };
    struct Place {
        std::string name;
        Use use;

        auto operator<=>(const Place&) const = default;
    };

    const std::string& executable() const { return executable_; }

    /// Every place that takes an input.
    std::set<Place> places() const;

    /// The arguments, the executable first. `values`: an object; what is not in it is absent.
    /// Errors: invalid_input: pointer "/inputs/NAME", rule `argument`.
    Result<std::vector<std::string>> fill(const Json& values) const;

private:
    struct Piece {
        std::string text;  ///< or the name of an input
        bool is_input;
    };
    struct Element {
        std::vector<Piece> pieces;
        Use use = Use::text;
        std::string when_true;  ///< of a flag

        bool is_literal() const;
        bool is_option() const;  ///< a literal that begins with '-', but for "--"
        bool is_one_value() const { return use == Use::text && pieces.size() == 1 && pieces[0].is_input; }
    };
    class Filling;

    static Result<Element> parse_element(const std::string& text);

    std::vector<Element> elements_;
    std::string executable_;
};

}  // namespace hocket::ddl
