#include "client/lib/inputs.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "core/ddl/typed_inputs.h"
#include "core/ddl/values.h"

namespace hocket::client {

Result<Inputs> make_inputs(const ddl::Action& action, const std::vector<ddl::WrittenInput>& written) {
    const ddl::TypedInputs typed = ddl::type_inputs(action, written, ddl::PlainSecrets::refused);
    Result<Inputs> checked = make_inputs(action, typed.values);
    if (typed.problems.empty()) return checked;
    std::vector<Violation> problems = typed.problems;
    const auto is_told = [&](const Violation& found) {
        return std::ranges::find(typed.problems, found.pointer, &Violation::pointer) != typed.problems.end();
    };
    if (!checked) {
        std::ranges::copy_if(checked.error().violations, std::back_inserter(problems), std::not_fn(is_told));
    }
    return ddl::invalid_input(std::move(problems));
}

Result<Inputs> make_inputs_without_ddl(const std::vector<ddl::WrittenInput>& written) {
    ddl::TypedInputs typed = ddl::type_inputs(written);
    if (!typed.problems.empty()) return ddl::invalid_input(std::move(typed.problems));
    return make_inputs_without_ddl(typed.values);
}

Result<Inputs> make_inputs(const ddl::Action& action, const Json& values) {
    const Result<Json> checked = ddl::check_inputs(action, values, ddl::Defaults::leave);
    if (!checked) return checked.error();
    Inputs inputs{*checked, false};
    for (const auto& [name, value] : inputs.values.items()) {
        const ddl::Input* input = action.find_input(name);
        if (input != nullptr && input->sensitive) inputs.has_sensitive = true;
    }
    return inputs;
}

Result<Inputs> make_inputs_without_ddl(const Json& values) {
    return Inputs{values, !values.empty()};
}

}  // namespace hocket::client
