#include "core/ddl/task_tree.h"

#include <algorithm>
#include <array>

#include "core/ddl/fields.h"
#include "core/ddl/puppet_type.h"

namespace hocket::ddl {

namespace {

using NodeKind = SourceNode::Kind;

constexpr int k_timeout_s = 300;  // Bolt has none for a task
constexpr std::array<std::string_view, 6> k_keys_of_tasks = {
    "puppet_task_version", "input_method", "parameters", "supports_noop", "implementations", "remote"};
constexpr std::array<std::string_view, 4> k_bolt_input_methods = {"both", "stdin", "environment",
                                                                  "powershell"};
constexpr const char* k_own_extension = "hocket";

SourceNode scalar_node(std::size_t offset, Json value) {
    SourceNode node = empty_node(NodeKind::scalar, offset);
    node.value = std::move(value);
    return node;
}

/// Makes the tree of one task.
class TaskReader {
public:
    TaskReader(const SourceNode& metadata, const TaskPlace& place, Report& report)
        : context_{report, Dialect::choria},
          root_(metadata),
          place_(place),
          fields_(metadata, "the task", context_) {}

    SourceNode read() {
        SourceNode description = empty_node(NodeKind::object, root_.offset);
        add(description, "metadata", metadata());
        SourceNode run = empty_node(NodeKind::object, root_.offset);
        add_text(run, "contract", "bolt");
        add(description, "run", std::move(run));
        SourceNode actions = empty_node(NodeKind::array, root_.offset);
        actions.items.push_back(action());
        add(description, "actions", std::move(actions));
        return description;
    }

private:
    void add(SourceNode& object, std::string key, SourceNode value) {
        const std::size_t offset = value.offset;
        add_member(object, offset, std::move(key), std::move(value));
    }

    void add_text(SourceNode& object, std::string key, std::string text) {
        add(object, std::move(key), text_node(root_.offset, std::move(text)));
    }

    void add_true(SourceNode& object, std::string key) {
        add(object, std::move(key), scalar_node(root_.offset, true));
    }

    SourceNode metadata() {
        SourceNode node = empty_node(NodeKind::object, root_.offset);
        add_text(node, "name", place_.module);
        add_text(node, "description", "Tasks of the module " + place_.module);
        add_text(node, "author", place_.facts.author);
        add_text(node, "license", place_.facts.license);
        add_text(node, "version", place_.facts.version);
        add_text(node, "url", place_.facts.url);
        add(node, "timeout", scalar_node(root_.offset, k_timeout_s));
        return node;
    }

    SourceNode action() {
        SourceNode node = empty_node(NodeKind::object, root_.offset);
        add_text(node, "action", place_.task);
        add_text(node, "description",
                 fields_.text("description").value_or("The task " + place_.module + "::" + place_.task));
        add_text(node, "display", "always");
        if (fields_.flag("supports_noop").value_or(false)) add_true(node, "noop");
        if (fields_.flag("private").value_or(false)) add_true(node, "private");
        if (fields_.flag("remote").value_or(false))
            error("remote", "it runs on a proxy for another target, which hocketd does not do");
        add_program(node);
        add_parameters(node);
        SourceNode output = outputs();
        add_extension(node, output);
        add(node, "output", std::move(output));
        return node;
    }

    void error(std::string_view key, const std::string& message) {
        context_.report.error(fields_.offset_of(key), "the task " + place_.task + ": " + message);
    }

    // ---- the program

    /// The first implementation whose requirements this machine has, or the task's own file.
    void add_program(SourceNode& node) {
        std::string executable = place_.executable;
        std::string method = method_of(fields_).value_or("both");
        if (const SourceNode* const list = fields_.find_array("implementations")) {
            const SourceNode* const chosen = implementation_in(*list);
            if (chosen == nullptr)
                return error("implementations", "no implementation has requirements that are met here");
            Fields fields(*chosen, "an implementation", context_);
            executable = fields.required_text("name");
            method = method_of(fields).value_or(method);
        }
        if (method == "powershell") error("input_method", "it is for Windows");
        SourceNode command = empty_node(NodeKind::array, root_.offset);
        command.items.push_back(text_node(root_.offset, executable));
        add(node, "command", std::move(command));
        if (method != "both") add_text(node, "input_method", method);
    }

