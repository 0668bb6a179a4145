// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/reply_bytes.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(reply_bytes)

BOOST_AUTO_TEST_CASE(a_reply_is_head_and_body) {
    outgoing_reply const reply(200, "text/plain", "hello");
    BOOST_TEST(to_bytes(reply, false, false, "D") ==
               "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
    BOOST_TEST(
        to_bytes(reply, true, true, "D") ==
        "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
    BOOST_TEST(to_bytes(outgoing_reply(204), false, false, "D") == "HTTP/1.1 204 No Content\r\nDate: D\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(I2_a_protected_reply_carries_every_field_once) {
    outgoing_reply reply(200);
    reply.set("cache-control", "public");
    protect(reply, false);
    protect(reply, false);
    BOOST_TEST(to_bytes(reply, false, false, "D") ==
               "HTTP/1.1 200 OK\r\nDate: D\r\ncache-control: public\r\n"
               "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' https:; "
               "form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n"
               "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nContent-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(I3_a_value_never_begins_a_line_of_its_own) {
    outgoing_reply reply = redirect_to("/x\r\nSet-Cookie: a=b");
    reply.set("X-A\r\nX-B", "c");
    reply.set("X-Good", "yes");
    BOOST_TEST(to_bytes(reply, false, false, "D") ==
               "HTTP/1.1 303 See Other\r\nDate: D\r\nX-Good: yes\r\nContent-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(dates_are_those_of_http) {
    BOOST_TEST(http_date(from_milliseconds(784'111'777'999)) == "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(http_date(from_milliseconds(0)) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

BOOST_AUTO_TEST_SUITE_END()
