#include "ddl-compiler/ruby/ddl_tree.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "ddl-compiler/ruby/call_form.h"
#include "ddl-compiler/ruby/section.h"
#include "ddl-compiler/ruby/value_node.h"
#include "ddl-compiler/ruby/words.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using ddl::SourceNode;
using Kind = SourceNode::Kind;

const std::string k_last_counts = "; in MCollective the last one counts";
const std::string k_refused = ", which MCollective refuses";

/// What only the block of an action says; as a key beside it, it would be taken for that.
bool is_of_block(std::string_view key) {
    return key == "action" || key == "input" || key == "output" || key == "display" || key == "aggregate";
}

struct Action {
    std::size_t offset = 0;
    SourceNode node;
    Section section;
};

class TreeMaker {
public:
    explicit TreeMaker(Problems& problems) : problems_(problems) {}

    SourceNode make(const std::vector<Call>& calls) {
        read_all(calls, "", nullptr);
        check_kind();
        SourceNode root = empty_node(Kind::object, 0);
        if (dataquery_ != nullptr) {
            add_member(root, dataquery_->offset, "kind", text_node(dataquery_->offset, "data"));
        } else if (discovery_ != nullptr) {
            add_member(root, discovery_->offset, "kind", text_node(discovery_->offset, "discovery"));
        }
        if (metadata_ != nullptr) add_member(root, metadata_->offset, "metadata", metadata_node());
        add_content(root);
        return root;
    }

private:
    /// The section is that of the block around the calls, if there is one.
    void read_all(const std::vector<Call>& calls, const std::string& place, Section* section) {
        for (const Call& call : calls) {
            try {
                check_place(call, place);
                read_one(call, section);
            } catch (const Refused&) {
                continue;
            }
        }
    }

    void check_place(const Call& call, const std::string& place) {
        const Word& word = *find_word(call.name);
        if (!stands_in(word, place)) {
            const std::string here = place.empty() ? "at the top of the file" : "in `" + place + "`";
            problems_.refuse(call.offset, "`" + call.name + "` belongs " + places_of(word) + ", not " + here);
        }
        if (call.has_block && !word.has_block) {
            problems_.refuse(call.offset, "`" + call.name + "` takes no block");
        }
    }

    void read_one(const Call& call, Section* section) {
        if (call.name == "metadata") return read_metadata(call);
        if (call.name == "requires") return read_requires(call);
        if (call.name == "usage") return read_usage(call);
        if (call.name == "action") return read_action(call);
        if (call.name == "dataquery") return read_dataquery(call);
        if (call.name == "discovery") return read_discovery(call);
        if (call.name == "capabilities") return read_capabilities(call);
        if (call.name == "summarize") return read_all(call.body, "summarize", section);
        section->read(call, problems_);
    }

    void read_metadata(const Call& call) {
        if (metadata_ != nullptr) return report_twice(call, *metadata_, k_last_counts, problems_);
        check_count(call, 1, "metadata :name => …, :description => …", problems_);
        static_cast<void>(properties_of(call.arguments[0], "the metadata", problems_));
        metadata_ = &call;
    }

    void read_usage(const Call& call) {
        if (usage_ != nullptr) return report_twice(call, *usage_, k_last_counts, problems_);
        check_count(call, 1, "usage \"…\"", problems_);
        usage_ = &call;
    }

    void read_requires(const Call& call) {
        check_count(call, 1, "requires :mcollective => \"2.2.1\"", problems_);
        for (const ValuePair& pair : properties_of(call.arguments[0], "what is required", problems_)) {
            if (pair.key.text != "mcollective") {
                problems_.error(pair.key.offset,
                                "there is no requirement :" + pair.key.text + ", only :mcollective");
            } else if (pair.value.kind != Value::Kind::string) {
                problems_.error(pair.value.offset, "a version must be a string, not " + describe(pair.value));
            }
        }
    }

    void read_action(const Call& call) {
        static const std::string form = "action \"name\", :description => \"…\" do … end";
        if (call.arguments.size() != 1) check_count(call, 2, form, problems_);
        const Value& name = name_of(call, "an action", problems_);
        Action& action = action_named(call, name);
        if (call.arguments.size() == 2) read_options(call, action);
        read_all(call.body, "action", &action.section);
    }

    /// The action as it is opened for the first time, or again.
    Action& action_named(const Call& call, const Value& name) {
        const auto [known, is_new] = action_places_.emplace(name.text, actions_.size());
        if (!is_new) return actions_[known->second];
        Action& action =
            actions_.emplace_back(Action{call.offset, empty_node(Kind::object, call.offset),
                                         Section(Section::Of::action, "action '" + name.text + "'")});
        add_member(action.node, name.offset, "action", text_node(name.offset, name.text));
        opening_ = &call;
        return action;
    }

    void read_options(const Call& call, Action& action) {
        const std::string& owner = action.section.owner();
        for (const ValuePair& pair :
             properties_of(call.arguments[1], "the properties of " + owner, problems_)) {
            if (is_of_block(pair.key.text)) {
                problems_.error(pair.key.offset,
                                "'" + pair.key.text + "' of " + owner + " belongs in its block");
            } else if (&call == opening_) {
                add_member(action.node, pair.key.offset, pair.key.text, to_node(pair.value, problems_));
            } else {
                check_again(pair, action);
            }
        }
    }

