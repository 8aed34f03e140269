#include "ddl-compiler/new_agent.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "core/base/file.h"
#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/reader.h"
#include "ddl-compiler/back_ends/skeleton.h"
#include "ddl-compiler/back_ends/skeleton_parts.h"

namespace hocket::ddl_compiler {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_description =
    R"yaml(# What the agent <<agent>> can do. Nodes and clients check every request against this file before anything runs, and
# `hocket rpc <<agent>> status --help` shows its texts. `hocketc check <<agent>>.yaml` says what is wrong with it; spec/ddl.md
# has all that may stand here. The two actions are examples: put your own in their place.

metadata:
  name: "<<agent>>"
  description: Looks after files                # one line, for lists of agents
  author: Your Name <you@example.com>
  license: Apache-2.0
  version: "0.1.0"
  url: https://example.com/<<agent>>
  timeout: 10                                   # seconds that an action may take, unless it has a timeout of its own

run:
  command: ["<<agent>>"]                        # the program, in this folder
  contract: json                                # a process for each request, which it reads as JSON

actions:
  - action: status
    description: Whether a file is there, and how large it is
    display: always                             # clients show every reply, and not only failures
    safety: read_only                           # or changes, or destructive: a client asks before those
    idempotent: true                            # doing it twice is the same as doing it once
    input:
      path:
        prompt: Path
        description: Which file
        type: string                            # or integer, float, number, boolean, list, array, hash
        validation: '\A/[^\x00-\x1f]*\z'        # RE2, searched for: \A and \z make it judge all of the text
        maxlength: 255
        optional: true
        default: /etc/hostname                  # what the node takes when nobody gives one
    output:
      exists:
        description: Whether it is there
        display_as: Exists
        type: boolean
      bytes:
        description: Its size, 0 when it is not there
        display_as: Bytes
        type: integer
    aggregate:
      - {function: summary, args: [exists]}     # what clients make of the replies of all nodes

  - action: touch
    description: Makes an empty file; nothing happens when it is there
    display: failed
    safety: changes
    noop: true                                  # the program can say what it would do, and do nothing
    idempotent: true
    input:
      path:
        prompt: Path
        description: Which file
        type: string
        validation: '\A/[^\x00-\x1f]*\z'
        maxlength: 255
    output:
      owner:
        description: Who owns it now
        display_as: Owner
        type: string
)yaml";

constexpr std::string_view k_readme = R"md(# <<agent>>

An agent of Hocket, in <<language>>.

| file | |
|---|---|
| `<<agent>>.yaml` | what it can do: its actions, their inputs and outputs |
| `<<program>>` | what does it: a function for each action, which answers with empty values until you write its work |

<<build>>
## Try it

In this folder, without a node:

```
hocketc check <<agent>>.yaml
hocket-agent run . status path=/etc/hostname
hocket-agent run . touch path=/tmp/new --noop
hocket-agent check .
hocket-agent watch . status                 # again whenever you save
```

When you change the actions in `<<agent>>.yaml`, `hocketc compile <<agent>>.yaml --emit skeleton --lang <<word>>` writes
what belongs to them; it goes to standard output and overwrites nothing.

## Install it

On each node, as root, in one of the folders that `/etc/hocket/runner.toml` has in `[agents]`:

```
cp -r ../<<agent>> /etc/hocket/agents/
hocketd check --config /etc/hocket/runner.toml
```

It needs <<needs>>. It belongs to root, and nobody else may write to it. A running hocketd finds it by itself. Somebody must be allowed to call
it, by an `[[allow]]` rule of the node; then

```
hocket agents describe <<agent>>
hocket rpc <<agent>> status
hocket rpc <<agent>> touch path=/tmp/new --noop
```
)md";

constexpr std::string_view k_build = R"md(## Build it

```
go build -o <<agent>> main.go
```

The node has to have `<<agent>>`, and no Go. For another kind of machine: `GOARCH=arm64 go build -o <<agent>> main.go`.
)md";

/// What a README says of a language, and what a node has to have for it.
struct LanguageText {
    std::string_view name;
    std::string_view needs;
};

LanguageText text_of(Language language) {
    switch (language) {
        case Language::bash: return {"bash", "bash 4.4 or later, and hocket-json, which comes with hocketd"};
        case Language::php: return {"PHP", "PHP 8.1 or later, as /usr/bin/php"};
        case Language::python: return {"Python", "Python 3.8 or later, as /usr/bin/python3"};
        case Language::perl: return {"Perl", "Perl 5.14 or later, as /usr/bin/perl"};
        case Language::ruby: return {"Ruby", "Ruby 2.7 or later, as /usr/bin/ruby"};
        case Language::node: return {"JavaScript", "Node.js 18 or later, as /usr/bin/node"};
        case Language::go: return {"Go", "nothing else"};
    }
    return {};
}

