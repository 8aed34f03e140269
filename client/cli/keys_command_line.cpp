#include "client/cli/keys_command_line.h"

#include <limits>

#include "client/cli/command_line_parts.h"
#include "client/cli/help_texts.h"

namespace hocket::cli {

namespace {

constexpr double k_min_days = 0.001;  // a minute and a half
constexpr double k_max_days = 100 * 365;

void add_days(CLI::App& command, const char* name, double& days, const char* help) {
    command.add_option(name, days, help)
        ->check(within(k_min_days, k_max_days))
        ->type_name("DAYS")
        ->capture_default_str();
}

void add_key_type(CLI::App& command, std::string& type) {
    command.add_option("--key-type", type, "ed25519, p256, rsa2048, rsa3072 or rsa4096")
        ->check(CLI::IsMember({"ed25519", "p256", "rsa2048", "rsa3072", "rsa4096"}).description(""))
        ->type_name("TYPE")
        ->capture_default_str();
}

void add_ca_folder(CLI::App& command, std::filesystem::path& folder) {
    command.add_option("--ca", folder, "The CA's folder")->required()->type_name("DIR");
}

template <class Command>
void choose_when_parsed(CLI::App& app, Command& command, KeysChoice& choice) {
    app.callback([&command, &choice] { choice.chosen = command; });
}

void add_psk(CLI::App& keys, CommonOptions& common, KeysChoice& choice) {
    CLI::App& psk = add_group(keys, "psk", "Pre-shared keys", k_keys_footer);

    CLI::App& make = add_command(psk, "new", "A new key, for a caller", k_psk_new_footer, common);
    make.add_option("NAME", choice.psk_new.name, "The caller's name")->required();
    make.add_option("--version", choice.psk_new.version, "The key's version; default: 1")
        ->check(within(1, std::numeric_limits<int>::max()));
    auto* output = make.add_option("--output", choice.psk_new.output, "The file to write")->type_name("FILE");
    make.add_option("--dir", choice.psk_new.folder, "Write NAME.VERSION.psk into this folder")
        ->type_name("DIR")
        ->excludes(output);
    make.callback([&choice] {
        if (choice.psk_new.output.empty() && choice.psk_new.folder.empty())
            throw CLI::ValidationError("--output FILE or --dir DIR is missing");
        choice.chosen = choice.psk_new;
    });

    CLI::App& derive =
        add_command(psk, "derive", "What one node needs of a key", k_psk_derive_footer, common);
    derive.add_option("FILE", choice.psk_derive.psk_file, "The caller's key file")->required();
    derive.add_option("--id", choice.psk_derive.id, "The key's id, as in ops.1")->required();
    derive.add_option("--identity", choice.psk_derive.identity, "The node")->required();
    derive.add_option("--output", choice.psk_derive.output, "The file to write")
        ->required()
        ->type_name("FILE");
    choose_when_parsed(derive, choice.psk_derive, choice);
}

void add_ca(CLI::App& keys, CommonOptions& common, KeysChoice& choice) {
    CLI::App& ca = add_group(keys, "ca", "Certificate authorities", k_keys_footer);
    CLI::App& init = add_command(ca, "init", "A new CA in a folder", k_ca_init_footer, common);
    init.add_option("DIR", choice.ca_init.folder, "The folder, which is made")->required();
    init.add_option("--name", choice.ca_init.name, "Its common name; default: Hocket DIR");
    add_key_type(init, choice.ca_init.key_type);
    add_days(init, "--days", choice.ca_init.days, "How long it is valid");
    add_days(init, "--crl-days", choice.ca_init.crl_days, "How long its first CRL is good");
    choose_when_parsed(init, choice.ca_init, choice);
}

void add_cert(CLI::App& keys, CommonOptions& common, KeysChoice& choice) {
    CLI::App& cert = add_group(keys, "cert", "Certificates", k_keys_footer);

    CLI::App& issue =
        add_command(cert, "issue", "A new key and its certificate", k_cert_issue_footer, common);
    add_ca_folder(issue, choice.issue.ca);
    issue.add_option("--caller", choice.issue.caller, "For the caller cert=NAME")->type_name("NAME");
    issue.add_option("--node", choice.issue.node, "For a node")->type_name("IDENTITY");
    issue.add_option("--broker", choice.issue.broker, "For a broker; every name and address that it has")
        ->allow_extra_args(false)
        ->type_name("HOST");
    issue.add_option("--dir", choice.issue.folder, "Write NAME.pem and NAME.key into this folder")
        ->required()
        ->type_name("DIR");
    add_key_type(issue, choice.issue.key_type);
    add_days(issue, "--days", choice.issue.days, "How long it is valid");
    issue.callback([&choice] {
        const CertIssueCommand& command = choice.issue;
        const int roles = (command.caller.empty() ? 0 : 1) + (command.node.empty() ? 0 : 1) +
                          (command.broker.empty() ? 0 : 1);
        if (roles != 1)
            throw CLI::ValidationError(
                roles == 0 ? "one of --caller NAME, --node IDENTITY and --broker HOST is needed"
                           : "--caller, --node and --broker exclude each other");
        choice.chosen = command;
    });

    CLI::App& renew =
        add_command(cert, "renew", "The same certificate for another span", k_cert_renew_footer, common);
    renew.add_option("FILE", choice.renew.file, "The certificate; it is replaced in one step")->required();
    add_ca_folder(renew, choice.renew.ca);
    add_days(renew, "--days", choice.renew.days, "How long it is valid");
    choose_when_parsed(renew, choice.renew, choice);

    CLI::App& show =
        add_command(cert, "show", "Whom a certificate names, and until when", k_cert_show_footer, common);
    show.add_option("FILE", choice.show.file, "The certificate")->required();
    choose_when_parsed(show, choice.show, choice);

    CLI::App& revoke =
        add_command(cert, "revoke", "Revoke a certificate and write the CRL", k_cert_revoke_footer, common);
    revoke.add_option("CERTIFICATE", choice.revoke.certificate, "Its file, or its serial number")->required();
    add_ca_folder(revoke, choice.revoke.ca);
    add_days(revoke, "--crl-days", choice.revoke.crl_days, "How long the CRL is good");
    choose_when_parsed(revoke, choice.revoke, choice);
}

void add_crl(CLI::App& keys, CommonOptions& common, KeysChoice& choice) {
    CLI::App& crl =
        add_command(keys, "crl", "Write the list of revoked certificates anew", k_crl_footer, common);
    add_ca_folder(crl, choice.crl.ca);
    add_days(crl, "--days", choice.crl.days, "How long it is good");
    choose_when_parsed(crl, choice.crl, choice);
}

}  // namespace

void add_keys(CLI::App& app, CommonOptions& common, KeysChoice& choice) {
    CLI::App& keys = add_group(app, "keys", "Make keys and certificates", k_keys_footer);
    add_psk(keys, common, choice);
    add_ca(keys, common, choice);
    add_cert(keys, common, choice);
    add_crl(keys, common, choice);
}

}  // namespace hocket::cli
