#include <iostream>

#include <nlohmann/json.hpp>

#include "core/base/regex.h"
#include "core/ddl/validation.h"
#include "ddl-compiler/back_ends/portable_pattern.h"
#include "ddl-compiler/back_ends/portable_validator.h"
#include "tests/ddl-compiler/ddl_cases.h"

// What the schema and our validator are compared by (schema_cases.py): a line of JSON for each case, the same at every run.
//
//     patterns     {"text": RE2, "portable": PATTERN or null, "verdicts": [[TEXT, ACCEPTED], …]}
//     validators   the same for the names of validators
//     ddls         see ddl_cases.h

namespace hocket::ddl_compiler {
namespace {

constexpr int k_generated_patterns = 2000;
constexpr int k_texts_per_pattern = 20;
constexpr int k_ddls = 320;

void print_case(const std::string& text, const std::optional<std::string>& portable, Chance& chance,
                const std::vector<std::string>& fixed_texts) {
    const Result<ddl::Validation> validation = ddl::Validation::compile(text);
    if (!validation) return;
    Json verdicts = Json::array();
    const auto judge = [&](const std::string& value) {
        verdicts.push_back({value, validation->accepts(value)});
    };
    for (const std::string& value : fixed_texts) {
        judge(value);
        judge(near_text(value, chance));
    }
    for (int i = 0; i < k_texts_per_pattern; ++i)
        judge(any_text(chance));
    std::cout << dump_json({{"text", text},
                            {"portable", portable ? Json(*portable) : Json()},
                            {"verdicts", verdicts}})
              << "\n";
}

void print_patterns() {
    Chance chance(1);
    for (const std::string& pattern : known_patterns())
        print_case(pattern, portable_pattern(pattern), chance, known_texts());
    for (int i = 0; i < k_generated_patterns; ++i) {
        const std::string pattern = any_pattern(chance);
        print_case(pattern, portable_pattern(pattern), chance, {});
    }
}

void print_validators() {
    Chance chance(2);
    for (const auto& [validator, name] : ddl::k_named_validators)
        print_case(std::string(name), portable_validator(name), chance, known_texts());
}

void print_ddls() {
    Chance chance(3);
    for (int i = 0; i < k_ddls; ++i)
        std::cout << dump_json(any_ddl_case(chance)) << "\n";
}

}  // namespace
}  // namespace hocket::ddl_compiler

int main(int argc, char** argv) {
    using namespace hocket::ddl_compiler;
    const std::string what = argc == 2 ? argv[1] : "";
    if (what == "patterns") print_patterns();
    if (what == "validators") print_validators();
    if (what == "ddls") print_ddls();
    return 0;
}
