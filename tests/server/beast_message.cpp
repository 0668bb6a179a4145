// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/beast_message.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace authmod;

namespace {

namespace http = boost::beast::http;

/// What Beast makes of these bytes; it must take them.
mounted_request::beast_request read(std::string_view bytes) {
    http::request_parser<http::string_body> parser;
    parser.eager(true);
    boost::system::error_code error;
    parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    BOOST_REQUIRE_MESSAGE(!error, error.message());
    BOOST_REQUIRE(parser.is_done());
    return parser.release();
}

int status_of(std::string_view bytes) {
    auto const request = read(bytes);
    return mounted_request(request, "192.0.2.1").status();
}

} // namespace

BOOST_AUTO_TEST_SUITE(beast_messages)

BOOST_AUTO_TEST_CASE(a_request_comes_through_whole) {
    auto const read_by_beast = read("POST /caf%C3%A9?a=b%26 HTTP/1.1\r\nHost: a.example\r\nCookie: x=1\r\nX-Own: v\r\n"
                                    "Content-Length: 4\r\n\r\nbody");
    mounted_request const mounted(read_by_beast, "192.0.2.1");
    BOOST_TEST(mounted.status() == 0);
    incoming_request const& request = mounted.request();
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.path == "/caf\xc3\xa9");
    BOOST_TEST(request.query == "a=b%26");
    BOOST_TEST(request.header("cookie") == "x=1");
    BOOST_TEST(request.header("X-OWN") == "v");
    BOOST_TEST(request.body == "body");
    BOOST_TEST(request.address == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(I6_what_two_servers_may_read_differently_is_refused_although_beast_took_it) {
    BOOST_TEST(status_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == 0);
    for (std::string_view bytes :
         {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "GET http://b.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n", "GET /../x HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"})
        BOOST_TEST_CONTEXT(bytes) BOOST_TEST(status_of(bytes) == 400);
    BOOST_TEST(status_of("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n") == 405);
    request_limits limits;
    limits.body = 3;
    auto const long_body = read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
    BOOST_TEST(mounted_request(long_body, "", limits).status() == 413);
}

BOOST_AUTO_TEST_CASE(a_reply_goes_out_whole) {
    auto const asked = read("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    outgoing_reply reply(200, "text/plain", "hello");
    reply.set("Set-Cookie", "a=1");
    reply.set("Set-Cookie", "b=2");
    reply.set("X-Forged", "a\r\nSet-Cookie: c=3");
    auto const answer = to_beast(reply, asked);
    BOOST_TEST(answer.result_int() == 200u);
    BOOST_TEST(answer.body() == "hello");
    BOOST_TEST(answer.at(http::field::content_length) == "5");
    BOOST_TEST(answer.count(http::field::set_cookie) == 2u);
    BOOST_TEST(answer.count("X-Forged") == 0u);
    BOOST_TEST(answer.keep_alive());
    BOOST_TEST(!to_beast(outgoing_reply(400), asked).keep_alive());
    BOOST_TEST(to_beast(outgoing_reply(204), asked).count(http::field::content_length) == 0u);

    auto const head = read("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    auto const short_answer = to_beast(reply, head);
    BOOST_TEST(short_answer.body().empty());
    BOOST_TEST(short_answer.at(http::field::content_length) == "5");
    BOOST_TEST(!short_answer.keep_alive());
}

BOOST_AUTO_TEST_SUITE_END()
