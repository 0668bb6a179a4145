// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/cookie.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace authmod;

namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

pairs read(std::string_view field) {
    pairs all;
    for_each_cookie(field, [&](std::string_view name, std::string_view value) { all.emplace_back(name, value); });
    return all;
}

incoming_request with_cookies(std::string_view field) {
    incoming_request request;
    request.fields.push_back({"Cookie", field});
    return request;
}

/// As much of a browser as Set-Cookie needs.
struct browser {
    std::map<std::string, std::string> jar;

    void take(std::string const& line) {
        auto const end = line.find(';');
        auto const equals = line.find('=');
        std::string const name = line.substr(0, equals);
        BOOST_TEST(end <= max_cookie_bytes);
        if (line.find("; Max-Age=0;") != std::string::npos)
            jar.erase(name);
        else
            jar[name] = line.substr(equals + 1, end - equals - 1);
    }

    std::string field() const {
        std::string text;
        for (auto const& [name, value] : jar) text += (text.empty() ? "" : "; ") + name + "=" + value;
        return text;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(cookie)

BOOST_AUTO_TEST_CASE(H2_odd_fields_are_read_as_browsers_write_them) {
    BOOST_TEST((read("a=1; b=2") == pairs{{"a", "1"}, {"b", "2"}}));
    BOOST_TEST((read("a=1;b=2;") == pairs{{"a", "1"}, {"b", "2"}}));
    BOOST_TEST((read("  a =\t1 ") == pairs{{"a", "1"}}));
    BOOST_TEST((read("a") == pairs{{"", "a"}}));
    BOOST_TEST((read("=a") == pairs{{"", "a"}}));
    BOOST_TEST((read("a=") == pairs{{"a", ""}}));
    BOOST_TEST((read("a=b=c") == pairs{{"a", "b=c"}}));
    BOOST_TEST((read("a=\"x; y\"") == pairs{{"a", "\"x"}, {"", "y\""}}));
    BOOST_TEST((read("a=1; a=2; a=1") == pairs{{"a", "1"}, {"a", "2"}, {"a", "1"}}));
    BOOST_TEST(read("").empty());
    BOOST_TEST(read(";;; ; =; ").empty());
}

BOOST_AUTO_TEST_CASE(H2_huge_fields_take_linear_time) {
    auto time = [](std::string const& field, std::size_t expected) {
        auto const begin = std::chrono::steady_clock::now();
        auto const found = read(field).size();
        BOOST_TEST(found == expected);
        return std::chrono::steady_clock::now() - begin;
    };
    std::string many;
    for (int i = 0; i != 10'000; ++i) many += "n=v; ";
    BOOST_TEST((time(many, 10'000) < std::chrono::seconds(1)));
    BOOST_TEST((time(std::string(64 * 1024, '='), 1) < std::chrono::seconds(1)));
    BOOST_TEST((time(std::string(64 * 1024, ';'), 0) < std::chrono::seconds(1)));
    BOOST_TEST((time(std::string(64 * 1024, '"'), 1) < std::chrono::seconds(1)));
    BOOST_TEST((time(std::string(64 * 1024, 'x'), 1) < std::chrono::seconds(1)));
    auto const request = with_cookies(many);
    BOOST_TEST(cookie_jar(true).session(request).empty());
    BOOST_TEST(cookie_jar(true).attempts(request).empty());
}

BOOST_AUTO_TEST_CASE(H1_on_https_the_session_cookie_is_bound_to_this_host) {
    cookie_jar const jar(true);
    BOOST_TEST(jar.keep_session("abc") == "__Host-authmod_session=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
    BOOST_TEST(jar.drop_session() == "__Host-authmod_session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
    BOOST_TEST(jar.session(with_cookies("authmod_session=x; __Host-authmod_session=y")) == "y");
}

BOOST_AUTO_TEST_CASE(H1_on_loopback_http_it_is_neither_secure_nor_prefixed) {
    cookie_jar const jar(false);
    BOOST_TEST(jar.keep_session("abc") == "authmod_session=abc; Path=/; HttpOnly; SameSite=Lax");
    BOOST_TEST(jar.session(with_cookies("authmod_session=x; __Host-authmod_session=y")) == "x");
}

BOOST_AUTO_TEST_CASE(H2_G1_sessions_that_differ_are_no_session) {
    cookie_jar const jar(false);
    BOOST_TEST(jar.session(with_cookies("authmod_session=x; authmod_session=x")) == "x");
    BOOST_TEST(jar.session(with_cookies("authmod_session=x; authmod_session=y")).empty());
    incoming_request request = with_cookies("authmod_session=x");
    request.fields.push_back({"cookie", "authmod_session=y"});
    BOOST_TEST(jar.session(request).empty());
    std::string const long_value = "authmod_session=" + std::string(129, 'x');
    BOOST_TEST(jar.session(with_cookies(long_value)).empty());
}

BOOST_AUTO_TEST_CASE(H3_two_hundred_starts_leave_a_bounded_number_of_cookies_and_the_newest_finish) {
    cookie_jar const jar(true);
    browser b;
    std::vector<std::string> sealed;
    for (int i = 0; i != 200; ++i) {
        sealed.push_back("attempt" + std::to_string(i) + std::string(380, 'x'));
        std::string const field = b.field();
        auto const now = from_milliseconds(1'700'000'000'000 + i * 40);
        for (auto const& line : jar.keep_attempt(with_cookies(field), sealed.back(), "m" + std::to_string(i), now))
            b.take(line);
        BOOST_TEST(b.jar.size() <= cookie_jar::max_kept);
    }
    std::string const field = b.field();
    BOOST_TEST(field.size() < 8192u);
    auto const held = jar.attempts(with_cookies(field));
    BOOST_REQUIRE(held.size() >= 10u);
    for (std::size_t i = 0; i != 10; ++i) {
        BOOST_TEST(held[i].value == sealed[199 - i]);
        BOOST_TEST(held[i].mark() == "m" + std::to_string(199 - i));
    }
    b.take(jar.drop_attempt(held[0]));
    std::string const less = b.field();
    BOOST_TEST(jar.attempts(with_cookies(less)).size() == held.size() - 1);
}

BOOST_AUTO_TEST_CASE(long_attempts_push_out_old_ones_before_a_proxy_refuses_the_field) {
    cookie_jar const jar(true);
    browser b;
    for (int i = 0; i != 12; ++i) {
        std::string const field = b.field();
        for (auto const& line : jar.keep_attempt(with_cookies(field), std::string(2500, 'x'), "m",
                                                 from_milliseconds(1'700'000'000'000 + i)))
            b.take(line);
        BOOST_TEST(b.field().size() < 8192u);
    }
    BOOST_TEST(b.jar.size() == 2u);
}

BOOST_AUTO_TEST_CASE(cookies_of_others_are_no_attempts) {
    cookie_jar const jar(false);
    for (std::string_view field : {"authmod_login_=x", "authmod_login_zz_m=x", "authmod_login_1=x",
                                   "authmod_login_1_m=", "__Host-authmod_login_1_m=x", "xauthmod_login_1_m=x",
                                   "authmod_login_fffffffffffffffffff_m=x"})
        BOOST_TEST_CONTEXT(field) BOOST_TEST(jar.attempts(with_cookies(field)).empty());
    BOOST_TEST(jar.attempts(with_cookies("authmod_login_1_m=x")).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
