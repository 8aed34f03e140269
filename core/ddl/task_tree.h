#pragma once

#include <set>
#include <string>

#include "core/ddl/diagnostic.h"
#include "core/ddl/source_node.h"

namespace hocket::ddl {

/// What of a module's metadata.json becomes the metadata of a description.
struct ModuleFacts {
    std::string author = "unknown";
    std::string license = "unknown";
    std::string version = "0.0.0";
    std::string url = "none";
};

/// Where a Puppet Bolt task belongs.
struct TaskPlace {
    std::string module;
    std::string task;        ///< `init` is the module's own
    std::string executable;  ///< in the module's tasks/, unless the metadata name others
    ModuleFacts facts = {};
    std::set<std::string> features = {"shell"};  ///< of this machine: what implementations may require
    bool takes_any_inputs = false;               ///< if the metadata say nothing of parameters
};

/// Whether a JSON document is no description of ours, and, by its members, the metadata of a task; among tasks that is what
/// everything else is.
bool is_task_metadata(const SourceNode& root, bool lies_among_tasks = false);

/// The description of an agent with this task as its one action, of contract `bolt` (spec/ddl.md, tasks): metadata of revision 6
/// (puppetlabs/puppet-specifications, tasks). An empty object is a task without metadata. What does not fit is in the report.
SourceNode task_description(const SourceNode& metadata, const TaskPlace& place, Report& report);

}  // namespace hocket::ddl
