#pragma once

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"

namespace hocket::test {

/// An agent with an input and an output of every kind that the client treats in its own way.
inline constexpr char k_sample_ddl[] = R"(
metadata:
  name: disk
  description: How full disks are
  author: tests
  license: Apache-2.0
  version: "1.2.0"
  url: https://example.org
  timeout: 20
run: {contract: json}
actions:
  - action: usage
    description: Space of a filesystem
    display: always
    input:
      path: {prompt: Path, description: Where, type: string, validation: '^/', maxlength: 20}
      count: {prompt: Count, description: How many, type: integer, optional: true, default: 3}
      deep: {prompt: Deep, description: Below too, type: boolean, optional: true}
      tags: {prompt: Tags, description: Marks, type: array, optional: true}
      options: {prompt: Options, description: More, type: hash, optional: true}
      password: {prompt: Password, description: A secret, type: string, maxlength: 20, optional: true, sensitive: true}
    output:
      used: {description: Used, display_as: Used, type: integer}
      mount_point: {description: Where, display_as: Mount point, type: string}
      token: {description: A secret, display_as: Token, type: string, sensitive: true}
  - action: repair
    description: Mends it
    display: failed
    timeout: 7
    input: {}
    output: {}
)";

inline ddl::Agent sample_agent() {
    return ddl::read_text(k_sample_ddl, ddl::Format::yaml, "disk.yaml")->agent;
}

inline ddl::Action sample_action(const char* name = "usage") {
    return *sample_agent().find(name);
}

inline std::string sample_canonical() {
    return ddl::canonical_json(sample_agent());
}

inline std::string sample_digest() {
    return ddl::digest(sample_canonical());
}

}  // namespace hocket::test
