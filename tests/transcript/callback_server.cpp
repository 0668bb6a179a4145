// SPDX-License-Identifier: BSL-1.0
// The second tutorial program as it stands, on the recorded transport and a real socket.
#include "support/recorded_names.hpp"

#include <authmod/server/http_server.hpp>
#include <authmod/server/login_handlers.hpp>

namespace callback_server {
#include "../../examples/2_callback_server.cpp"
}
#undef main

#include "support/given_environment.hpp"
#include "support/plain_client.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

using authmod_test::ask;
using authmod_test::header;

BOOST_AUTO_TEST_CASE(the_callback_server_logs_a_browser_in) {
    authmod_test::given_credentials const given;
    authmod_test::login_bench bench;
    boost::asio::io_context context;
    unsigned short const port = authmod_test::free_port();
    std::jthread const server([&] { callback_server::serve(bench.policies, context, port); });

    auto const page = ask(port, "/login?choose=1");
    BOOST_TEST(page.starts_with("HTTP/1.1 200"));
    BOOST_TEST(page.find("Bitbucket Cloud") != std::string::npos);

    auto const start = ask(port, "/login/bitbucket_cloud?return_to=/page");
    BOOST_TEST(start.starts_with("HTTP/1.1 303"));
    auto const location = header(start, "Location");
    auto const cookie = header(start, "Set-Cookie");
    auto const back = "/callback/bitbucket_cloud?code=c-1&state=" + authmod_test::parameter(location, "state");
    auto const end = ask(port, back, "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n");
    BOOST_TEST(end.starts_with("HTTP/1.1 303"));
    BOOST_TEST(header(end, "Location") == "/page");
    auto const at = end.find("authmod_session=");
    BOOST_REQUIRE(at != std::string::npos);
    auto const me = ask(port, "/me", "Cookie: " + end.substr(at, end.find(';', at) - at) + "\r\n");
    BOOST_TEST(me.find("\"username\":\"nferro\"") != std::string::npos);
    context.stop();
}
