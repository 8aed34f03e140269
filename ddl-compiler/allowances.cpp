#include "ddl-compiler/allowances.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "core/base/text.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::string_view k_mark = "hocketc:";
constexpr std::string_view k_line = "allow";
constexpr std::string_view k_file = "allow-file";

/// Whether there is anything on the line but a comment.
bool has_content(std::string_view line) {
    const std::string_view text = trim(line);
    return !text.empty() && text.front() != '#';
}

std::string_view take_word(std::string_view& text) {
    const std::size_t start = std::min(text.find_first_not_of(" \t,"), text.size());
    const std::size_t end = std::min(text.find_first_of(" \t,\r", start), text.size());
    const std::string_view word = text.substr(start, end - start);
    text.remove_prefix(end);
    return word;
}

bool is_name(std::string_view word) {
    return word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

/// Where each string of a description begins, and whether it holds the mark.
using Texts = std::map<std::size_t, bool>;

void collect_texts(const ddl::SourceNode& node, Texts& texts) {
    texts[node.offset] =
        node.value.is_string() && node.value.get_ref<const std::string&>().find(k_mark) != std::string::npos;
    for (const ddl::SourceNode& item : node.items)
        collect_texts(item, texts);
    for (const ddl::Member& member : node.members) {
        texts[member.offset] = member.key.find(k_mark) != std::string::npos;
        collect_texts(member.value, texts);
    }
}

/// Whether the mark at the offset belongs to the string that begins before it.
bool is_in_text(const Texts& texts, std::size_t offset) {
    const auto next = texts.upper_bound(offset);
    return next != texts.begin() && std::prev(next)->second;
}

bool is_before(const ddl::Diagnostic& left, const ddl::Diagnostic& right) {
    return std::tie(left.at.line, left.at.column) < std::tie(right.at.line, right.at.column);
}

/// These are found last, and so are silenced last.
bool is_about_allowances(ddl::Warning warning) {
    return warning == ddl::Warning::unknown_warning || warning == ddl::Warning::unused_allow;
}

void append(std::vector<ddl::Diagnostic>& diagnostics, const std::vector<ddl::Diagnostic>& more) {
    diagnostics.insert(diagnostics.end(), more.begin(), more.end());
}

}  // namespace

Allowances::Allowances(SourceLanguage language, const ddl::SourceText& source,
                       const ddl::SourceNode* description)
    : source_(source) {
    if (language != SourceLanguage::json) read_comments(description);
    if (description == nullptr) return;
    if (const ddl::SourceNode* const list = description->find("$allow")) read_key(*list);
}

void Allowances::read_comments(const ddl::SourceNode* description) {
    const std::string_view text = source_.text();
    std::size_t mark = text.find(k_mark);
    if (mark == std::string_view::npos) return;
    Texts texts;
    if (description != nullptr) collect_texts(*description, texts);
    for (; mark != std::string_view::npos; mark = text.find(k_mark, mark + k_mark.size())) {
        const std::size_t begin = text.rfind('\n', mark) + 1;
        const std::size_t end = std::min(text.find('\n', mark), text.size());
        const std::string_view before = trim(text.substr(begin, mark - begin));
        if (before.ends_with('#') && !is_in_text(texts, mark)) {
            read_comment(source_.locate(mark).line, begin, text.substr(mark, end - mark));
        }
    }
}

