// hocket-json: what shell agents need of JSON, started in about a millisecond (jq needs 18). See usage().

#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/base/json.h"
#include "hocket_version.h"

namespace {

using hocket::Json;

constexpr int k_absent = 1;
constexpr int k_usage = 64;
constexpr int k_bad_json = 65;
constexpr int k_io = 70;

constexpr char k_help[] =
    "hocket-json get POINTER          print what POINTER (RFC 6901, as in /inputs/path) names in the JSON on "
    "stdin:\n"
    "                                 a string as it is, anything else as JSON; exit 1 when it is not there\n"
    "hocket-json keys [POINTER]       print the keys of that object, one a line\n"
    "hocket-json object NAME=TEXT NAME:=JSON …\n"
    "                                 print an object of these members\n"
    "hocket-json array TEXT…          print an array of these strings\n"
    "hocket-json --version | --help\n";

int fail(int code, const std::string& message) {
    std::fprintf(stderr, "hocket-json: %s\n", message.c_str());
    return code;
}

int usage(const std::string& message) {
    return fail(k_usage, message + "; see hocket-json --help");
}

/// main() looks whether it could be written.
int print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

void print_line(const std::string& text) {
    print(text + '\n');
}

std::string read_stdin() {
    std::string text;
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count <= 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

/// RFC 6901 §3.
bool is_escaped(const std::string& pointer) {
    for (std::size_t at = pointer.find('~'); at != std::string::npos; at = pointer.find('~', at + 1)) {
        if (at + 1 == pointer.size() || (pointer[at + 1] != '0' && pointer[at + 1] != '1')) return false;
    }
    return true;
}

/// The part of stdin's document that the pointer names, or an exit code.
int find(const std::string& pointer, Json& found) {
    const hocket::Result<Json> document = hocket::parse_json_value(read_stdin());
    if (!document) return fail(k_bad_json, "stdin: " + document.error().message);
    if (!pointer.empty() && pointer.front() != '/')
        return usage("pointer '" + pointer + "' does not begin with /");
    if (!is_escaped(pointer)) return usage("pointer '" + pointer + "' has a ~ without 0 or 1 behind it");
    const Json::json_pointer parsed(pointer);
    if (!document->contains(parsed)) return k_absent;
    found = document->at(parsed);
    return 0;
}

int get(int count, char** words) {
    if (count != 1) return usage("get takes one pointer");
    Json found;
    if (const int failed = find(words[0], found); failed != 0) return failed;
    print_line(found.is_string() ? found.get<std::string>() : hocket::dump_json(found));
    return 0;
}

int keys(int count, char** words) {
    if (count > 1) return usage("keys takes one pointer at most");
    Json found;
    if (const int failed = find(count == 1 ? words[0] : "", found); failed != 0) return failed;
    if (!found.is_object()) return fail(k_absent, "it names no object");
    for (const auto& member : found.items())
        print_line(member.key());
    return 0;
}

int object(int count, char** words) {
    Json made = Json::object();
    for (int i = 0; i < count; ++i) {
        const std::string word = words[i];
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0)
            return usage("'" + word + "' is neither NAME=TEXT nor NAME:=JSON");
        const bool is_text = word[equals - 1] != ':';
        const std::string name = word.substr(0, is_text ? equals : equals - 1);
        if (made.contains(name)) return usage("member '" + name + "' is given twice");
        if (is_text) {
            made[name] = word.substr(equals + 1);
            continue;
        }
        const hocket::Result<Json> value = hocket::parse_json_value(word.substr(equals + 1));
        if (!value) return fail(k_bad_json, "member '" + name + "': " + value.error().message);
        made[name] = *value;
    }
    print_line(hocket::dump_json(made));
    return 0;
}

int array(int count, char** words) {
    Json made = Json::array();
    for (int i = 0; i < count; ++i)
        made.push_back(words[i]);
    print_line(hocket::dump_json(made));
    return 0;
}

int run(int argc, char** argv) {
    if (argc < 2) return usage("a command is missing");
    const std::string command = argv[1];
    if (command == "get") return get(argc - 2, argv + 2);
    if (command == "keys") return keys(argc - 2, argv + 2);
    if (command == "object") return object(argc - 2, argv + 2);
    if (command == "array") return array(argc - 2, argv + 2);
    if (command == "--help") return print(k_help);
    if (command == "--version") return print("hocket-json " + std::string(hocket::k_version) + "\n");
    return usage("'" + command + "' is not known");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const int code = run(argc, argv);
        if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
        return fail(k_io, "cannot write to standard output");
    } catch (const std::exception& error) {  // a pointer such as /a~2
        return usage(error.what());
    }
}
