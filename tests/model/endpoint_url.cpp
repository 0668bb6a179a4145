// SPDX-License-Identifier: BSL-1.0
#include "authmod/model/endpoint_url.hpp"
#include "test_paths.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(endpoint_url_)

struct row {
    std::string_view text;
    url_errc code;
    std::size_t offset = 0;
};

constexpr row rows[] = {
    {"https://bitbucket.org/site/oauth2/authorize", url_errc::ok},
    {"https://api.bitbucket.org/2.0/user?fields=%2A", url_errc::ok},
    {"https://example.com", url_errc::ok},
    {"https://example.com?a=b", url_errc::ok},
    {"https://EXAMPLE.com:8443/", url_errc::ok},
    {"https://key_cloak:65535/", url_errc::ok},
    {"https://intranet/x", url_errc::ok},
    {"https://xn--bcher-kva.example/", url_errc::ok},
    {"https://192.0.2.1/", url_errc::ok},
    {"https://[::1]/", url_errc::ok},
    {"https://[2001:db8::192.0.2.1]:1/", url_errc::ok},
    {"https://[1:2:3:4:5:6:7:8]/", url_errc::ok},
    {"https://a.3com/", url_errc::ok},
    {"", url_errc::empty_url},
    {"http://example.com/", url_errc::not_https},
    {"http://127.0.0.1/", url_errc::not_https},
    {"HTTPS://example.com/", url_errc::not_https},
    {"https:/example.com/", url_errc::not_https},
    {"https:\\\\example.com/", url_errc::not_https},
    {" https://example.com/", url_errc::not_https},
    {"//example.com/", url_errc::not_https},
    {"/path", url_errc::not_https},
    {"javascript:alert(1)", url_errc::not_https},
    {"https://", url_errc::bad_host, 8},
    {"https:///path", url_errc::bad_host, 8},
    {"https://?a", url_errc::bad_host, 8},
    {"https://:80/", url_errc::bad_host, 8},
    {"https://ex ample.com/", url_errc::bad_host, 8},
    {"https://ex%61mple.com/", url_errc::bad_host, 8},
    {"https://b\xc3\xbc"
     "cher.example/",
     url_errc::bad_host, 8},
    {"https://example.com./", url_errc::bad_host, 8},
    {"https://.example.com/", url_errc::bad_host, 8},
    {"https://a..b/", url_errc::bad_host, 8},
    {"https://-a.example/", url_errc::bad_host, 8},
    {"https://a-.example/", url_errc::bad_host, 8},
    {"https://0x7f.1/", url_errc::bad_host, 8},
    {"https://2130706433/", url_errc::bad_host, 8},
    {"https://127.1/", url_errc::bad_host, 8},
    {"https://0177.0.0.1/", url_errc::bad_host, 8},
    {"https://127.0.0.01/", url_errc::bad_host, 8},
    {"https://256.0.0.1/", url_errc::bad_host, 8},
    {"https://1.2.3.4.5/", url_errc::bad_host, 8},
    {"https://1.2.3.4.example/", url_errc::bad_host, 8},
    {"https://169.254.169.254x/", url_errc::bad_host, 8},
    {"https://a.0x/", url_errc::bad_host, 8},
    {"https://[::1/", url_errc::bad_host, 8},
    {"https://[]/", url_errc::bad_host, 8},
    {"https://[::1%25eth0]/", url_errc::bad_host, 8},
    {"https://[1:2:3:4:5:6:7]/", url_errc::bad_host, 8},
    {"https://[1::2::3]/", url_errc::bad_host, 8},
    {"https://[::192.0.2.256]/", url_errc::bad_host, 8},
    {"https://[192.0.2.1]/", url_errc::bad_host, 8},
    {"https://[12345::]/", url_errc::bad_host, 8},
    {"https://[:::]/", url_errc::bad_host, 8},
    {"https://[::1]x/", url_errc::bad_host, 13},
    {"https://user@example.com/", url_errc::has_userinfo, 8},
    {"https://user:pw@example.com/", url_errc::has_userinfo, 8},
    {"https://good.example\\@evil.example/", url_errc::bad_character, 20},
    {"https://example.com:/", url_errc::bad_port, 20},
    {"https://example.com:0/", url_errc::bad_port, 20},
    {"https://example.com:080/", url_errc::bad_port, 20},
    {"https://example.com:65536/", url_errc::bad_port, 20},
    {"https://example.com:8x/", url_errc::bad_port, 20},
    {"https://example.com:8:8/", url_errc::bad_port, 20},
    {"https://example.com/#top", url_errc::has_fragment, 20},
    {"https://example.com#", url_errc::has_fragment, 19},
    {"https://example.com/a b", url_errc::bad_character, 21},
    {"https://example.com/a\\b", url_errc::bad_character, 21},
    {"https://example.com/a\r\nHost: x", url_errc::bad_character, 21},
    {"https://example.com/{tenant}", url_errc::bad_character, 20},
    {"https://example.com/caf\xc3\xa9", url_errc::bad_character, 23},
    {"https://example.com/%", url_errc::bad_escape, 20},
    {"https://example.com/%4", url_errc::bad_escape, 20},
    {"https://example.com/?%zz", url_errc::bad_escape, 21},
};

