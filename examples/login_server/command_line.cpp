// SPDX-License-Identifier: BSL-1.0
#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>

namespace login_server {

namespace {

std::string variable_of(std::string_view flag) { // --base-url: AUTHMOD_BASE_URL
    std::string name = "AUTHMOD_";
    for (char c : flag.substr(2)) name += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

std::string text_of(boost::json::value const& value) {
    return value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
}

/// Fills what neither the command line nor the environment has set. Names are those of the flags, `-` or `_` in them.
void read_config(CLI::App& app, std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    if (!in) throw CLI::FileError::Missing(file);
    boost::system::error_code error;
    auto const value = boost::json::parse(text, error);
    if (error || !value.is_object()) throw CLI::FileError(file + " is not a JSON object");
    for (auto const& member : value.get_object()) {
        std::string name(member.key());
        std::replace(name.begin(), name.end(), '_', '-');
        auto* option = app.get_option_no_throw("--" + name);
        if (!option || name == "config" || name == "help")
            throw CLI::ConfigError(file + ": there is no setting \"" + std::string(member.key()) + '"');
        if (option->count() != 0) continue;
        if (auto const* list = member.value().if_array())
            for (auto const& element : *list) option->add_result(text_of(element));
        else
            option->add_result(text_of(member.value()));
        option->run_callback();
    }
}

} // namespace

command_line read_command_line(int argc, char const* const* argv) {
    settings chosen;
    CLI::App app("Log in with Bitbucket Cloud and other providers: a login service to put beside nginx (auth_request), "
                 "Traefik or Caddy.");
    app.add_option("--listen", chosen.listen, "IP address and port to listen on; port 0 picks a free one")
        ->capture_default_str();
    app.add_option(
        "--base-url", chosen.base_url,
        "how browsers reach this service: https://host, or http on a loopback host (default: the bound address)");
    app.add_option("--store", chosen.store, "memory:, sqlite:FILE or postgresql://USER@HOST/NAME")->capture_default_str();
    app.add_option("--admin-token-file", chosen.admin_token_file, "file with the bearer token of the admin API");
    app.add_option("--master-key-file", chosen.master_key_file,
                   "file with the key that seals client secrets and logins under way; needed for stores that last");
    app.add_option("--ca-file", chosen.ca_file, "PEM file of the authorities to trust instead of the system's");
    app.add_flag("--allow-loopback-http", chosen.allow_loopback_http,
                 "accept http endpoints on this machine, for simulators");
    app.add_option("--allow-network", chosen.allow_networks,
                   "CIDR of an internal network that a provider's answers may lead to; may be given several times");
    app.add_option(
        "--trusted-proxy", chosen.trusted_proxies,
        "CIDR of reverse proxies whose X-Forwarded-For tells the client's address; may be given several times");
    app.add_option("--log-format", chosen.log_format, "logfmt or json, one event a line on standard error")
        ->check(CLI::IsMember({"logfmt", "json"}))
        ->capture_default_str();
    app.add_option("--session-idle-s", chosen.session_idle_s, "seconds until an unused session ends")
        ->check(CLI::Range(1LL, 366LL * 86400))
        ->capture_default_str();
    app.add_option("--session-max-s", chosen.session_max_s, "seconds until any session ends")
        ->check(CLI::Range(1LL, 366LL * 86400))
        ->capture_default_str();
    app.add_option("--leave-ms", chosen.leave_ms,
                   "milliseconds from SIGTERM, when /readyz turns red, until no more connections are accepted")
        ->check(CLI::Range(0LL, 60'000LL))
        ->capture_default_str();
    app.add_option("--threads", chosen.threads, "threads that serve (default: one for each processor)")
        ->check(CLI::Range(1, 256));
    app.add_option("--config", chosen.config,
                   "JSON file with these settings, for example {\"base-url\":\"https://...\"}");
    for (auto* option : app.get_options())
        if (auto const name = option->get_name(); name != "--help") option->envname(variable_of(name));

    command_line result;
    try {
        app.parse(argc, argv);
        if (!chosen.config.empty()) read_config(app, chosen.config);
        result.chosen = std::move(chosen);
    } catch (CLI::CallForHelp const& help) {
        app.exit(help, std::cout, std::cerr);
    } catch (CLI::ParseError const& mistake) {
        std::cerr << "login_server: " << mistake.what() << "\nlogin_server --help lists the flags\n";
        result.exit_code = 2;
    }
    return result;
}

} // namespace login_server
