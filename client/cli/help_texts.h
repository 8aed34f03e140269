#pragma once

namespace hocket::cli {

// The end of each command's help: examples first, then what options alone cannot say.

inline constexpr char k_main_footer[] = R"(Examples:
  hocket ping                                   who is there, and how far away
  hocket find -F os.family=Debian               the names of the nodes that match
  hocket inventory web1                         all about one node
  hocket facts os.family                        which values a fact has, and how often
  hocket rpc disk usage path=/var -I web1       one action on one node
  hocket rpc disk usage --help                  what the action takes and gives
  hocket agents list                            what can be called

Configuration: /etc/hocket/client.toml, then ~/.config/hocket/client.toml, then HOCKET_* variables.
`hocket agent …` is hocket-agent and `hocket ddl …` is hocketc, for authors of agents.

Exit codes: 0 all ok, 1 nothing discovered, 2 some not ok, 3 and 4 no answer, 5 some did not answer, 7 all denied,
64 usage, 65 inputs break the DDL, 69 no broker, 70 local error, 78 configuration, 130 interrupted.)";

inline constexpr char k_ping_footer[] = R"(Examples:
  hocket ping
  hocket ping -C webserver --json
  hocket ping -I web1 -I web2

Exit code 4 when nobody answers, 5 when a node named with -I does not.)";

inline constexpr char k_find_footer[] = R"(Examples:
  hocket find
  hocket find -A disk -F 'os.release.major>=11'
  hocket find -I '/^web[0-9]+\./' | wc -l

Exit code 1 when no node matches, 2 when a node refused to be discovered.)";

inline constexpr char k_inventory_footer[] = R"(Examples:
  hocket inventory web1.example                 versions, counters, agents, classes and facts
  hocket inventory web1.example --json
  hocket inventory --list-collectives)";

inline constexpr char k_facts_footer[] = R"(Examples:
  hocket facts os.family
  hocket facts kernel.release -C webserver
  hocket facts rack -v                          with the names of the nodes)";

inline constexpr char k_rpc_footer[] = R"(Inputs:
  name=value      typed by the action's DDL; write an array as tag=a tag=b
  name:=JSON      count:=3, list:='["a","b"]'
  name=@FILE      the text of a file, "-" is standard input; so a secret stays off the command line
  name:=@FILE     the JSON of a file
  name:='"@ada"'  a text that begins with @

Examples:
  hocket rpc rpcutil ping
  hocket rpc service restart service=nginx -C webserver --noop
  hocket rpc disk usage path=/ -I web1 -I web2 --json
  hocket rpc user set_password name=ana password=@secret.txt -I db1
  hocket rpc disk usage --help                  what the action takes and gives

With nothing but plain names behind -I these nodes are asked; else the nodes are discovered first.
An action that its description calls destructive is only run after a question, or with --yes.)";

inline constexpr char k_agents_footer[] = R"(Examples:
  hocket agents list                            the agents of all nodes
  hocket agents describe disk                   what an agent is
  hocket agents describe disk usage             what one of its actions takes and gives)";

inline constexpr char k_agents_list_footer[] = R"(Examples:
  hocket agents list
  hocket agents list -C webserver --json)";

inline constexpr char k_agents_describe_footer[] = R"(Examples:
  hocket agents describe disk
  hocket agents describe disk usage

A description in a folder of [ddl] folders wins; else a node is asked; else the cache has it.)";

inline constexpr char k_keys_footer[] = R"(Examples:
  hocket keys psk new ops --dir /etc/hocket/keys                       a pre-shared key: the simplest
  hocket keys psk derive ops.1.psk --id ops.1 --identity web1.example --output web1.ops.1.key
  hocket keys ca init callers-ca                                       or certificates
  hocket keys cert issue --ca callers-ca --caller ana --dir .)";

inline constexpr char k_psk_new_footer[] = R"(Examples:
  hocket keys psk new ops --dir /etc/hocket/keys            writes /etc/hocket/keys/ops.1.psk
  hocket keys psk new ops --version 2 --output ops.2.psk    the next version, beside the old one

The file is for the caller: set [key] id and psk_file in client.toml. Nodes get a derived key:
  hocket keys psk derive)";

inline constexpr char k_psk_derive_footer[] = R"(Examples:
  hocket keys psk derive ops.1.psk --id ops.1 --identity web1.example --output web1.ops.1.key

With it the node can check requests and answer in its own name, and in no other node's.)";

inline constexpr char k_ca_init_footer[] = R"(Examples:
  hocket keys ca init callers-ca --name "Callers of example.org"
  hocket keys ca init nodes-ca --name "Nodes of example.org"

Two CAs keep nodes and callers apart: who steals a node can never pass for a caller. The folder has ca.pem, ca.key,
crl.pem and what `openssl ca` needs, so that it may go on with it. Keep ca.key where no node is.

Nodes get callers-ca/ca.pem and crl.pem (caller_ca, caller_crl), callers get those of nodes-ca (node_ca, node_crl).)";

inline constexpr char k_cert_issue_footer[] = R"(Examples:
  hocket keys cert issue --ca callers-ca --caller ana --dir .
  hocket keys cert issue --ca nodes-ca --node web1.example --dir . --days 90
  hocket keys cert issue --ca broker-ca --broker nats1.example --broker 10.0.0.5 --dir .

A caller is named by the URI hocket:caller:NAME, a node by its host name; any other CA may write the same.)";

inline constexpr char k_cert_renew_footer[] = R"(Examples:
  hocket keys cert renew web1.example.pem --ca nodes-ca --days 90

The key stays the same, and the old certificate stays good until it expires. hocketd takes a replaced file by itself.)";

inline constexpr char k_cert_show_footer[] = R"(Examples:
  hocket keys cert show ana.pem
  hocket keys cert show /etc/hocket/keys/node.pem --json)";

inline constexpr char k_cert_revoke_footer[] = R"(Examples:
  hocket keys cert revoke ana.pem --ca callers-ca
  hocket keys cert revoke 5F0A91… --ca callers-ca

All certificates of the same key are revoked. Then bring crl.pem of the CA to those who verify its certificates.)";

inline constexpr char k_crl_footer[] = R"(Examples:
  hocket keys crl --ca callers-ca --days 7

A CRL must be replaced before it is stale: whoever has only a stale one refuses everybody of that CA. So run this, and
bring crl.pem to the nodes, several times within its span.)";

}  // namespace hocket::cli
