#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/ddl/model.h"
#include "core/ddl/task_tree.h"

namespace hocket::ddl {

inline constexpr const char* k_tasks_folder = "tasks";

/// Whether a JSON file is the metadata of a task by its place, MODULE/tasks/TASK.json.
bool lies_among_tasks(const std::filesystem::path& file);

/// A file's place by its path: MODULE/tasks/TASK.json; of one that lies elsewhere the stem is both.
TaskPlace task_place_of(const std::filesystem::path& metadata_file);

/// The tasks of a module, each of them an action, and what keeps others from being one.
struct ModuleTasks {
    Agent agent;
    std::vector<std::string> problems;
};

struct ModuleOptions {
    std::set<std::string> features = {"shell"};
    bool takes_any_inputs = false;
};

/// Reads MODULE/tasks/: a file is a task by its stem, NAME.json are its metadata. Errors: invalid_ddl: there is no task in it.
Result<ModuleTasks> read_module_tasks(const std::filesystem::path& module, const ModuleOptions& options);

}  // namespace hocket::ddl
