#include <iostream>

#include <nlohmann/json.hpp>

#include "core/base/regex.h"
#include "core/ddl/validation.h"
#include "core/ddl/validators.h"
#include "ddl-compiler/back_ends/portable_list.h"
#include "ddl-compiler/back_ends/portable_pattern.h"
#include "ddl-compiler/back_ends/portable_validator.h"
#include "tests/ddl-compiler/ddl_cases.h"

// What the schema and our validator are compared by (schema_cases.py): a line of JSON for each case, the same at every run.
//
//     patterns     {"text": RE2, "portable": PATTERN or null, "verdicts": [[TEXT, ACCEPTED], …]}
//     validators   the same for the names of validators
//     lists        {"text": WORDS, "portable": [PATTERN, …] or null, "verdicts": …} for lists of declared items
//     ddls         see ddl_cases.h

namespace hocket::ddl_compiler {
namespace {

constexpr int k_generated_patterns = 2000;
constexpr int k_texts_per_pattern = 20;
constexpr int k_ddls = 320;
constexpr int k_lists = 1000;
constexpr int k_texts_per_list = 40;

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

const std::vector<std::string> k_separators = {",", ", ", ";", "ab", "::", "\n", ".", "|", "\u00fc", "-"};

ddl::ValidatorRule any_item(Chance& chance) {
    ddl::ValidatorRule rule;
    if (chance.below(2) == 0) rule.pattern = any_pattern(chance);
    if (chance.below(3) == 0) rule.allowed = "a-f0-9,:|\n";
    if (chance.below(4) == 0) rule.forbidden = "xy-";
    if (chance.below(3) == 0) rule.min_length = chance.below(3);
    rule.max_length = chance.below(3) == 0 ? rule.min_length + chance.below(4) : 0;
    if (chance.below(5) == 0) {
        rule.separator = k_separators[chance.below(k_separators.size())];
        rule.item = "package_name";
    }
    return rule;
}

std::string any_list(const std::string& separator, Chance& chance) {
    static const std::vector<std::string> words = {
        "a", "1.2.3.4", "web1.example.com", "::1", "0af", "b", "x-y", "", "ab", "a,b", "c|d", "\n"};
    std::string text;
    for (std::size_t count = chance.below(4) + 1; count > 0; --count) {
        text += chance.below(6) == 0 ? any_text(chance) : words[chance.below(words.size())];
        if (count > 1) text += separator;
    }
    return text;
}

void print_lists() {
    Chance chance(4);
    for (int i = 0; i < k_lists; ++i) {
        ddl::Validators validators;
        ddl::ValidatorRule list;
        list.separator = k_separators[chance.below(k_separators.size())];
        list.item = std::string(ddl::k_named_validators[chance.below(ddl::k_named_validators.size())].second);
        if (validators.declare("item", any_item(chance))) list.item = "item";
        list.min_items = chance.below(3);
        list.max_items = chance.below(2) == 0 ? 0 : list.min_items + chance.below(3);
        if (!validators.declare("list", list)) continue;
        const std::shared_ptr<const ddl::DeclaredValidator> validator = validators.find("list");
        const PortableRule portable = portable_rule(*validator);
        Json verdicts = Json::array();
        for (int text = 0; text < k_texts_per_list; ++text) {
            const std::string value = any_list(list.separator, chance);
            verdicts.push_back({value, validator->accepts(value)});
        }
        const bool is_whole = portable.left_out.empty();
        std::cout << dump_json({{"text", validator->describe()},
                                {"portable", is_whole ? Json(portable.patterns) : Json()},
                                {"verdicts", verdicts}})
                  << "\n";
    }
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
    if (what == "lists") print_lists();
    if (what == "ddls") print_ddls();
    return 0;
}
