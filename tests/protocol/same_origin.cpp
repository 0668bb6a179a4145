// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/same_origin.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(same_origin_)

constexpr std::string_view list = "https://api.bitbucket.org/2.0/user/emails";

BOOST_AUTO_TEST_CASE(E7_next_stays_on_the_origin_of_its_list) {
    static_assert(same_origin("https://api.bitbucket.org/2.0/user/emails?page=2", list));
    BOOST_TEST(same_origin("https://api.bitbucket.org:443/elsewhere", list));
    BOOST_TEST(same_origin("https://API.bitbucket.org/", list));
    BOOST_TEST(same_origin("https://x.example:8443/", "https://x.example:8443/list"));
}

BOOST_AUTO_TEST_CASE(E7_everything_else_is_not_followed) {
    for (std::string_view next : {"",
                                  "?page=2",
                                  "/2.0/user/emails?page=2",
                                  "//api.bitbucket.org/",
                                  "http://api.bitbucket.org/",
                                  "https://bitbucket.org/!api/2.0/",
                                  "https://api.bitbucket.org:444/",
                                  "https://api.bitbucket.org.evil.example/",
                                  "https://evil.example/",
                                  "https://api.bitbucket.org@evil.example/",
                                  "https://evil.example\\@api.bitbucket.org/",
                                  "https://evil.example#@api.bitbucket.org/",
                                  "https://api.bitbucket.org./",
                                  "https://api.bitbucket.org\t/",
                                  "https://xapi.bitbucket.org/",
                                  "https://api.bitbucket.org%2eevil.example/",
                                  "https://api.bitbucket.org/#f",
                                  "ftp://api.bitbucket.org/",
                                  "https://169.254.169.254/",
                                  "https://api.bitbucket.org/a b",
                                  "https://api.bitbucket.org/\r\nHost: x"})
        BOOST_TEST(!same_origin(next, list), "followed: " << next);
    BOOST_TEST(!same_origin(list, "not a URL"));
    BOOST_TEST(!same_origin("not a URL", "not a URL"));
}

BOOST_AUTO_TEST_CASE(E7_loopback_http_follows_loopback_http_only) {
    BOOST_TEST(same_origin("http://127.0.0.1:9000/2", "http://127.0.0.1:9000/1"));
    BOOST_TEST(!same_origin("http://127.0.0.1:9001/2", "http://127.0.0.1:9000/1"));
    BOOST_TEST(!same_origin("http://localhost:9000/2", "http://127.0.0.1:9000/1"));
    BOOST_TEST(!same_origin("http://127.0.0.1/2", list));
    BOOST_TEST(!same_origin("https://127.0.0.1:9000/2", "http://127.0.0.1:9000/1"));
}

BOOST_AUTO_TEST_SUITE_END()
