// SPDX-License-Identifier: BSL-1.0
// The sixth tutorial program as it stands, on the recorded transport and a real socket.
#include "support/recorded_names.hpp"

#include <authmod/server/beast_message.hpp>
#include <authmod/server/login_handlers.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <iostream>

namespace mount_handlers {
#include "../../examples/6_mount_handlers.cpp"
}
#undef main

#include "support/given_environment.hpp"
#include "support/plain_client.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

using authmod_test::ask;
using authmod_test::header;

BOOST_AUTO_TEST_CASE(a_server_of_ones_own_logs_a_browser_in_and_knows_it) {
    authmod_test::given_credentials const given;
    authmod_test::login_bench bench;
    boost::asio::io_context context;
    unsigned short const port = authmod_test::free_port();
    std::jthread const server([&] { mount_handlers::serve(bench.policies, context, port); });

    BOOST_TEST(header(ask(port, "/report"), "Location") == "/login?return_to=/report");
    auto const start = ask(port, "/login/bitbucket_cloud?return_to=/report");
    BOOST_TEST(start.starts_with("HTTP/1.1 303"));
    auto const cookie = header(start, "Set-Cookie");
    auto const state = authmod_test::parameter(header(start, "Location"), "state");
    auto const end = ask(port, "/callback/bitbucket_cloud?code=c-1&state=" + state,
                         "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n");
    BOOST_TEST(header(end, "Location") == "/report");
    auto const at = end.find("authmod_session=");
    BOOST_REQUIRE(at != std::string::npos);
    std::string const session = "Cookie: " + end.substr(at, end.find(';', at) - at) + "\r\n";
    BOOST_TEST(ask(port, "/report", session).find("The report of Nadia Ferro") != std::string::npos);
    BOOST_TEST(ask(port, "/me", session).find("\"username\":\"nferro\"") != std::string::npos);
    BOOST_TEST(ask(port, "/a%2fb").starts_with("HTTP/1.1 400"));
    context.stop();
}
