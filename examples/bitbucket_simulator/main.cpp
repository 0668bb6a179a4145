// SPDX-License-Identifier: BSL-1.0
// bitbucket_simulator: a program that imitates Bitbucket Cloud for trying and testing. It is NOT Bitbucket and shares
// no code with the authmod library: whatever the library gets wrong, this peer does not get wrong in the same way.
#include "bitbucket.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>

#include <iostream>
#include <optional>
#include <sstream>
#include <thread>

namespace {

using namespace simulator;
using asio::ip::tcp;

/// `127.0.0.1:0` or `[::1]:8080`
std::optional<tcp::endpoint> read_address(std::string const& text) {
    auto const colon = text.rfind(':');
    if (colon == std::string::npos) return {};
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    boost::system::error_code failed;
    auto const address = asio::ip::make_address(host, failed);
    int port = -1;
    std::istringstream(text.substr(colon + 1)) >> port;
    if (failed || port < 0 || port > 65535) return {};
    return tcp::endpoint(address, static_cast<unsigned short>(port));
}

std::string long_help() {
    state const world;
    std::ostringstream out;
    out << "\nIt only simulates Bitbucket Cloud. GET / shows all of this as a page.\n\nAccounts (no passwords):\n";
    for (account const& who : world.accounts) out << "  " << who.handle << ": " << who.note << '\n';
    out << "\nOAuth consumers (key / secret):\n";
    for (consumer const& client : world.consumers)
        out << "  " << client.key << " / " << client.secret << ": " << client.note << '\n';
    out << "\nSwitches, POST /_faults {\"pkce\":\"ignored\"}:\n";
    for (auto const& [name, text] : switch_help()) out << "  " << name << ": " << text << '\n';
    out << "\nFaults, POST /_faults {\"endpoint\":\"token\",\"fault\":\"cut\",\"times\":1}:\n";
    for (auto const& [name, text] : fault_help()) out << "  " << name << ": " << text << '\n';
    out << "\nEndpoints of faults:";
    for (std::string_view const name : endpoint_names()) out << ' ' << name;
    out << "\nAlso: GET and DELETE /_faults, GET and DELETE /_log, GET and POST /_accounts {\"count\":200}.\n";
    return out.str();
}

} // namespace

int main(int argc, char** argv) {
    std::string listen = "127.0.0.1:0", tls_listen, certificate, key, callback;
    unsigned threads = 2;
    CLI::App app("A simulator of Bitbucket Cloud for trying and testing authmod.", "bitbucket_simulator");
    app.footer(long_help());
    app.add_option("--listen", listen, "address for plain http, port 0 picks a free one")->capture_default_str();
    auto* const tls_option = app.add_option("--tls-listen", tls_listen, "address for https as well");
    auto* const cert_option = app.add_option("--cert", certificate, "PEM file with the certificate chain");
    auto* const key_option = app.add_option("--key", key, "PEM file with the private key");
    tls_option->needs(cert_option)->needs(key_option);
    app.add_option("--callback", callback,
                   "Callback URL of the consumer simulator-key (default: every loopback address)");
    app.add_option("--threads", threads, "threads")->capture_default_str()->check(CLI::Range(1, 64));
    CLI11_PARSE(app, argc, argv);

    try {
        asio::io_context context;
        asio::ssl::context tls(asio::ssl::context::tls_server);
        bitbucket simulated(callback);
        auto const answer = [&](request const& asked) { return simulated.answer(asked); };
        auto const open = [&](std::string const& text, asio::ssl::context* with) {
            auto const address = read_address(text);
            if (!address) throw std::runtime_error("not an address: " + text + " (write HOST:PORT)");
            auto const bound = serve(context, *address, with, answer);
            std::cout << "listening on " << (with ? "https" : "http") << "://" << bound << std::endl;
        };
        asio::signal_set signals(context, SIGTERM, SIGINT);
        signals.async_wait([&](auto, int) { context.stop(); });
        open(listen, nullptr);
        if (!tls_listen.empty()) {
            tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
            tls.use_certificate_chain_file(certificate);
            tls.use_private_key_file(key, asio::ssl::context::pem);
            open(tls_listen, &tls);
        }
        {
            std::vector<std::jthread> others;
            for (unsigned i = 1; i < threads; ++i) others.emplace_back([&] { context.run(); });
            context.run();
        }
        return 0;
    } catch (std::exception const& problem) {
        std::cerr << "bitbucket_simulator: " << problem.what() << '\n';
        return 1;
    }
}