static_assert(std::ranges::all_of(rows, [](row r) {
    return check_endpoint_url(r.text) == url_error{r.code, r.offset};
}));

BOOST_AUTO_TEST_CASE(run_time_reports_what_the_compiler_reports) {
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.text) {
            auto const error = check_endpoint_url(r.text);
            BOOST_TEST(to_word(error.code) == to_word(r.code));
            BOOST_TEST(error.offset == r.offset);
        }
}

BOOST_AUTO_TEST_CASE(J1_http_is_for_this_machine_only_and_only_where_allowed) {
    for (std::string_view text : {"http://127.0.0.1:8080/x", "http://127.1.2.3/", "http://localhost/",
                                  "http://LOCALHOST:1/", "http://[::1]:80/"}) {
        BOOST_TEST((check_endpoint_url(text, true) == url_error{}), text);
        BOOST_TEST((check_endpoint_url(text, false).code == url_errc::not_https), text);
    }
    for (std::string_view text :
         {"http://example.com/", "http://localhost.example/", "http://10.0.0.1/", "http://[::2]/",
          "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://128.0.0.1/"})
        BOOST_TEST((check_endpoint_url(text, true).code == url_errc::not_https), text);
    BOOST_TEST((check_endpoint_url("http://127.0.0.1.example/", true).code == url_errc::bad_host));
    BOOST_TEST((check_endpoint_url("ftp://localhost/", true).code == url_errc::not_https));
}

BOOST_AUTO_TEST_CASE(a_url_comes_apart) {
    endpoint_url url;
    BOOST_TEST((parse_endpoint_url("https://Example.com:8443/a/b?c=d", false, url) == url_error{}));
    BOOST_TEST(url.https);
    BOOST_TEST(url.host == "Example.com");
    BOOST_TEST(url.port == 8443);
    BOOST_TEST(url.target == "/a/b?c=d");
    BOOST_TEST((parse_endpoint_url("http://[::1]", true, url) == url_error{}));
    BOOST_TEST(!url.https);
    BOOST_TEST(url.host == "[::1]");
    BOOST_TEST(url.port == 80);
    BOOST_TEST(url.target == "");
    BOOST_TEST((parse_endpoint_url("https://x/#", false, url) != url_error{}));
    BOOST_TEST(url.host == "[::1]"); // untouched by a text that fails
}

BOOST_AUTO_TEST_CASE(lengths_are_bounded) {
    std::string url = "https://example.com/";
    url.append(max_url_bytes - url.size(), 'a');
    BOOST_TEST((check_endpoint_url(url) == url_error{}));
    BOOST_TEST((check_endpoint_url(url + 'a') == url_error{url_errc::too_long, max_url_bytes}));
    std::string const label(63, 'a');
    BOOST_TEST((check_endpoint_url("https://" + label + ".example/") == url_error{}));
    BOOST_TEST((check_endpoint_url("https://" + label + "a.example/").code == url_errc::bad_host));
    std::string const name = label + '.' + label + '.' + label + '.' + std::string(61, 'a'); // 253
    BOOST_TEST((check_endpoint_url("https://" + name + "/") == url_error{}));
    BOOST_TEST((check_endpoint_url("https://" + name + "a/").code == url_errc::bad_host));
}

