#include "ddl-compiler/ruby/call_form.h"

namespace hocket::ddl_compiler::ruby {

void check_count(const Call& call, std::size_t count, const std::string& form, Problems& problems) {
    if (call.arguments.size() == count) return;
    const std::size_t offset = call.arguments.size() > count ? call.arguments[count].offset : call.offset;
    problems.refuse(
        offset, "`" + call.name + "` takes " + (count == 1 ? "one value" : "a name and properties"), form);
}

const Value& name_of(const Call& call, const std::string& what, Problems& problems) {
    const Value& name = call.arguments.front();
    if (!name.is_text()) {
        problems.refuse(name.offset,
                        "the name of " + what + " must be a string or a symbol, not " + describe(name));
    }
    return name;
}

void report_twice(const Call& call, const Call& first, const std::string& consequence, Problems& problems) {
    problems.error(call.offset, "`" + call.name + "` stands twice" + consequence, {},
                   {{first.offset, "the first one is here"}});
}

}  // namespace hocket::ddl_compiler::ruby
