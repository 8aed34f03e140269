#include "core/base/error.h"

#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "core/base/result.h"

namespace hocket {
namespace {

std::string page(const std::string& name) {
    std::ifstream file(std::string(HOCKET_SPEC_DIR) + "/" + name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The rows of a Markdown table whose first cells are `words` in backticks, with the cell after them.
std::map<std::string, std::string> rows(const std::string& text) {
    std::map<std::string, std::string> found;
    static const std::regex row(R"(^\|([^|]+)\|([^|]+)\|)");
    static const std::regex word("`([a-z_]+)`");
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::smatch cells;
        if (!std::regex_search(line, cells, row)) continue;
        const std::string first = cells[1];
        for (std::sregex_iterator at(first.begin(), first.end(), word), end; at != end; ++at) {
            found.emplace((*at)[1], cells[2]);  // a later table may mention it again
        }
    }
    return found;
}

TEST(Outcome, HasADistinctWordThatReadsBack) {
    std::set<std::string_view> words;
    for (const Outcome outcome : k_outcomes) {
        words.insert(to_string(outcome));
        EXPECT_EQ(outcome_from(to_string(outcome)), outcome);
    }
    EXPECT_EQ(words.size(), k_outcomes.size());
    EXPECT_FALSE(outcome_from("OK"));
}

TEST(Outcome, ListIsThatOfTheSpecification) {
    const auto table = rows(page("outcomes.md"));
    for (const Outcome outcome : k_outcomes) {
        EXPECT_TRUE(table.contains(std::string(to_string(outcome)))) << to_string(outcome);
    }
}

TEST(Outcome, NumberIsThatOfTheSpecification) {
    auto table = rows(page("outcomes.md"));
    for (const Outcome outcome : k_outcomes) {
        if (!is_node_outcome(outcome) || outcome == Outcome::failed) continue;
        EXPECT_NE(table[std::string(to_string(outcome))].find(std::to_string(statuscode(outcome))),
                  std::string::npos)
            << to_string(outcome);
    }
}

TEST(ErrorCode, HasADistinctWord) {
    std::set<std::string_view> words;
    for (const ErrorCode code : k_error_codes)
        words.insert(to_string(code));
    EXPECT_EQ(words.size(), k_error_codes.size());
}

TEST(ErrorCode, TableIsThatOfTheSpecification) {
    const auto table = rows(page("errors.md"));
    for (const ErrorCode code : k_error_codes) {
        const auto row = table.find(std::string(to_string(code)));
        ASSERT_NE(row, table.end()) << to_string(code) << " is not in spec/errors.md";
        const Disposition expected = disposition(code);
        const std::string& cell = row->second;
        switch (expected.kind) {
            case Disposition::Kind::drop:
                EXPECT_NE(cell.find("dropped"), std::string::npos) << row->first;
                break;
            case Disposition::Kind::reply:
                EXPECT_NE(cell.find("`" + std::string(to_string(expected.outcome)) + "`"), std::string::npos)
                    << row->first;
                break;
            case Disposition::Kind::local:
                EXPECT_NE(cell.find("exit " + std::to_string(expected.exit_code)), std::string::npos)
                    << row->first;
                break;
        }
    }
    EXPECT_EQ(table.size(), k_error_codes.size());
}

TEST(Error, WithinKeepsCodeAndAddsContextInFront) {
    const Error error{
        ErrorCode::invalid_input, "longer than 64", {{"/inputs/path", "maxlength", "longer than 64"}}};
    const Error seen = error.within("action 'usage'").within("agent 'disk'");
    EXPECT_EQ(seen.code, ErrorCode::invalid_input);
    EXPECT_EQ(seen.message, "agent 'disk': action 'usage': longer than 64");
    EXPECT_EQ(seen.violations, error.violations);
}

TEST(Result, HoldsAValueOrAnError) {
    const Result<int> value = 3;
    const Result<int> error = Error{ErrorCode::io, "no disk", {}};
    EXPECT_EQ(*value, 3);
    EXPECT_EQ(error.error().message, "no disk");
    EXPECT_EQ(error.value_or(7), 7);
}

}  // namespace
}  // namespace hocket