struct File {
    std::string name;
    std::string content;
    unsigned mode;
};

Error name_error(const std::string& name, const std::string& why) {
    return {ErrorCode::usage, "'" + escape_text(name) + "' cannot be the name of an agent: " + why, {}};
}

/// The nearest thing to it that could be one.
std::string possible_name(const std::string& name) {
    std::string possible = to_lower_ascii(name).substr(0, 64);
    for (char& character : possible) {
        if (!is_agent_name(std::string(1, character))) character = '_';
    }
    return possible.empty() ? "my_agent" : possible;
}

Result<void> check_name(const std::string& name) {
    if (is_builtin_agent(name)) return name_error(name, "every node has one of its own; choose another name");
    if (is_agent_name(name)) return {};
    return name_error(name, "that is 1 to 64 of a-z, 0-9 and _; try '" + possible_name(name) + "'");
}

std::string readme(const std::string& name, Language language) {
    const LanguageText text = text_of(language);
    const std::string build = language == Language::go ? fill(k_build, {{"agent", name}}) : "";
    return fill(k_readme, {{"agent", name},
                           {"language", std::string(text.name)},
                           {"needs", std::string(text.needs)},
                           {"word", std::string(to_string(language))},
                           {"program", language == Language::go ? "main.go" : name},
                           {"build", build}});
}

std::vector<File> files_of(const std::string& name, Language language) {
    const std::string description = fill(k_description, {{"agent", name}});
    const ddl::Agent agent = ddl::read_text(description, ddl::Format::yaml, name + ".yaml").value().agent;
    const std::string program = write_skeleton(agent, language).value();
    const bool is_source = language == Language::go;
    std::vector<File> files = {{name + ".yaml", description, 0644},
                               {is_source ? "main.go" : name, program, is_source ? 0644U : 0755U},
                               {"README.md", readme(name, language), 0644}};
    std::ranges::sort(files, {}, &File::name);
    return files;
}

Result<void> make_folder(const fs::path& folder) {
    if (::mkdir(folder.c_str(), 0755) == 0) return {};
    const int reason = errno;
    std::string advice = "choose another place, with -o";
    if (reason == EEXIST) advice = "it stays as it is: choose another name, or move it away";
    return Error{
        ErrorCode::io, folder.string() + ": cannot be made: " + errno_text(reason) + "; " + advice, {}};
}

/// Against the umask.
Result<void> set_mode(const fs::path& path, unsigned mode) {
    if (::chmod(path.c_str(), static_cast<mode_t>(mode)) == 0) return {};
    return Error{ErrorCode::io, path.string() + ": cannot set its mode: " + errno_text(), {}};
}

/// A folder and files that are gone with this object unless they are kept.
class NewFolder {
public:
    explicit NewFolder(fs::path folder) : folder_(std::move(folder)) {}
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;
    ~NewFolder() {
        if (is_kept_) return;
        for (const fs::path& file : files_)
            ::unlink(file.c_str());
        ::rmdir(folder_.c_str());
    }

    Result<void> add(const File& file) {
        const fs::path path = folder_ / file.name;
        Result<void> created = create_file(path, file.content, file.mode);
        if (!created) return created;
        files_.push_back(path);
        return set_mode(path, file.mode);
    }

    std::vector<fs::path> keep() {
        is_kept_ = true;
        return std::move(files_);
    }

private:
    fs::path folder_;
    std::vector<fs::path> files_;
    bool is_kept_ = false;
};

}  // namespace

Result<std::vector<fs::path>> make_agent_folder(const std::string& name, Language language,
                                                const fs::path& where) {
    if (const Result<void> good = check_name(name); !good) return good.error();
    std::error_code error;
    fs::create_directories(where, error);
    if (error) return Error{ErrorCode::io, where.string() + ": cannot be made: " + error.message(), {}};
    const fs::path path = where / name;
    if (const Result<void> made = make_folder(path); !made) return made.error();
    NewFolder folder(path);
    if (const Result<void> set = set_mode(path, 0755); !set) return set.error();
    for (const File& file : files_of(name, language)) {
        if (const Result<void> added = folder.add(file); !added) return added.error();
    }
    return folder.keep();
}

}  // namespace hocket::ddl_compiler
