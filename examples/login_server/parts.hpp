// SPDX-License-Identifier: BSL-1.0
// What the flags of login_server name: files read, addresses checked, parts made. The service and the doctor use them.
#pragma once

#include "command_line.hpp"

#include "authmod/core/secret.hpp"
#include "authmod/crypto/key_ring.hpp"
#include "authmod/storage/postgres_store.hpp"
#include "authmod/storage/sqlite_store.hpp"
#include "authmod/transport/beast_transport.hpp"
#include "authmod/transport/outbound_gate.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace login_server {

/// What keeps the service from starting, and what to do about it.
struct start_error : std::runtime_error {
    explicit start_error(std::string in_problem, std::string in_cure = std::string())
        : std::runtime_error(in_cure.empty() ? in_problem : in_problem + "; " + in_cure),
          problem(std::move(in_problem)), cure(std::move(in_cure)) {}

    std::string problem, cure;
};

// Each throws a start_error that names the flag and the cure.

std::string read_file(std::string const& file, char const* flag);

/// Empty without --admin-token-file.
authmod::secret read_admin_token(std::string const& file);

/// The keys of --master-key-file; a fresh one for a store in memory without it.
authmod::key_ring read_keys(settings const& chosen);

boost::asio::ip::tcp::endpoint read_address(std::string const& text);

std::string url_of(boost::asio::ip::tcp::endpoint const& where);

/// The base URL: cookies, redirect URIs and their safety rest on it.
std::string check_base_url(std::string url, boost::asio::ip::tcp::endpoint const& bound);

std::vector<authmod::ip_network> read_networks(std::vector<std::string> const& texts, char const* flag);

authmod::beast_transport make_transport(settings const& chosen);

authmod::sqlite_store open_sqlite(std::string const& file);

authmod::postgres_store open_postgres(std::string const& address);

} // namespace login_server
