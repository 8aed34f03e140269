#include "ddl-compiler/ruby/section.h"

#include "ddl-compiler/ruby/aggregate.h"
#include "ddl-compiler/ruby/call_form.h"
#include "ddl-compiler/ruby/input_properties.h"
#include "ddl-compiler/ruby/value_node.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using ddl::SourceNode;

/// The object stands where its first field does.
void add_fields(SourceNode& object, const std::string& key, SourceNode fields) {
    if (fields.members.empty()) return;
    fields.offset = fields.members.front().offset;
    fields.kind = SourceNode::Kind::object;
    add_member(object, fields.offset, key, std::move(fields));
}

}  // namespace

void Section::read(const Call& call, Problems& problems) {
    if (call.name == "input") return read_input(call, problems);
    if (call.name == "output") return read_output(call, problems);
    if (call.name == "display") return read_display(call, problems);
    aggregates_.items.push_back(aggregate_node(call, problems));
}

void Section::read_input(const Call& call, Problems& problems) {
    check_count(call, 2, "input :name, :prompt => …, :description => …, :type => …", problems);
    const Value& name = name_of(call, "an input", problems);
    if (kind_ == Of::data_query && name.text != "query") {
        problems.refuse(name.offset, "the input of a data query can only be :query, not " + describe(name));
    }
    const std::string owner = "input '" + name.text + "' of " + owner_;
    add_field(inputs_, input_places_, name, input_node(call.arguments[1], owner, problems), owner, problems);
}

void Section::read_output(const Call& call, Problems& problems) {
    check_count(call, 2, "output :name, :description => …, :display_as => …", problems);
    const Value& name = name_of(call, "an output", problems);
    const std::string owner = "output '" + name.text + "' of " + owner_;
    static_cast<void>(properties_of(call.arguments[1], "the properties of " + owner, problems));
    add_field(outputs_, output_places_, name, to_node(call.arguments[1], problems), owner, problems);
}

void Section::add_field(SourceNode& fields, Places& places, const Value& name, SourceNode field,
                        const std::string& owner, Problems& problems) {
    const auto [first, is_new] = places.emplace(name.text, name.offset);
    if (is_new) return add_member(fields, name.offset, name.text, std::move(field));
    problems.error(name.offset, owner + " is declared twice; in MCollective the last one counts", {},
                   {{first->second, "the first one is here"}});
}

void Section::read_display(const Call& call, Problems& problems) {
    check_count(call, 1, "display :always", problems);
    if (display_ != nullptr)
        return report_twice(call, *display_, "; in MCollective the last one counts", problems);
    display_ = &call;
    const Value& word = call.arguments[0];
    if (!word.is_text() || word.text != "flatten") {
        display_node_ = to_node(word, problems);
        return;
    }
    problems.warning(ddl::Warning::display_flatten, word.offset,
                     "`display :flatten` is MCollective's past; it is taken for :always");
    display_node_ = text_node(word.offset, "always");
}

void Section::add_to(SourceNode& object) {
    if (display_ != nullptr) add_member(object, display_->offset, "display", std::move(display_node_));
    if (kind_ == Of::action) add_fields(object, "input", std::move(inputs_));
    add_fields(object, "output", std::move(outputs_));
    if (aggregates_.items.empty()) return;
    aggregates_.kind = SourceNode::Kind::array;
    aggregates_.offset = aggregates_.items.front().offset;
    add_member(object, aggregates_.offset, "aggregate", std::move(aggregates_));
}

ddl::Member* Section::query() {
    return inputs_.members.empty() ? nullptr : &inputs_.members.front();
}

}  // namespace hocket::ddl_compiler::ruby
