// SPDX-License-Identifier: BSL-1.0
#include <authmod/protocol/http1_text.hpp>

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using authmod::errc;
using authmod::read_http1_text;

BOOST_AUTO_TEST_SUITE(http1_text_suite)

BOOST_AUTO_TEST_CASE(a_request_is_one_text) {
    authmod::http_request request("POST", "https://id.example:444/token");
    request.set("X-Two", "2");
    request.body = "code=c1";
    BOOST_TEST(authmod::to_http1_text(request, "id.example:444", "/token") ==
               "POST /token HTTP/1.0\r\nHost: id.example:444\r\nX-Two: 2\r\nContent-Length: 7\r\n\r\ncode=c1");
}

BOOST_AUTO_TEST_CASE(an_answer_is_read_with_its_fields) {
    auto const read =
        read_http1_text("HTTP/1.1 404 Not Found\r\nX-One:\t 1 \r\nEmpty:\r\ncontent-length: 5\r\n\r\nhello", false, 5);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->status == 404);
    BOOST_TEST(read->header("x-one") == "1");
    BOOST_TEST(read->headers.size() == 3u);
    BOOST_TEST(read->body == "hello");
    BOOST_TEST(read_http1_text("HTTP/1.0 200\r\n\r\nhello", true, 5).value().body == "hello");
}

BOOST_AUTO_TEST_CASE(answers_that_are_not_whole_or_not_plain_are_refused) {
    struct row {
        std::string_view bytes;
        bool complete;
        errc expected;
    };

    constexpr row rows[] = {
        {"", true, errc::no_response},
        {"HTTP/1.0 200 OK\r\n", false, errc::response_cut},
        {"HTTP/1.0 200 OK\r\n", true, errc::response_malformed},
        {"HTTP/1.0 200 OK\r\n\r\nhel", false, errc::response_cut}, // no length: only the end of TLS vouches for it
        {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhel", true, errc::response_cut},
        {"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nhello", true, errc::response_cut},
        {"HTTP/1.0 200 OK\r\n\r\nhello!", true, errc::response_too_large},
        {"HTTP/2.0 200 OK\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0_200 OK\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0 2x0 OK\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0 20\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0 100 Continue\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0 200 OK\r\nno colon\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0 200 OK\r\n: x\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0 200 OK\r\nA: 1\r\n folded: 2\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0 200 OK\r\nContent-Length : 0\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0 200 OK\r\nContent-Length:\r\n\r\n", true, errc::response_malformed},
        {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello", true, errc::response_malformed},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", true, errc::response_malformed},
    };
    for (auto const& r : rows)
        BOOST_TEST_CONTEXT(r.bytes) BOOST_TEST((read_http1_text(r.bytes, r.complete, 5).error() == r.expected));
    std::string const wide = "HTTP/1.0 200 OK\r\nA: " + std::string(authmod::max_http1_head, 'a') + "\r\n\r\n";
    BOOST_TEST((read_http1_text(wide, true, 5).error() == errc::response_too_large));
    BOOST_TEST((read_http1_text(wide.substr(0, wide.size() - 4), false, 5).error() == errc::response_too_large));
}

BOOST_AUTO_TEST_SUITE_END()
