// SPDX-License-Identifier: BSL-1.0
// The flags of login_server; each can also be set by an environment variable or in a JSON file.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace login_server {

struct settings {
    std::string listen = "127.0.0.1:8080";
    std::string base_url; // empty: the bound address
    std::string store = "memory:";
    std::string admin_token_file;
    std::string master_key_file;
    std::string ca_file;
    bool allow_loopback_http = false;
    std::vector<std::string> allow_networks;
    std::vector<std::string> trusted_proxies;
    std::string log_format = "logfmt";
    long long session_idle_s = 8 * 3600;
    long long session_max_s = 7 * 24 * 3600;
    long long leave_ms = 0;
    unsigned threads = 0; // 0: one for each processor
    std::string config;
};

/// The settings of this run, or the exit code after `--help` and after a mistake, which has been told on stderr.
struct command_line {
    std::optional<settings> chosen;
    int exit_code = 0;
};

[[nodiscard]] command_line read_command_line(int argc, char const* const* argv);

} // namespace login_server