    /// Of an action that is opened again MCollective reads the block alone.
    void check_again(const ValuePair& pair, const Action& action) {
        const std::vector<ddl::Member>& members = action.node.members;
        const auto first = std::find_if(members.begin(), members.end(), [&](const ddl::Member& member) {
            return member.key == pair.key.text;
        });
        const Json value = to_node(pair.value, problems_).to_json();
        if (first != members.end() && first->value.to_json() == value) return;
        problems_.warning(
            ddl::Warning::ignored_key, pair.key.offset,
            "'" + pair.key.text + "' is not read here: " + action.section.owner() + " was opened before", {},
            {{action.offset, "the first time is here"}});
    }

    void read_dataquery(const Call& call) {
        if (dataquery_ != nullptr) return report_twice(call, *dataquery_, k_refused, problems_);
        check_count(call, 1, "dataquery :description => \"…\" do … end", problems_);
        const auto& properties = properties_of(call.arguments[0], "what `dataquery` takes", problems_);
        dataquery_ = &call;
        query_description_ = find_property(properties, "description");
        if (query_description_ == nullptr) {
            problems_.error(call.offset,
                            "`dataquery` lacks :description, without which MCollective refuses it");
        }
        for (const ValuePair& pair : properties) {
            if (&pair == query_description_) continue;
            problems_.warning(ddl::Warning::unknown_key, pair.key.offset,
                              "unknown key '" + pair.key.text + "' of `dataquery`");
        }
        read_all(call.body, "dataquery", &query_);
    }

    void read_discovery(const Call& call) {
        if (discovery_ != nullptr) return report_twice(call, *discovery_, k_refused, problems_);
        if (!call.arguments.empty()) problems_.error(call.arguments[0].offset, "`discovery` takes no values");
        discovery_ = &call;
        capabilities_ = empty_node(Kind::array, call.offset);
        read_all(call.body, "discovery", nullptr);
    }

    /// One, several, or lists of them.
    void read_capabilities(const Call& call) {
        for (const Value& argument : call.arguments) {
            SourceNode node = to_node(argument, problems_);
            if (node.kind == Kind::array) {
                std::move(node.items.begin(), node.items.end(), std::back_inserter(capabilities_.items));
            } else {
                capabilities_.items.push_back(std::move(node));
            }
        }
    }

    void check_kind() {
        std::vector<std::pair<std::size_t, std::string>> kinds;
        if (!actions_.empty()) kinds.emplace_back(actions_.front().offset, "`action` makes it an agent");
        if (dataquery_ != nullptr)
            kinds.emplace_back(dataquery_->offset, "`dataquery` makes it a data plugin");
        if (discovery_ != nullptr) {
            kinds.emplace_back(discovery_->offset, "`discovery` makes it a discovery plugin");
        }
        if (kinds.size() < 2) return;
        std::sort(kinds.begin(), kinds.end());
        problems_.leave_out(kinds[1].first, "a file describes one plugin, and " + kinds[1].second, {},
                            {{kinds[0].first, kinds[0].second}});
    }

    SourceNode metadata_node() {
        SourceNode node = node_or_empty(metadata_->arguments[0]);
        const std::vector<ValuePair>& properties = metadata_->arguments[0].pairs;
        if (query_description_ != nullptr && find_property(properties, "description") == nullptr) {
            add_member(node, query_description_->key.offset, "description",
                       node_or_empty(query_description_->value));
        }
        if (usage_ == nullptr) return node;
        if (const ValuePair* const other = find_property(properties, "usage")) {
            problems_.error(usage_->offset, "the usage stands in the metadata too", {},
                            {{other->key.offset, "the other one is here"}});
        } else {
            add_member(node, usage_->offset, "usage", node_or_empty(usage_->arguments[0]));
        }
        return node;
    }

    /// For a value that cannot be read, which is reported.
    SourceNode node_or_empty(const Value& value) {
        try {
            return to_node(value, problems_);
        } catch (const Refused&) {
            return empty_node(Kind::object, value.offset);
        }
    }

    void add_content(SourceNode& root) {
        if (dataquery_ != nullptr) {
            if (ddl::Member* const query = query_.query()) {
                add_member(root, query->offset, "query", std::move(query->value));
            }
            query_.add_to(root);
        } else if (discovery_ != nullptr) {
            add_member(root, discovery_->offset, "capabilities", std::move(capabilities_));
        } else if (!actions_.empty()) {
            add_actions(root);
        }
    }

    void add_actions(SourceNode& root) {
        SourceNode list = empty_node(Kind::array, actions_.front().offset);
        for (Action& action : actions_) {
            action.section.add_to(action.node);
            list.items.push_back(std::move(action.node));
        }
        add_member(root, list.offset, "actions", std::move(list));
    }

    Problems& problems_;
    const Call* metadata_ = nullptr;
    const Call* usage_ = nullptr;
    const Call* dataquery_ = nullptr;
    const Call* discovery_ = nullptr;
    const ValuePair* query_description_ = nullptr;
    Section query_{Section::Of::data_query, "the data query"};
    SourceNode capabilities_;
    std::deque<Action> actions_;  // blocks hold references
    std::unordered_map<std::string, std::size_t> action_places_;
    const Call* opening_ = nullptr;  ///< of the action that was opened last for the first time
};

}  // namespace

SourceNode ddl_tree(const std::vector<Call>& calls, Problems& problems) {
    return TreeMaker(problems).make(calls);
}

}  // namespace hocket::ddl_compiler::ruby
