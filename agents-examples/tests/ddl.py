"""Reads the part of YAML that the DDLs beside us are written in, so that the tests need nothing but Python.

Blocks of mappings and sequences, flow collections on one line, quoted and plain scalars, comments. What it does not know it
refuses: it never guesses.
"""

import re

_KEY = re.compile(r"([A-Za-z0-9_]+):(?:\s+(.*))?$")
_TOKEN = re.compile(r"""\s*(?:('(?:[^']|'')*'|"[^"\\]*")|([\[\]{},:])|([^\[\]{},:'"#]+))""")


def read(path):
    with open(path, encoding="utf-8") as file:
        lines = [(len(line) - len(line.lstrip()), line.strip()) for line in map(_without_comment, file) if line.strip()]
    value, rest = _block(lines, 0)
    if rest:
        raise ValueError(f"{path}: cannot read {rest[0][1]!r}")
    return value


def _without_comment(line):
    return re.sub(r"^((?:[^'\"#]|'[^']*'|\"[^\"]*\"|(?<!\s)#)*?)(?:(?:^|\s)#.*)?$", r"\1", line.rstrip("\n"))


def _block(lines, indent):
    if lines[0][1].startswith("- "):
        return _sequence(lines, indent)
    return _mapping(lines, indent)


def _sequence(lines, indent):
    items = []
    while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
        inner = lines[0][1][2:]
        if _KEY.match(inner):
            item, lines = _mapping([(indent + 2, inner), *lines[1:]], indent + 2)
        else:
            item, lines = _flow(inner), lines[1:]
        items.append(item)
    return items, lines


def _mapping(lines, indent):
    members = {}
    while lines and lines[0][0] == indent and not lines[0][1].startswith("- "):
        match = _KEY.match(lines[0][1])
        if not match or match[1] in members:
            raise ValueError(f"cannot read {lines[0][1]!r}")
        if match[2]:
            members[match[1]], lines = _flow(match[2]), lines[1:]
        else:
            members[match[1]], lines = _block(lines[1:], lines[1][0])
    return members, lines


def _flow(text):
    if text[0] not in "[{'\"":
        if ": " in text:
            raise ValueError(f"a plain scalar with a colon: {text!r}")
        return _scalar(text)
    tokens = [match for match in _TOKEN.finditer(text) if match[0].strip()]
    if "".join(match[0] for match in tokens).strip() != text:
        raise ValueError(f"cannot read {text!r}")
    value, rest = _flow_value(tokens)
    if rest:
        raise ValueError(f"cannot read {text!r}")
    return value


def _flow_value(tokens):
    token, tokens = tokens[0], tokens[1:]
    if token[1]:
        return token[1][1:-1].replace("''", "'"), tokens
    if token[3]:
        return _scalar(token[3].strip()), tokens
    result = [] if token[2] == "[" else {}
    while tokens[0][2] not in ("]", "}"):
        value, tokens = _flow_value(tokens)
        if isinstance(result, dict):
            result[value], tokens = _flow_value(tokens[1:])
        else:
            result.append(value)
        tokens = tokens[1:] if tokens[0][2] == "," else tokens
    return result, tokens[1:]


def _scalar(text):
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"-?[0-9]+", text) else text