BOOST_AUTO_TEST_CASE(every_reason_has_a_word_and_a_sentence_of_its_own) {
    std::set<std::string_view> words, sentences;
    for (int i = 0; i <= static_cast<int>(url_errc::bad_placeholder); ++i) {
        words.insert(to_word(static_cast<url_errc>(i)));
        sentences.insert(message(static_cast<url_errc>(i)));
    }
    BOOST_TEST(words.size() == 11u);
    BOOST_TEST(sentences.size() == 11u);
}

// The same host for two readers: names without case, addresses by value.
std::string canonical_host(std::string host) {
    std::array<unsigned char, 16> bytes{};
    std::array<char, 64> text{};
    if (host.starts_with('[') && host.ends_with(']') &&
        inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), bytes.data()) == 1)
        return inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    std::ranges::transform(host, host.begin(), ascii::to_lower);
    return host;
}

void boost_url_agrees(std::string_view text) {
    endpoint_url ours;
    if (parse_endpoint_url(text, true, ours) != url_error{}) return;
    auto const theirs = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
    BOOST_REQUIRE_MESSAGE(theirs.has_value(), "Boost.URL refuses " << text);
    BOOST_TEST(std::string(theirs->encoded_host()) == ours.host);
    BOOST_TEST((theirs->has_port() ? theirs->port_number() : ours.https ? 443 : 80) == ours.port);
    BOOST_TEST(!theirs->has_userinfo());
    BOOST_TEST(!theirs->has_fragment());
    BOOST_TEST(std::string(theirs->encoded_resource()) == (ours.target));
}

BOOST_AUTO_TEST_CASE(boost_url_reads_the_same_parts) {
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.text) boost_url_agrees(r.text);
    // Every byte at every kind of place.
    for (int c = 1; c != 256; ++c)
        for (std::string_view pattern : {"https://a*b/", "https://a/*", "https://a/?*", "https://a*", "https://[1*::]/",
                                         "https://a:1*/", "https://*/"}) {
            std::string text(pattern);
            text[text.find('*')] = static_cast<char>(c);
            BOOST_TEST_CONTEXT(text) boost_url_agrees(text);
        }
}

BOOST_AUTO_TEST_CASE(whatwg_reads_the_same_host) {
    std::ifstream file(AUTHMOD_SHARED "/vectors/url/urltestdata.json");
    if (!file) {
        BOOST_TEST_MESSAGE("skipped: no WHATWG URL data at " AUTHMOD_SHARED);
        return;
    }
    std::stringstream content;
    content << file.rdbuf();
    int accepted = 0, refused = 0;
    auto const cases = boost::json::parse(content.str());
    for (auto const& item : cases.as_array()) {
        auto const* test = item.if_object();
        if (!test) continue;
        bool const failure = test->contains("failure");
        // Most of the data is http to foreign hosts. http and https are read alike, so https stands in for it.
        for (auto const* member : {"input", "href"}) {
            if (!test->contains(member)) continue;
            std::string text(test->at(member).as_string());
            if (text.starts_with("http://")) text.insert(4, "s");
            endpoint_url url;
            if (parse_endpoint_url(text, false, url) != url_error{}) {
                ++refused;
                continue;
            }
            ++accepted;
            BOOST_TEST_CONTEXT(text) {
                if (failure && canonical_host(std::string(url.host)).find("xn--") != std::string::npos)
                    continue; // see the header: never decoded here
                BOOST_REQUIRE_MESSAGE(!failure, "WHATWG refuses it");
                auto const host = std::string(test->at("hostname").as_string());
                BOOST_TEST(canonical_host(host) == canonical_host(std::string(url.host)));
                BOOST_TEST(test->at("username").as_string() == "");
                BOOST_TEST(test->at("hash").as_string() == "");
                auto const& port = test->at("port").as_string();
                if (!port.empty()) BOOST_TEST(std::stoi(std::string(port)) == url.port);
            }
        }
    }
    BOOST_TEST_MESSAGE("WHATWG URL data: " << accepted << " accepted, " << refused << " refused");
    BOOST_TEST(accepted > 100);
    BOOST_TEST(refused > 500);
}

BOOST_AUTO_TEST_SUITE_END()
