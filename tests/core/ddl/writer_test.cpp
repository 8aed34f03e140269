#include "core/ddl/writer.h"

#include <gtest/gtest.h>

#include "tests/core/ddl/ddl_text.h"

namespace hocket::ddl {
namespace {

constexpr const char* k_everything_yaml = R"(# every key there is
actions:
  - action: zap
    description: Removes
    safety: destructive
    display: failed
    input:
      size: {list: [small, 2], prompt: Size, type: list, description: How much, optional: false}
  - action: act
    description: &words Acts
    display: always
    safety: changes
    noop: true
    idempotent: true
    timeout: 0x5
    input:
      path:
        prompt: Path
        description: |
          Where
        type: string
        validation: '^/'
        maxlength: 64
        optional: true
        default: /tmp
      token: {prompt: Token, description: Secret, type: string, maxlength: 0, sensitive: true}
      ratio: {prompt: R, description: d, type: float, default: 1}
    output:
      used: {description: *words, display_as: Used, type: integer, default: 0}
      key: {description: K, display_as: K, sensitive: true, default: null}
    aggregate:
      - {function: summary, args: [used]}
run: {command: [sample], contract: json, max_parallel: 3, orphans: kill, reply: on_close, send_stderr: false, grace: 2,
      max_output: 4096}
metadata: {name: sample, description: d, author: a, license: l, version: "1", url: u, timeout: 7, provider: ""}
)";

constexpr const char* k_everything_json = R"({
  "metadata": {"name": "sample", "description": "d", "author": "a", "license": "l", "version": "1", "url": "u",
               "timeout": 7.0},
  "run": {"max_parallel": 3, "reply": "on_close", "send_stderr": false, "grace": 2, "max_output": 4096},
  "actions": [
    {"action": "act", "description": "Acts", "display": "always", "noop": true, "idempotent": true, "timeout": 5,
     "input": {
       "ratio": {"type": "float", "prompt": "R", "description": "d", "default": 1.0},
       "path": {"prompt": "Path", "description": "Where\n", "type": "string", "optional": true, "maxlength": 64,
                "validation": "^/", "default": "\u002ftmp"},
       "token": {"prompt": "Token", "description": "Secret", "type": "string", "maxlength": 0, "sensitive": true}},
     "output": {
       "used": {"description": "Acts", "display_as": "Used", "type": "integer", "default": 0},
       "key": {"description": "K", "display_as": "K", "sensitive": true}},
     "aggregate": [{"function": "summary", "args": ["used"]}]},
    {"action": "zap", "description": "Removes", "safety": "destructive",
     "input": {"size": {"prompt": "Size", "description": "How much", "type": "list", "list": ["small", 2]}}}
  ]
})";

constexpr const char* k_everything_canonical =
    R"({"actions":[{"action":"act","aggregate":[{"args":["used"],"function":"summary"}],"description":"Acts",)"
    R"("display":"always","idempotent":true,"input":{"path":{"default":"/tmp","description":"Where\n","maxlength":64,)"
    R"("optional":true,"prompt":"Path","type":"string","validation":"^/"},"ratio":{"default":1.0,"description":"d",)"
    R"("optional":false,"prompt":"R","type":"float"},"token":{"description":"Secret","maxlength":0,"optional":false,)"
    R"("prompt":"Token","sensitive":true,"type":"string","validation":""}},"noop":true,"output":{"key":{"description":"K",)"
    R"("display_as":"K","sensitive":true},"used":{"default":0,"description":"Acts","display_as":"Used",)"
    R"("type":"integer"}},"timeout":5},{"action":"zap","description":"Removes","input":{"size":{)"
    R"("description":"How much","list":["small",2],"optional":false,"prompt":"Size","type":"list"}},"output":{},)"
    R"("safety":"destructive"}],"metadata":{"author":"a","description":"d","license":"l","name":"sample",)"
    R"("timeout":7,"url":"u","version":"1"},"run":{"grace":2,"max_output":4096,"max_parallel":3,"reply":"on_close",)"
    R"("send_stderr":false}})";

TEST(CanonicalJson, IsTheSameFromYamlAndJson) {
    EXPECT_EQ(canonical_json(load_yaml(k_everything_yaml).agent), k_everything_canonical);
    EXPECT_EQ(canonical_json(load_json(k_everything_json).agent), k_everything_canonical);
}

TEST(CanonicalJson, IsReadAsTheSameAgent) {
    const Agent agent = load_yaml(k_everything_yaml).agent;
    const Loaded again = load_json(canonical_json(agent));
    EXPECT_TRUE(again.agent == agent);
    EXPECT_EQ(canonical_json(again.agent), canonical_json(agent));
    EXPECT_EQ(warnings_of(again), "");
}

TEST(CanonicalJson, KeepsAChoriaDdlChorias) {
    const Agent agent = load_json(choria_agent("")).agent;
    const std::string canonical = canonical_json(agent);
    EXPECT_EQ(canonical.find("\"run\""), std::string::npos);
    EXPECT_FALSE(load_json(canonical).agent.has_run);
}

TEST(CanonicalJson, KeepsAnEmptyRunBlock) {
    const std::string canonical = canonical_json(load_yaml(yaml_agent("")).agent);
    EXPECT_NE(canonical.find("\"run\":{}"), std::string::npos);
    EXPECT_TRUE(load_json(canonical).agent.has_run);
}

TEST(CanonicalJson, HasAllThatChoriaRequires) {
    const std::string canonical = canonical_json(
        load_json(choria_agent(R"("x": {"prompt": "p", "description": "d", "type": "string"})")).agent);
    for (const char* key : {"\"input\":", "\"output\":", "\"optional\":false", "\"maxlength\":0"}) {
        EXPECT_NE(canonical.find(key), std::string::npos) << key;
    }
}

TEST(CanonicalJson, DiffersWhenTheMeaningDoes) {
    EXPECT_NE(canonical_json(load_yaml(yaml_agent("")).agent),
              canonical_json(load_yaml(yaml_agent("", "", "safety: read_only")).agent));
}

TEST(Digest, IsSha256InHexadecimal) {
    EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace hocket::ddl
