#pragma once

#include <optional>

#include <CLI/CLI.hpp>

#include "client/cli/command_line.h"

namespace hocket::cli {

/// What CLI11 writes into while it parses `hocket keys …`, and which of them was meant.
struct KeysChoice {
    PskNewCommand psk_new;
    PskDeriveCommand psk_derive;
    CaInitCommand ca_init;
    CertIssueCommand issue;
    CertRenewCommand renew;
    CertShowCommand show;
    CertRevokeCommand revoke;
    CrlCommand crl;
    std::optional<KeysCommand> chosen;
};

/// Both must outlive the parsing.
void add_keys(CLI::App& app, CommonOptions& common, KeysChoice& choice);

}  // namespace hocket::cli