void Allowances::read_comment(std::size_t line, std::size_t begin, std::string_view comment) {
    const char* const start = source_.text().data();
    const auto mark = static_cast<std::size_t>(comment.data() - start);
    comment.remove_prefix(k_mark.size());
    const std::string_view verb = take_word(comment);
    const auto offset = static_cast<std::size_t>(comment.data() - start);
    if (verb != k_file && verb != k_line) {
        const std::string hint = ddl::did_you_mean(verb, {std::string(k_line), std::string(k_file)});
        faults_.push_back(
            {mark, "'hocketc: " + std::string(verb) + "' silences nothing",
             hint.empty() ? "write # hocketc: allow NAME, or # hocketc: allow-file NAME" : hint});
        return;
    }
    if (verb == k_file) {
        line = 0;
    } else {
        std::string_view rest = source_.text().substr(begin);
        while (!has_content(rest.substr(0, rest.find('\n'))) && rest.find('\n') != std::string_view::npos) {
            rest.remove_prefix(rest.find('\n') + 1);
            ++line;
        }
    }
    const std::size_t before = allowances_.size();
    add_words(comment, offset, line);
    if (allowances_.size() == before)
        faults_.push_back({mark, "'hocketc: " + std::string(verb) + "' silences nothing: it names no warning",
                           "write # hocketc: " + std::string(verb) + " NAME"});
}

void Allowances::add_words(std::string_view words, std::size_t offset, std::size_t line) {
    const char* const start = words.data();
    for (std::string_view word = take_word(words); !word.empty() && is_name(word); word = take_word(words)) {
        allowances_.push_back(
            {std::string(word), offset + static_cast<std::size_t>(word.data() - start), line});
    }
}

void Allowances::read_key(const ddl::SourceNode& list) {
    if (list.kind != ddl::SourceNode::Kind::array) {
        faults_.push_back({list.offset, "'$allow' silences nothing: it must be a list of warnings' names",
                           "write \"$allow\": [\"no_actions\"]"});
        return;
    }
    for (const ddl::SourceNode& item : list.items) {
        const std::string word =
            item.value.is_string() ? item.value.get<std::string>() : dump_json(item.to_json());
        allowances_.push_back({word, item.offset, 0});
    }
}

/// What is wrong with the allowances themselves.
std::vector<ddl::Diagnostic> Allowances::faults(const std::string& file) const {
    ddl::Report report(file, source_.text());
    for (const Fault& fault : faults_)
        report.warning(ddl::Warning::unknown_warning, fault.offset, fault.message, fault.hint);
    const std::vector<std::string> words(ddl::k_warning_words.begin(), ddl::k_warning_words.end());
    for (const Allowance& allowance : allowances_) {
        if (!ddl::warning_named(allowance.word))
            report.warning(ddl::Warning::unknown_warning, allowance.offset,
                           "no warning is named '" + allowance.word + "'",
                           ddl::did_you_mean(allowance.word, words));
    }
    return report.diagnostics();
}

std::vector<ddl::Diagnostic> Allowances::apply(const std::string& file,
                                               std::vector<ddl::Diagnostic> diagnostics) const {
    if (allowances_.empty() && faults_.empty()) return diagnostics;
    const bool has_errors = std::ranges::any_of(diagnostics, [](const ddl::Diagnostic& diagnostic) {
        return diagnostic.severity == ddl::Diagnostic::Severity::error;
    });
    append(diagnostics, faults(file));
    const auto silence = [&diagnostics](ddl::Warning warning, std::size_t line) {
        return std::erase_if(diagnostics, [&](const ddl::Diagnostic& diagnostic) {
            return diagnostic.warning == warning && (line == 0 || diagnostic.at.line == line);
        });
    };
    ddl::Report unused(file, source_.text());
    for (const Allowance& allowance : allowances_) {
        const std::optional<ddl::Warning> warning = ddl::warning_named(allowance.word);
        if (!warning || is_about_allowances(*warning)) continue;
        if (silence(*warning, allowance.line) == 0 && !has_errors)
            unused.warning(ddl::Warning::unused_allow, allowance.offset,
                           "there is no warning '" + allowance.word + "' to be silenced " +
                               (allowance.line == 0 ? "in this file" : "in this line"));
    }
    append(diagnostics, unused.diagnostics());
    for (const Allowance& allowance : allowances_) {
        const std::optional<ddl::Warning> warning = ddl::warning_named(allowance.word);
        if (warning && is_about_allowances(*warning)) silence(*warning, allowance.line);
    }
    std::ranges::stable_sort(diagnostics, is_before);
    return diagnostics;
}

}  // namespace hocket::ddl_compiler