    std::optional<std::string> method_of(Fields& fields) {
        const std::optional<std::size_t> index = fields.choice("input_method", k_bolt_input_methods);
        return index ? std::optional<std::string>(k_bolt_input_methods[*index]) : std::nullopt;
    }

    const SourceNode* implementation_in(const SourceNode& list) const {
        const auto has = [this](const SourceNode& feature) {
            return feature.value.is_string() && place_.features.contains(feature.value.get<std::string>());
        };
        for (const SourceNode& each : list.items) {
            const SourceNode* const requirements = each.find("requirements");
            if (requirements == nullptr || std::ranges::all_of(requirements->items, has)) return &each;
        }
        return nullptr;
    }

    // ---- parameters

    void add_parameters(SourceNode& node) {
        const SourceNode* const parameters = fields_.find_object("parameters");
        if (parameters == nullptr && place_.takes_any_inputs) add_true(node, "any_inputs");
        SourceNode inputs = empty_node(NodeKind::object, root_.offset);
        if (parameters != nullptr) {
            for (const Member& member : parameters->members)
                inputs.members.push_back({member.key, member.offset, parameter(member)});
        }
        add(node, "input", std::move(inputs));
    }

    /// One without a type may have any value, and may be left out: Any has room for undef.
    SourceNode parameter(const Member& member) {
        if (member.value.kind != NodeKind::object) return member.value;  // and the reader says what is wrong
        Fields fields(member.value, "the parameter '" + member.key + "'", context_);
        const std::size_t offset = member.value.offset;
        SourceNode input = empty_node(NodeKind::object, offset);
        add_member(input, offset, "prompt", text_node(offset, member.key));
        add_member(input, offset, "description",
                   text_node(offset, fields.text("description").value_or(member.key)));
        const SourceNode* const type = fields.find("type");
        add_member(input, offset, "puppet_type", type != nullptr ? *type : text_node(offset, "Any"));
        if (fields.flag("sensitive").value_or(false))
            add_member(input, offset, "sensitive", scalar_node(offset, true));
        if (is_optional(fields)) add_member(input, offset, "optional", scalar_node(offset, true));
        if (const SourceNode* const value = fields.find("default"))
            add_member(input, offset, "default", *value);
        return input;
    }

    static bool is_optional(Fields& fields) {
        const std::optional<std::string> text = fields.text("type");
        const Result<PuppetType> type = text ? PuppetType::parse(*text) : PuppetType();
        return type && type->accepts_undef();
    }

    // ---- outputs

    SourceNode output(const char* type, const std::string& display_as, const std::string& description) {
        SourceNode node = empty_node(NodeKind::object, root_.offset);
        add_text(node, "description", description);
        add_text(node, "display_as", display_as);
        add_text(node, "type", type);
        return node;
    }

    SourceNode outputs() {
        SourceNode node = empty_node(NodeKind::object, root_.offset);
        add(node, "result",
            output("hash", "Result", "The object that it prints, but for what has a name of its own here"));
        add(node, "_output", output("string", "Output", "What it prints that is no JSON object, or says so"));
        add(node, "_items", output("array", "Items", "The array that it gives"));
        SourceNode secret = output("any", "Sensitive", "What it calls sensitive");
        add_true(secret, "sensitive");
        add(node, "_sensitive", std::move(secret));
        return node;
    }

    /// What the metadata say to us alone: members of an action, and more outputs.
    void add_extension(SourceNode& node, SourceNode& output) {
        const SourceNode* const extensions = fields_.find_object("extensions");
        const SourceNode* const own = extensions == nullptr ? nullptr : extensions->find(k_own_extension);
        if (own == nullptr) return;
        for (const Member& member : own->members) {
            if (member.key != "output") {
                node.members.push_back(member);
                continue;
            }
            for (const Member& each : member.value.members)
                output.members.push_back(each);
        }
    }

    ReadContext context_;
    const SourceNode& root_;
    const TaskPlace& place_;
    Fields fields_;
};

}  // namespace

bool is_task_metadata(const SourceNode& root, bool lies_among_tasks) {
    const auto has = [&root](std::string_view key) { return root.find(key) != nullptr; };
    if (root.kind != NodeKind::object || has("metadata") || has("actions")) return false;
    return lies_among_tasks || std::ranges::any_of(k_keys_of_tasks, has);
}

SourceNode task_description(const SourceNode& metadata, const TaskPlace& place, Report& report) {
    return TaskReader(metadata, place, report).read();
}

}  // namespace hocket::ddl
