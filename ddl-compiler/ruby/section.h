#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "core/ddl/source_node.h"
#include "ddl-compiler/ruby/expansion.h"
#include "ddl-compiler/ruby/problems.h"

namespace hocket::ddl_compiler::ruby {

/// What the blocks of one action, or of a data query, say: `input`, `output`, `display` and, in `summarize`, `aggregate`.
class Section {
public:
    enum class Of { action, data_query };

    /// `owner` names it: "action 'x'".
    Section(Of kind, std::string owner) : kind_(kind), owner_(std::move(owner)) {}

    /// Throws Refused for a call that cannot be read, after it is reported. The call outlives the section.
    void read(const Call& call, Problems& problems);

    /// Adds what was said to the object that stands for the action, or for the plugin. Once.
    void add_to(ddl::SourceNode& object);

    /// Null when there is none.
    ddl::Member* query();

    const std::string& owner() const { return owner_; }

private:
    using Places = std::unordered_map<std::string, std::size_t>;

    void read_input(const Call& call, Problems& problems);
    void read_output(const Call& call, Problems& problems);
    void read_display(const Call& call, Problems& problems);
    void add_field(ddl::SourceNode& fields, Places& places, const Value& name, ddl::SourceNode field,
                   const std::string& owner, Problems& problems);

    Of kind_;
    std::string owner_;
    const Call* display_ = nullptr;
    ddl::SourceNode display_node_;
    ddl::SourceNode inputs_;
    ddl::SourceNode outputs_;
    ddl::SourceNode aggregates_;
    Places input_places_;
    Places output_places_;
};

}  // namespace hocket::ddl_compiler::ruby
