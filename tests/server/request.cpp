// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/request.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(a_target_is_split_and_decoded) {
    incoming_request r;
    BOOST_TEST(read_target("/", r));
    BOOST_TEST(r.path == "/");
    BOOST_TEST(r.query == "");
    BOOST_TEST(read_target("/a%20b/caf%C3%A9?x=%2F?y", r));
    BOOST_TEST(r.path == "/a b/caf\xc3\xa9");
    BOOST_TEST(r.query == "x=%2F?y");
    BOOST_TEST(read_target("/a/...//.x/x.", r));
    BOOST_TEST(r.path == "/a/...//.x/x.");
}

BOOST_AUTO_TEST_CASE(I6_paths_that_two_servers_read_differently_are_refused) {
    incoming_request r;
    for (std::string_view target :
         {"",     "*",         "a",       "?x",   "/.",     "/..",  "/a/../b", "/a/./b",    "/a/..",
          "/%2e", "/%2E%2e/x", "/a/.%2e", "/%2f", "/a%2Fb", "/%5c", "/\\",     "/%00",      "/%0d%0a",
          "/%1f", "/%7f",      "/%",      "/%4",  "/%zz",   "/%ff", "/%c0%af", "/%ed%a0%80"})
        BOOST_TEST_CONTEXT(target) BOOST_TEST(!read_target(target, r));
}

BOOST_AUTO_TEST_CASE(fields_are_found_without_case) {
    incoming_request r;
    r.fields.push_back({"X-CSRF-Token", "t"});
    BOOST_TEST(r.header("x-csrf-token") == "t");
    BOOST_TEST(r.header("x-csrf") == "");
    for (std::string_view method : {"GET", "HEAD"}) {
        r.method = method;
        BOOST_TEST(r.reads());
    }
    r.method = "POST";
    BOOST_TEST(!r.reads());
}

BOOST_AUTO_TEST_CASE(I2_every_reply_is_protected) {
    outgoing_reply reply(200, "text/plain", "x");
    protect(reply, false);
    BOOST_TEST(reply.header("Content-Security-Policy") ==
               "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; "
               "frame-ancestors 'none'; base-uri 'none'");
    BOOST_TEST(reply.header("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(reply.header("Referrer-Policy") == "no-referrer");
    BOOST_TEST(reply.header("Cache-Control") == "no-store");
    std::string_view const once = reply.standing;
    protect(reply, false);
    BOOST_TEST(reply.standing == once);

    outgoing_reply kept(200);
    kept.set("Cache-Control", "public");
    protect(kept, true);
    BOOST_TEST(kept.header("Cache-Control") == "public");
    BOOST_TEST(kept.standing.find("Cache-Control") == std::string_view::npos);
    protect(kept, true);
    BOOST_TEST(kept.header("cache-control") == "public");
    BOOST_TEST(kept.header("referrer-policy") == "no-referrer");
    BOOST_TEST(kept.header("X-Other") == "");
    BOOST_TEST(kept.header("Content-Security-Policy").find("http://127.0.0.1:*") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(A8_redirects_are_303) {
    auto const reply = redirect_to("/x");
    BOOST_TEST(reply.status == 303);
    BOOST_TEST(reply.header("Location") == "/x");
}

BOOST_AUTO_TEST_CASE(I5_a_refused_method_names_the_allowed_ones) {
    auto const reply = method_not_allowed("GET, HEAD");
    BOOST_TEST(reply.status == 405);
    BOOST_TEST(reply.header("Allow") == "GET, HEAD");
}

BOOST_AUTO_TEST_SUITE_END()
