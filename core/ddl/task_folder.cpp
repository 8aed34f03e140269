#include "core/ddl/task_folder.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/base/file.h"
#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/reader.h"

namespace hocket::ddl {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_max_module_metadata_bytes = 1U << 20U;

/// The files of one task.
struct TaskFiles {
    fs::path metadata;
    std::vector<std::string> programs;
};

/// What is not there stays unknown: a module may lie in a working copy.
ModuleFacts read_facts(const fs::path& module) {
    ModuleFacts facts;
    const Result<std::string> text = hocket::read_file(module / "metadata.json", k_max_module_metadata_bytes);
    const Result<Json> object = text ? parse_json_object(*text) : text.error();
    if (!object) return facts;
    const auto take = [&](const char* key, std::string& value) {
        const auto member = object->find(key);
        if (member != object->end() && member->is_string()) value = member->get<std::string>();
    };
    take("author", facts.author);
    take("license", facts.license);
    take("version", facts.version);
    take("source", facts.url);
    return facts;
}

bool is_program(const fs::path& file) {
    const std::string extension = file.extension().string();
    return extension != ".json" && extension != ".md" && extension != ".ps1";
}

std::map<std::string, TaskFiles> files_in(const fs::path& folder) {
    std::map<std::string, TaskFiles> tasks;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        const std::string stem = entry->path().stem().string();
        if (!entry->is_regular_file(ignored) || !is_action_name(stem)) continue;
        if (entry->path().extension() == ".json") tasks[stem].metadata = entry->path();
        if (is_program(entry->path())) tasks[stem].programs.push_back(entry->path().filename().string());
    }
    return tasks;
}

/// Reads one task after the other into one agent.
class ModuleReader {
public:
    ModuleReader(const fs::path& module, const ModuleOptions& options)
        : module_(module), place_{module.filename().string(), "", "", read_facts(module), options.features,
                                  options.takes_any_inputs} {}

    Result<ModuleTasks> read() {
        for (const auto& [task, files] : files_in(module_ / k_tasks_folder))
            read_task(task, files);
        if (tasks_.agent.actions.empty()) {
            tasks_.problems.insert(tasks_.problems.begin(),
                                   (module_ / k_tasks_folder).string() + " has no task that can run here");
            return Error{ErrorCode::invalid_ddl, join(tasks_.problems, "; "), {}};
        }
        tasks_.agent.file = (module_ / k_tasks_folder).string();
        return std::move(tasks_);
    }

private:
    void read_task(const std::string& task, const TaskFiles& files) {
        if (files.programs.size() > 1) {
            return refuse(task, "it has several programs: " + join(files.programs, ", ") +
                                    "; name one in `implementations`");
        }
        place_.task = task;
        place_.executable = files.programs.empty() ? task : files.programs.front();
        const std::string source = files.metadata.empty() ? task : files.metadata.string();
        const Result<std::string> text = files.metadata.empty()
                                             ? Result<std::string>("{}")
                                             : hocket::read_file(files.metadata, k_max_source_bytes);
        if (!text) return refuse(task, text.error().message);
        Report report(source, *text);
        std::optional<Agent> agent = agent_of(report);
        if (!agent) return refuse(task, join_lines(first_of(report.diagnostics())));
        if (tasks_.agent.actions.empty()) {
            tasks_.agent = std::move(*agent);
        } else {
            tasks_.agent.actions.push_back(std::move(agent->actions.front()));
        }
    }

    std::optional<Agent> agent_of(Report& report) {
        if (!is_readable_text(report, {})) return std::nullopt;
        const std::optional<SourceNode> root = read_tree(Format::json, report, {});
        if (!root) return std::nullopt;
        const SourceNode tree = task_description(*root, place_, report);
        Description description = read_description(tree, Dialect::hocket, {}, report);
        auto* const agent = std::get_if<Agent>(&description);
        if (report.has_errors() || agent == nullptr || agent->actions.empty()) return std::nullopt;
        return std::move(*agent);
    }

    void refuse(const std::string& task, const std::string& reason) {
        tasks_.problems.push_back("the task '" + task + "' is left out: " + reason);
    }

    const fs::path module_;
    TaskPlace place_;
    ModuleTasks tasks_;
};

}  // namespace

bool lies_among_tasks(const fs::path& file) {
    return file.extension() == ".json" && fs::absolute(file).parent_path().filename() == k_tasks_folder;
}

TaskPlace task_place_of(const fs::path& metadata_file) {
    const fs::path folder = fs::absolute(metadata_file).parent_path();
    const std::string stem = metadata_file.stem().string();
    if (!lies_among_tasks(metadata_file)) return {stem, stem, stem};
    TaskPlace place{folder.parent_path().filename().string(), stem, stem, read_facts(folder.parent_path())};
    const auto files = files_in(folder);
    const auto own = files.find(stem);
    if (own != files.end() && own->second.programs.size() == 1)
        place.executable = own->second.programs.front();
    return place;
}

Result<ModuleTasks> read_module_tasks(const fs::path& module, const ModuleOptions& options) {
    return ModuleReader(module, options).read();
}

}  // namespace hocket::ddl
