#include <gtest/gtest.h>

#include "tests/ddl-compiler/ruby/ruby_text.h"

namespace hocket::ddl_compiler::ruby {
namespace {

using ddl::SourceNode;

const ddl::Member& member(const SourceNode& object, std::string_view key) {
    for (const ddl::Member& candidate : object.members) {
        if (candidate.key == key) return candidate;
    }
    throw std::out_of_range(std::string(key));
}

constexpr const char* k_action = R"(metadata :name => "x"
action "go", :description => "D" do
  display :ok
  input :a, :prompt => "P", :type => :integer
  output :b, :default => 5
  summarize do
    aggregate average(:b)
  end
end
usage "How"
)";

TEST(RubyTree, OffsetsOfAnActionAreThoseOfItsWords) {
    const Reading reading(k_action);
    const auto at = [&](std::string_view text) { return reading.text().find(text); };
    const SourceNode& action = member(*reading.tree(), "actions").value.items.at(0);
    EXPECT_EQ(action.offset, at("action"));
    EXPECT_EQ(member(action, "action").offset, at("\"go\""));
    EXPECT_EQ(member(action, "description").offset, at(":description"));
    EXPECT_EQ(member(action, "description").value.offset, at("\"D\""));
    EXPECT_EQ(member(action, "display").offset, at("display"));
    EXPECT_EQ(member(action, "display").value.offset, at(":ok"));
}

TEST(RubyTree, OffsetsOfFieldsAreThoseOfNamesAndValues) {
    const Reading reading(k_action);
    const auto at = [&](std::string_view text) { return reading.text().find(text); };
    const SourceNode& action = member(*reading.tree(), "actions").value.items.at(0);
    const ddl::Member& input = member(member(action, "input").value, "a");
    EXPECT_EQ(input.offset, at(":a,"));
    EXPECT_EQ(member(input.value, "type").offset, at(":type"));
    EXPECT_EQ(member(input.value, "type").value.offset, at(":integer"));
    const ddl::Member& output = member(member(action, "output").value, "b");
    EXPECT_EQ(member(output.value, "default").value.offset, at("5"));
}

TEST(RubyTree, OffsetsOfAggregatesAndUsage) {
    const Reading reading(k_action);
    const auto at = [&](std::string_view text) { return reading.text().find(text); };
    const SourceNode& action = member(*reading.tree(), "actions").value.items.at(0);
    const SourceNode& aggregate = member(action, "aggregate").value.items.at(0);
    EXPECT_EQ(aggregate.offset, at("aggregate"));
    EXPECT_EQ(member(aggregate, "function").value.offset, at("average"));
    EXPECT_EQ(member(aggregate, "args").value.items.at(0).offset, at(":b)"));
    EXPECT_EQ(member(member(*reading.tree(), "metadata").value, "usage").value.offset, at("\"How\""));
}

TEST(RubyTree, ActionsKeepTheOrderOfTheSource) {
    const Reading reading(
        "action :b, :description => ''\naction :a, :description => ''\naction :b, :description => ''\n");
    EXPECT_EQ(reading.json()["actions"].size(), 2U);
    EXPECT_EQ(reading.json()["actions"][0]["action"], "b");
    EXPECT_EQ(reading.problems(), "");
}

TEST(RubyTree, DescriptionOfMetadataIsNotReplacedByThatOfTheQuery) {
    const Reading reading("metadata :description => 'Mine'\ndataquery :description => 'Other' do\nend\n");
    EXPECT_EQ(reading.json(), Json::parse(R"({"kind": "data", "metadata": {"description": "Mine"}})"));
}

TEST(RubyTree, ThereIsNoneWhenAPartIsLeftOut) {
    EXPECT_FALSE(Reading("metadata :name => NAME\n").tree());
    EXPECT_FALSE(Reading("metadata :name => \"x\n").tree());
}

TEST(RubyTree, ThereIsOneWhenOnlyMeaningIsWrong) {
    const Reading reading("metadata :name => 'a'\nmetadata :name => 'b'\n");
    EXPECT_EQ(reading.json(), Json::parse(R"({"metadata": {"name": "a"}})"));
    EXPECT_EQ(reading.problems(), "2:1 `metadata` stands twice; in MCollective the last one counts\n");
}

TEST(RubyTree, EmptySourceIsAnEmptyObject) {
    EXPECT_EQ(Reading("").json(), Json::object());
    EXPECT_EQ(Reading("# nothing\n\n__END__\nfoo(").json(), Json::object());
}

}  // namespace
}  // namespace hocket::ddl_compiler::ruby
