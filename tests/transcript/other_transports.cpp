// SPDX-License-Identifier: BSL-1.0
// The transports of tutorial programs 7 and 8 as they stand, against a real server over TLS.
#include <authmod/module/auth_module.hpp>
#include <authmod/protocol/http1_text.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/transport/blocking_transport.hpp>
#include <authmod/transport/find_peer.hpp>

#include "support/tls_server.hpp"

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <mutex>
#include <utility>

#define main example_main
#pragma GCC diagnostic ignored "-Wreturn-type" // a main under another name
namespace plain_asio {
#include "../../examples/8_plain_asio.cpp"
}
#if __has_include(<httplib.h>) && defined(CPPHTTPLIB_OPENSSL_SUPPORT)
#undef main
#include <httplib.h>
#define main example_main
namespace other_client {
#include "../../examples/7_other_http_client.cpp"
}
#define AUTHMOD_HAS_HTTPLIB 1
#endif
#undef main

namespace {

using authmod::errc;
using authmod_test::peer;

authmod_test::authority const& ca() {
    static authmod_test::authority const one;
    return one;
}

template <class Transport>
authmod::result<authmod::http_response> ask(Transport& transport, authmod::http_request const& request,
                                            long read_ms = 5000) {
    boost::asio::io_context io;
    authmod::result<authmod::http_response> got = errc::not_found;
    authmod::timeouts limit;
    limit.connect = authmod::milliseconds(1000);
    limit.read = authmod::milliseconds(read_ms);
    auto run = [&]() -> boost::asio::awaitable<void> {
        auto answer = co_await transport.send(request, limit);
        got = std::move(answer);
    };
    boost::asio::co_spawn(io, run, [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    io.run();
    return got;
}

template <class Transport>
void keeps_the_promises(auto trusting) {
    Transport transport = trusting(ca().file());
    authmod_test::server_options options;
    options.who = ca().issue("DNS:localhost,IP:127.0.0.1");
    std::mutex mutex; // the server has threads of its own
    std::string seen;
    std::string answer = "HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Length: 5\r\n\r\nhello";
    authmod_test::tls_server server(options, [&](peer& p) {
        auto const read = p.read_request().value_or("");
        std::unique_lock lock(mutex);
        seen = read;
        auto const text = answer;
        lock.unlock();
        if (text.empty()) return p.hang();
        p.write(text);
        p.finish();
    });
    auto const heard = [&] {
        std::lock_guard const lock(mutex);
        return std::exchange(seen, "");
    };
    auto const will_answer = [&](std::string_view text) {
        std::lock_guard const lock(mutex);
        answer = text;
    };
    authmod::http_request request("POST", server.url("/token", "127.0.0.1"));
    request.body = "code=c1";
    request.set("X-Two", "2");
    auto const good = ask(transport, request);
    BOOST_REQUIRE(good.has_value());
    BOOST_TEST(good->status == 200);
    BOOST_TEST(good->header("X-One") == "1");
    BOOST_TEST(good->body == "hello");
    auto const sent = heard();
    BOOST_TEST(sent.starts_with("POST /token HTTP/1."));
    BOOST_TEST(sent.find("X-Two: 2\r\n") != sent.npos);
    BOOST_TEST(sent.ends_with("\r\n\r\ncode=c1"));

    boost::asio::io_context io; // zero is no limit
    auto unlimited = [&]() -> boost::asio::awaitable<void> {
        authmod::timeouts none;
        none.connect = none.read = authmod::milliseconds(0);
        auto const got = co_await transport.send(request, none);
        BOOST_TEST(got.has_value());
    };
    boost::asio::co_spawn(io, unlimited, [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    io.run();

    will_answer("HTTP/1.1 302 Found\r\nLocation: https://localhost:1/\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(ask(transport, request).value().status == 302); // followed nowhere

    will_answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    request.max_body = 4;
    BOOST_TEST((ask(transport, request).error() == errc::response_too_large));
    request.max_body = 1024;

    will_answer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");
    BOOST_TEST((ask(transport, request).error() == errc::response_cut));

    request.origin = authmod::url_origin::provider; // a provider's word leads to no address of this machine
    (void)heard();
    BOOST_TEST((ask(transport, request).error() == errc::address_refused));
    request.origin = authmod::url_origin::administrator;
    BOOST_TEST((ask(transport, authmod::http_request("GET", "http://127.0.0.1/")).error() == errc::address_refused));
    BOOST_TEST(heard().empty());

    authmod_test::authority const stranger;
    Transport distrustful = trusting(stranger.file());
    BOOST_TEST((ask(distrustful, request).error() == errc::tls_failed));
    BOOST_TEST(heard().empty());

    will_answer(""); // a server that says nothing
    BOOST_TEST((ask(transport, request, 100).error() == errc::timed_out));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_transport_on_plain_asio_keeps_its_promises) {
    keeps_the_promises<plain_asio::asio_transport>([](std::string const& file) { return plain_asio::asio_transport(file); });
}

#ifdef AUTHMOD_HAS_HTTPLIB
BOOST_AUTO_TEST_CASE(a_transport_on_another_http_client_keeps_its_promises) {
    keeps_the_promises<other_client::httplib_transport>(
        [](std::string const& file) { return other_client::httplib_transport(other_client::httplib_exchange{file}); });
}
#else
BOOST_AUTO_TEST_CASE(a_transport_on_another_http_client_keeps_its_promises, *boost::unit_test::disabled()) {}
#endif
