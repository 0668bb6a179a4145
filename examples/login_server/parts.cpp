// SPDX-License-Identifier: BSL-1.0
#include "parts.hpp"

#include "authmod/model/endpoint_url.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace login_server {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

std::string read_file(std::string const& file, char const* flag) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in)
        throw start_error(std::string(flag) + ": cannot read " + file,
                          "check the path, and that this user may read it");
    return text;
}

authmod::secret read_admin_token(std::string const& file) {
    if (file.empty()) return authmod::secret();
    std::string text = read_file(file, "--admin-token-file");
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; }))
        throw start_error("--admin-token-file: " + file + " holds no token",
                          "make one: openssl rand -hex 32 > " + file);
    return authmod::secret(std::move(text));
}

authmod::key_ring read_keys(settings const& chosen) {
    std::string const& file = chosen.master_key_file;
    if (file.empty()) {
        if (chosen.store != "memory:")
            throw start_error("a store that lasts needs --master-key-file",
                              "make a key: openssl rand -base64 32 > FILE");
        return authmod::key_ring::with_fresh_key().value();
    }
    auto keys = authmod::key_ring::from_text(read_file(file, "--master-key-file"));
    if (!keys)
        throw start_error("--master-key-file: " + file + " must hold one key of 32 bytes a line, newest first",
                          "make one: openssl rand -base64 32 > FILE");
    return std::move(*keys);
}

tcp::endpoint read_address(std::string const& text) {
    auto const colon = text.rfind(':');
    std::string host = text.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    std::string const port = colon == std::string::npos ? std::string() : text.substr(colon + 1);
    boost::system::error_code error;
    auto const address = asio::ip::make_address(host, error);
    bool const digits = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
    if (error || !digits || std::stoul(port) > 65535)
        throw start_error("--listen: \"" + text + "\" is no IP address and port", "write 127.0.0.1:8080 or [::1]:8080");
    return {address, static_cast<unsigned short>(std::stoul(port))};
}

std::string url_of(tcp::endpoint const& where) {
    std::string const host = where.address().to_string();
    return "http://" + (where.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(where.port());
}

/// The base URL: cookies, redirect URIs and their safety rest on it.
std::string check_base_url(std::string url, tcp::endpoint const& bound) {
    bool const loopback = bound.address().is_loopback();
    if (url.empty()) {
        if (!loopback)
            throw start_error("--base-url is needed when --listen is not a loopback address",
                              "set it: https://your.host");
        return url_of(bound);
    }
    if (url.ends_with('/')) url.pop_back();
    auto const after_scheme = url.find("://");
    bool const origin =
        after_scheme != std::string::npos && url.find_first_of("/?#", after_scheme + 3) == std::string::npos;
    if (!origin || authmod::check_endpoint_url(url, true).code != authmod::url_errc::ok)
        throw start_error("--base-url: \"" + url + "\" is no origin that cookies are safe on",
                          "write https://host[:port], or http on a loopback host, with no path");
    if (url.starts_with("http:") && !loopback)
        throw start_error("--base-url is http, so --listen must be a loopback address",
                          "put TLS in front and use https");
    return url;
}

std::vector<authmod::ip_network> read_networks(std::vector<std::string> const& texts, char const* flag) {
    std::vector<authmod::ip_network> networks;
    for (auto const& text : texts) {
        auto network = authmod::ip_network::parse(text);
        if (!network)
            throw start_error(std::string(flag) + ": \"" + text + "\" is no network", "write it as 10.0.0.0/8");
        networks.push_back(*network);
    }
    return networks;
}

authmod::beast_transport make_transport(settings const& chosen) {
    authmod::transport_options options;
    options.allow_loopback_http = chosen.allow_loopback_http;
    options.ca_file = chosen.ca_file;
    options.one_thread = true; // each thread has a context of its own
    options.allow_networks = read_networks(chosen.allow_networks, "--allow-network");
    try {
        return authmod::beast_transport(std::move(options));
    } catch (boost::system::system_error const&) {
        throw start_error("--ca-file: " + chosen.ca_file + " cannot be read or holds no PEM certificate",
                          "name a file of the authorities' certificates, or leave the flag out");
    }
}

authmod::postgres_store open_postgres(std::string const& address) {
    auto opened = authmod::postgres_store::open(address);
    if (!opened)
        throw start_error("--store: " + opened.error().code.message() + " (" +
                              std::string(authmod::to_word(opened.error().code)) +
                              "): " + opened.error().details.provider_said,
                          std::string(authmod::cure(opened.error().code)));
    return std::move(*opened);
}

authmod::sqlite_store open_sqlite(std::string const& file) {
    auto const folder = std::filesystem::path(file).parent_path();
    std::error_code ignored;
    if (!folder.empty() && !std::filesystem::is_directory(folder, ignored))
        throw start_error("--store: the folder " + folder.string() + " does not exist",
                          "make it: mkdir -p " + folder.string());
    auto opened = authmod::sqlite_store::open(file);
    if (!opened)
        throw start_error("--store: " + file + ": " + opened.error().message() + " (" +
                              std::string(authmod::to_word(opened.error())) + ")",
                          std::string(authmod::cure(opened.error())));
    return std::move(*opened);
}

} // namespace login_server
