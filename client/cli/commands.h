#pragma once

#include "client/cli/command_line.h"
#include "client/cli/conversation.h"
#include "core/base/result.h"

namespace hocket::cli {

// One function for each command, in the file of its name. It writes its data to the console and returns the exit code
// of spec/outcomes.md §3, or the error that kept it from an answer.

Result<int> run_ping(const CommandLine& line, Conversation& conversation);
Result<int> run_find(const CommandLine& line, Conversation& conversation);
Result<int> run_inventory(const CommandLine& line, const InventoryCommand& command,
                          Conversation& conversation);
Result<int> run_facts(const CommandLine& line, const FactsCommand& command, Conversation& conversation);
Result<int> run_rpc(const CommandLine& line, const RpcCommand& command, Conversation& conversation);
Result<int> run_rpc_help(const RpcHelpCommand& command, Conversation& conversation);
Result<int> run_agents_list(const CommandLine& line, Conversation& conversation);
Result<int> run_agents_describe(const CommandLine& line, const AgentsDescribeCommand& command,
                                Conversation& conversation);
Result<int> run_psk_new(const CommandLine& line, const PskNewCommand& command, const Console& console);
Result<int> run_psk_derive(const CommandLine& line, const PskDeriveCommand& command, const Console& console);
Result<int> run_ca_init(const CommandLine& line, const CaInitCommand& command, const Console& console);
Result<int> run_cert_issue(const CommandLine& line, const CertIssueCommand& command, const Console& console);
Result<int> run_cert_renew(const CommandLine& line, const CertRenewCommand& command, const Console& console);
Result<int> run_cert_show(const CommandLine& line, const CertShowCommand& command, const Console& console);
Result<int> run_cert_revoke(const CommandLine& line, const CertRevokeCommand& command,
                            const Console& console);
Result<int> run_crl(const CommandLine& line, const CrlCommand& command, const Console& console);

}  // namespace hocket::cli
