#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/ddl/model.h"
#include "core/ddl/number.h"
#include "core/ddl/words.h"

namespace hocket::client {

// What `hocketc compile --emit cpp` makes of an agent's description: for each action a struct (TypedAction) with its
// inputs and outputs as plain structs, and tables from which they become JSON and come from it.

/// A value of the DDL's type `number`: an integer stays one. `= 5` and `= 0.5` both do what they say.
using ddl::Number;
using ddl::to_double;

/// What the description says of an action as a whole.
struct ActionTraits {
    std::string_view agent;
    std::string_view action;
    std::string_view ddl_digest = {};  ///< of that description; a node tells its own in a reply
    std::chrono::seconds timeout{0};
    ddl::Safety safety = ddl::Safety::changes;
    bool noop = false;
    bool idempotent = false;
    bool has_sensitive_fields = false;
};

/// Of a member std::optional<T>: T.
template <class T>
struct Held {
    using type = T;
};
template <class T>
struct Held<std::optional<T>> {
    using type = T;
};

/// The DDL's type of what a C++ type holds; none for JSON and for enumerations, which stand for lists of strings.
template <class T>
inline constexpr std::optional<ddl::Type> k_ddl_type = std::nullopt;
template <>
inline constexpr std::optional<ddl::Type> k_ddl_type<std::string> = ddl::Type::string;
template <>
inline constexpr std::optional<ddl::Type> k_ddl_type<std::int64_t> = ddl::Type::integer;
template <>
inline constexpr std::optional<ddl::Type> k_ddl_type<double> = ddl::Type::floating;
template <>
inline constexpr std::optional<ddl::Type> k_ddl_type<Number> = ddl::Type::number;
template <>
inline constexpr std::optional<ddl::Type> k_ddl_type<bool> = ddl::Type::boolean;

/// An input or output: its name in the description and the member that holds it.
template <class Struct, class Member>
struct Field {
    using Value = typename Held<Member>::type;

    constexpr Field(std::string_view ddl_name, Member Struct::* held_by,
                    std::optional<ddl::Type> ddl_type = k_ddl_type<Value>)
        : name(ddl_name), member(held_by), type(ddl_type) {}

    std::string_view name;
    Member Struct::* member;
    std::optional<ddl::Type> type;  ///< none: not checked here
};

template <class T>
concept TypedAction = std::is_same_v<decltype(T::k_action), const ActionTraits> && requires {
    typename T::Inputs;
    typename T::Outputs;
    std::tuple_size_v<decltype(T::k_inputs)>;
    std::tuple_size_v<decltype(T::k_outputs)>;
};

namespace detail {

template <class T>
Json to_value(const T& value) {
    if constexpr (std::is_enum_v<T>) {
        return std::string(to_string(value));
    } else if constexpr (std::is_same_v<T, Number>) {
        return std::visit([](auto number) { return Json(number); }, value);
    } else {
        return value;
    }
}

template <class T>
void put(Json& values, std::string_view name, const std::optional<T>& value) {
    if (value) values[std::string(name)] = to_value(*value);
}
template <class T>
void put(Json& values, std::string_view name, const T& value) {
    Json made = to_value(value);
    if (!made.is_null()) values[std::string(name)] = std::move(made);
}

template <class T>
void take(const Json& value, std::optional<T>& member) {
    if constexpr (!std::is_same_v<T, Number>) {
        member = value.get<T>();
    } else if (value.is_number_float()) {
        member = value.get<double>();
    } else {
        member = value.get<std::int64_t>();
    }
}
inline void take(const Json& value, Json& member) {
    member = value;
}

/// What a field of the outputs promises.
struct Promise {
    std::string_view name;
    std::optional<ddl::Type> type;
};

/// The outputs, each in its type. Errors: those of outputs_from_json().
Result<Json> check_outputs(const ActionTraits& action, const std::vector<Promise>& promised,
                           const Json& data);

}  // namespace detail

/// The inputs as a request has them. What is absent is left out; so is null, which is no value. Nothing is checked here.
template <TypedAction Action>
Json inputs_to_json(const typename Action::Inputs& inputs) {
    Json values = Json::object();
    std::apply([&](const auto&... fields) { (detail::put(values, fields.name, inputs.*fields.member), ...); },
               Action::k_inputs);
    return values;
}

/// The outputs of a reply's `data`. Absent and null are absent; what the description does not know is ignored.
/// Errors: invalid_output with every output of another type, pointer "/data/NAME".
template <TypedAction Action>
Result<typename Action::Outputs> outputs_from_json(const Json& data) {
    const auto promises = std::apply(
        [](const auto&... fields) { return std::vector<detail::Promise>{{fields.name, fields.type}...}; },
        Action::k_outputs);
    const Result<Json> checked = detail::check_outputs(Action::k_action, promises, data);
    if (!checked) return checked.error();
    typename Action::Outputs outputs;
    const auto take = [&](const auto& field) {
        const auto given = checked->find(field.name);
        if (given != checked->end() && !given->is_null()) detail::take(*given, outputs.*field.member);
    };
    std::apply([&](const auto&... fields) { (take(fields), ...); }, Action::k_outputs);
    return outputs;
}

}  // namespace hocket::client
