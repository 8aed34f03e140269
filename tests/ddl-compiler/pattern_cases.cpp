#include "tests/ddl-compiler/pattern_cases.h"

namespace hocket::ddl_compiler {

namespace {

const std::vector<std::string>& pieces() {
    static const std::vector<std::string> all = {
        "a",
        "b",
        "K",
        "s",
        "S",
        "k",
        "1",
        "_",
        "-",
        "/",
        "\\.",
        "\\-",
        "\\/",
        "é",
        "😀",
        " ",
        "#",
        "&",
        ".",
        "\\d",
        "\\D",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "[ab]",
        "[^ab]",
        "[a-k]",
        "[^K]",
        "[\\w-]",
        "[-a.]",
        "[]a]",
        "[^]a]",
        "[a\\]^]",
        "[\\s\\S]",
        "[^\\s\\S]",
        "[[:alpha:]]",
        "[[:^digit:]_]",
        "[^\\D]",
        "[\\Wab]",
        "[é-ü]",
        "[^é]",
        "[\\x{1F600}-\\x{1F64F}]",
        "[&&a]",
        "[a||b]",
        "[!-&&-z]",
        "[\\[:a]",
        "[+--]",
        "\\x41",
        "\\x{e9}",
        "\\101",
        "\\n",
        "\\t",
        "\\v",
        "\\x00",
        "\\Qa.b\\E",
        "\\Q\\E",
        "\\_",
        "{",
        "}",
        "{,2}",
        "{1,b}",
        "]",
        "[[:word:]]",
        "[[:punct:]]",
        "[^[:space:]]",
        "(?i)",
        "(?-i)",
        "(?s)",
        "(?m)",
        "(?U)",
        "(?i-s)",
        "\\pL",
        "[\\p{Greek}]",
    };
    return all;
}

const std::vector<std::string>& edges() {
    static const std::vector<std::string> all = {"^", "$", "\\A", "\\z", "\\b"};
    return all;
}

const std::vector<std::string>& repetitions() {
    static const std::vector<std::string> all = {"*",  "+",   "?",    "*?",    "+?",
                                                 "??", "{2}", "{1,}", "{0,2}", "{2,3}?"};
    return all;
}

const std::vector<std::string>& openings() {
    static const std::vector<std::string> all = {
        "(", "(?:", "(?P<name>", "(?i:", "(?s:", "(?m:", "(?-i:", "(?im-s:"};
    return all;
}

std::string any_sequence(Chance& chance, int depth);

std::string any_item(Chance& chance, int depth) {
    if (depth > 0 && chance.one_in(4)) {
        std::string inner = any_sequence(chance, depth - 1);
        if (chance.one_in(2)) inner += "|" + any_sequence(chance, depth - 1);
        return chance.one_of(openings()) + inner + ")";
    }
    return chance.one_of(chance.one_in(6) ? edges() : pieces());
}

std::string any_sequence(Chance& chance, int depth) {
    std::string text;
    for (std::size_t items = chance.below(4); items > 0; --items) {
        text += any_item(chance, depth);
        if (chance.one_in(4)) text += chance.one_of(repetitions());
    }
    return text;
}

}  // namespace

const std::vector<std::string>& known_patterns() {
    static const std::vector<std::string> all = {
        "",
        "^/[A-Za-z0-9._/-]*$",
        "\\A[a-z][a-z0-9_-]{0,30}\\z",
        "^[a-zA-Z\\.\\-_\\d:@]+$",
        "^(start|stop|restart)$",
        "^\\d{1,3}(\\.\\d{1,3}){3}$",
        "^[^\\s;]+$",
        "^.+$",
        "(?s)^.+$",
        "^\\S+@\\S+\\.[a-z]{2,}$",
        "^(?i)true|false$",
        "^(?i:yes|no|ok|skip)$",
        "(?m)^line$",
        "(?m)^a$\\n^b$",
        "^a|b$",
        "\\bword\\b",
        "^[[:alnum:]]+([[:punct:]][[:alnum:]]+)*$",
        "^[[:xdigit:]]{8}$",
        "^(?P<user>[a-z]+):(?P<group>[a-z]+)$",
        "^\\Q1.0+x\\E$",
        "^[\\w.+-]+$",
        "^\\x41\\x{42}\\103$",
        "^[äöüß]+$",
        "^[\\x{1F600}-\\x{1F64F}]$",
        "^.{3}$",
        "^$",
        "^\\s*$",
        "(?i)^k[s]$",
        "(?i)^\\w+$",
        "(?i)^[^\\W]+$",
        "(?i)^\\W$",
        "(?U)^a+?b*$",
        "^(a|b|)c?$",
        "^(?:^a|b)*$",
        "^a{,2}$",
        "^{a}$",
        "^[\\]\\[^-]+$",
        "^[a&&b]+$",
        "^[^\\n]*$",
        "^\\pL+$",
        "^\\p{Greek}$",
        "(?i)ä",
    };
    return all;
}

std::string any_pattern(Chance& chance) {
    std::string text = any_sequence(chance, 2);
    if (chance.one_in(2)) text = "^" + text;
    if (chance.one_in(2)) text += "$";
    return text;
}

const std::vector<std::string>& known_texts() {
    static const std::string label(63, 'a');
    static const std::vector<std::string> all = {
        "",
        "a",
        "b",
        "ab",
        "ba",
        "abc",
        "aaa",
        "c",
        "ac",
        "K",
        "k",
        "KS",
        "ks",
        "\u212A\u017F",
        "_",
        "-",
        "1",
        "A1_",
        "/",
        "/tmp/a-b_c.d",
        "/tmp/a b",
        "tmp",
        "name-1",
        "Name",
        "9name",
        "ssh@tty1.service",
        "start",
        "stop",
        "restart",
        "1.2.3.4",
        "10.20.30.255",
        "256.1.1.1",
        "01.2.3.4",
        "1.2.3",
        "1.2.3.4/24",
        "me@example.com",
        "true",
        "TRUE",
        "False",
        "yes",
        "YES",
        "line",
        "a\nb",
        "x\nline\ny",
        "a word here",
        "words",
        "a.b,c",
        "deadBEEF",
        "root:wheel",
        "1.0+x",
        "1x0+x",
        "ABC",
        "äöü",
        "ä",
        "Ä",
        "é",
        "😀",
        "😀😀😀",
        "\n",
        " ",
        "\t \r\n",
        "\v",
        "a{,2}",
        "{a}",
        "[]^-",
        "a&b",
        "&&",
        "a|b",
        std::string("a\0b", 3),
        "\x7F",
        "\u0085",
        "\u00A0",
        "\u2028",
        "$HOME",
        "a;b",
        "a`b",
        "a'b",
        "(a)",
        "*?!#%{}~=",
        "::",
        "::1",
        "1::",
        "fe80::1",
        "fe80::1%eth0",
        "[::1]",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1::3:4:5:6:7:8",
        "1:2:3:4:5:6:7::8",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7",
        ":::",
        "1:::2",
        "1::2::3",
        ":1",
        "1:",
        "12345::",
        "::ffff:1.2.3.4",
        "::1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1::5:6:1.2.3.4",
        "::1.2.3",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5::1.2.3.4",
        "1:2:3:4:5:6::1.2.3.4",
        "::G",
        "example.com",
        "Example.COM",
        "example.com.",
        ".example.com",
        "a..b",
        "a-b.c-d",
        "-a.b",
        "a-.b",
        "a_b.c",
        "1.example",
        "example.1",
        "12",
        "a.1b",
        "localhost",
        label,
        label + "a",
        label + "." + label + "." + label + "." + std::string(61, 'b'),
        label + "." + label + "." + label + "." + std::string(62, 'b'),
        "puppet_1",
        "a::b",
        "a::b,c::d",
        "a,b",
        "ab,cd::ef",
        "File[/tmp/x]",
        "file[]",
        "host:8140",
        "[::1]:8140",
        "1.2.3.4:80",
        "host:",
        "a:b:c",
        "host:0080",
        "host:0",
        "host:65535",
        "host:65536",
        "[::1]:1",
        "[::1]:0",
        "12:80",
        "example.com:8140",
        "1.2.3.4:1",
        "a[b]c[d]",
        "[x]",
        "a::",
        "::a",
        ",a",
        "a,",
        "a:b",
        "cd::ef::gh",
        "_:80",
    };
    return all;
}

std::string near_text(const std::string& text, Chance& chance) {
    static const std::vector<std::string> extra = {
        "\n",   "\r",     " ",      "a", "A", "1", ".", "-", ";", "é", "😀", std::string(1, '\0'),
        "\x01", "\u0085", "\u212A", "/", ":", "$"};
    const std::size_t place = chance.below(3);
    if (place == 0) return text + chance.one_of(extra);
    if (place == 1) return chance.one_of(extra) + text;
    std::string changed = text;
    for (char& character : changed) {
        const bool is_letter =
            (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
        if (is_letter) character = static_cast<char>(character ^ 0x20);
    }
    return changed;
}

std::string any_text(Chance& chance) {
    static const std::vector<std::string> characters = {"a", "b",      "A",      "k", "K", "s",  "S",  "1",
                                                        "_", "-",      ".",      "/", "é", "😀", "\n", "\r",
                                                        " ", "\u212A", "\u017F", "&", "]", "{",  "\v"};
    std::string text;
    for (std::size_t length = chance.below(7); length > 0; --length)
        text += chance.one_of(characters);
    return text;
}

}  // namespace hocket::ddl_compiler
