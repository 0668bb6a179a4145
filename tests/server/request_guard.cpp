// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/request_guard.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(I6_request_guard)

namespace {

struct row {
    std::string_view head;
    int status;
    std::string_view fault;
};

using namespace std::string_view_literals;

// Each head ends with its empty line unless the row is about that.
constexpr row table[] = {
    // what browsers and proxies send
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, ""},
    {"GET /login/x?return_to=%2F HTTP/1.1\r\nHost: login.example.com:8443\r\nAccept: */*\r\n\r\n", 0, ""},
    {"GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 0, ""},
    {"GET / HTTP/1.0\r\nHost: a\r\n\r\n", 0, ""},
    {"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 0, ""},
    {"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 0, ""},
    {"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \t CHUNKED \r\n\r\n", 0, ""},
    {"GET / HTTP/1.1\r\nhOsT:a\r\nX-Empty:\r\nX: caf\xc3\xa9\ttab\r\n\r\n", 0, ""},
    {"GET http://a:80/x?y HTTP/1.1\r\nHost: a:80\r\n\r\n", 0, ""},
    {"GET HTTPS://A HTTP/1.1\r\nHost: a\r\n\r\n", 0, ""},
    {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0, ""},
    // how long the body is must be said once, in one way
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 400, "bad_transfer_encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400, "bad_transfer_encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", 400, "bad_transfer_encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 400, "bad_transfer_encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n", 400, "bad_transfer_encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", 400, "bad_transfer_encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", 400, "bad_transfer_encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400,
     "bad_transfer_encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
     "bad_transfer_encoding"},
    {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "bad_transfer_encoding"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
     "repeated_field"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n", 400,
     "repeated_field"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400, "repeated_field"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 400, "repeated_field"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", 400, "bad_content_length"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n", 400, "bad_content_length"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", 400, "bad_content_length"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n", 400, "bad_content_length"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 6\r\n\r\n", 400, "bad_content_length"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400, "bad_content_length"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413, "body_too_long"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n", 413, "body_too_long"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n", 400, "bad_field_name"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n", 400, "bad_field_name"},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b"
     "chunked\r\n\r\n",
     400, "bad_field_value"},
    // whom it is for
    {"GET / HTTP/1.1\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.0\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "repeated_field"},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "repeated_field"},
    {"GET / HTTP/1.1\r\nHost:\r\nHost: a\r\n\r\n", 400, "repeated_field"},
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: a:\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: :80\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: [::1]80\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: [g]\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: []\r\n\r\n", 400, "bad_host"},
    {"GET / HTTP/1.1\r\nHost: caf\xc3\xa9\r\n\r\n", 400, "bad_host"},
    {"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET http://a@b/ HTTP/1.1\r\nHost: b\r\n\r\n", 400, "bad_target"},
    {"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET http://a?x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400, "bad_target"},
    {"GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 405, "method_refused"},
    {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_refused"},
    // the request line
    {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request_line"},
    {" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_method"},
    {"G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_method"},
    {"GETGETGETGETGETGETGETGETGETGETGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_method"},
    {"GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET /caf\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
    {"GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET /\r\nHost: a\r\n\r\n", 400, "bad_request_line"},
    {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET / http/1.1\r\nHost: a\r\n\r\n", 400, "bad_request_line"},
    {"GET / HTTP/1.11\r\nHost: a\r\n\r\n", 400, "bad_request_line"},
    {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "bad_version"},
    {"PRI * HTTP/2.0\r\n\r\n", 505, "bad_version"},
    {"GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505, "bad_version"},
    // field lines
    {"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400, "folded_line"},
    {"GET / HTTP/1.1\r\nHost: a\r\n\tTransfer-Encoding: chunked\r\n\r\n", 400, "folded_line"},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, "folded_line"},
    {"GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400, "no_colon"},
    {"GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400, "bad_field_name"},
    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "bad_field_name"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX(y): z\r\n\r\n", 400, "bad_field_name"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX\0: z\r\n\r\n"sv, 400, "bad_field_name"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n"sv, 400, "bad_field_value"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: y\x1bz\r\n\r\n", 400, "bad_field_value"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: y\rContent-Length: 5\r\n\r\n", 400, "bad_field_value"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: y\nContent-Length: 5\r\n\r\n", 400, "bad_field_value"},
    {"GET / HTTP/1.1\nHost: a\r\n\r\n", 400, "bad_target"},
    {"GET / HTTP/1.1\r\nHost: a\n\n", 400, "bad_line_ending"},
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n", 400, "more_than_a_head"},
    // expectations
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n", 0, ""},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: a-miracle\r\n\r\n", 417, "bad_expectation"},
};

} // namespace

BOOST_AUTO_TEST_CASE(each_head_gets_its_judgement) {
    for (auto const& r : table) BOOST_TEST_CONTEXT(r.head) {
            auto const judged = judge_head(r.head);
            BOOST_TEST(judged.status == r.status);
            BOOST_TEST(judged.fault == r.fault);
            if (r.status != 0) BOOST_TEST(!judged.keep_alive);
        }
}

BOOST_AUTO_TEST_CASE(a_passed_head_is_taken_apart) {
    auto const judged = judge_head("POST http://A/x?y=1 HTTP/1.1\r\nhost: a\r\nContent-Length: 12\r\nX:  v \r\n"
                                   "Expect: 100-continue\r\nConnection: foo , Close\r\n\r\n");
    BOOST_TEST(judged.status == 0);
    BOOST_TEST(judged.method == "POST");
    BOOST_TEST(judged.target == "/x?y=1");
    BOOST_REQUIRE(judged.fields.size() == 5u);
    BOOST_TEST(judged.fields[2].name == "X");
    BOOST_TEST(judged.fields[2].value == "v");
    BOOST_TEST((judged.framing == body_framing::length));
    BOOST_TEST(judged.content_length == 12u);
    BOOST_TEST(judged.expects_continue);
    BOOST_TEST(!judged.keep_alive);
    BOOST_TEST(judge_head("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
    BOOST_TEST(!judge_head("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

BOOST_AUTO_TEST_CASE(sizes_are_limited) {
    std::string const end = " HTTP/1.1\r\nHost: a\r\n\r\n";
    BOOST_TEST(judge_head("GET /" + std::string(8191, 'x') + end).status == 0);
    BOOST_TEST(judge_head("GET /" + std::string(8192, 'x') + end).status == 414);
    auto with_fields = [](int n) {
        std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int i = 1; i < n; ++i) head += "X: y\r\n";
        return head + "\r\n";
    };
    BOOST_TEST(judge_head(with_fields(100)).status == 0);
    BOOST_TEST(judge_head(with_fields(101)).status == 431);
    std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    head.append(16 * 1024 - head.size() - 4, 'x').append("\r\n\r\n");
    BOOST_TEST(judge_head(head).status == 0);
    BOOST_TEST(judge_head(head.insert(30, "x")).status == 431);
    BOOST_TEST(judge_head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n").status == 0);
}

BOOST_AUTO_TEST_CASE(a_head_is_found_byte_by_byte) {
    std::string const text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET";
    std::size_t const size = text.size() - 3;
    for (std::size_t n = 0; n <= text.size(); ++n) {
        auto const found = look_for_head(std::string_view(text).substr(0, n), n == 0 ? 0 : n - 1);
        BOOST_TEST(found.status == 0);
        if (n != text.size()) BOOST_TEST(found.size == (n >= size ? (n == size ? size : 0u) : 0u));
    }
    BOOST_TEST(look_for_head(text, 0).size == size);
}

BOOST_AUTO_TEST_CASE(what_cannot_become_a_head_is_refused_early) {
    BOOST_TEST(look_for_head("GET / HTTP/1.1\n", 0).status == 400);
    BOOST_TEST(look_for_head("\n", 0).status == 400);
    BOOST_TEST(look_for_head("\r\n", 0).status == 400);
    BOOST_TEST(look_for_head("GET / HTTP/1.1\r\nHost: a\n\n", 0).status == 400);
    BOOST_TEST(look_for_head("GET /" + std::string(9000, 'x'), 0).status == 414);
    std::string const line = "GET / HTTP/1.1\r\nX: ";
    BOOST_TEST(look_for_head(line + std::string(16 * 1024 - line.size(), 'x'), 0).status == 0);
    BOOST_TEST(look_for_head(line + std::string(16 * 1024, 'x'), 0).status == 431);
    BOOST_TEST(look_for_head(line + std::string(16 * 1024, 'x') + "\r\n\r\n", 0).status == 431);
}

BOOST_AUTO_TEST_SUITE_END()
