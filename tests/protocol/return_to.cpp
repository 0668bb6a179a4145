// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/return_to.hpp"
#include "test_paths.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <string>
#include <vector>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(return_to)

/// What a browser does with a Location header on https://service.example/, after the WHATWG URL Standard 4.4, as far as
/// the host goes: does it stay here?
bool stays(std::string_view location) {
    std::string text;
    for (char c : location) // tabs and line ends are removed wherever they stand
        if (c != '\t' && c != '\n' && c != '\r') text += c;
    auto const blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    while (!text.empty() && blank(text.front())) text.erase(0, 1);
    while (!text.empty() && blank(text.back())) text.pop_back();

    std::size_t i = 0; // a scheme?
    if (!text.empty() && ascii::is_letter(text[0]))
        while (i != text.size() && (ascii::is_letter(text[i]) || ascii::is_digit(text[i]) ||
                                    std::string_view("+-.").find(text[i]) != std::string_view::npos))
            ++i;
    if (i != 0 && i != text.size() && text[i] == ':')
        return false; // even `https:x`: payloads with a scheme are never ours
    auto const slash = [&](std::size_t at) { return at < text.size() && (text[at] == '/' || text[at] == '\\'); };
    return !(slash(0) && slash(1)); // two of either kind begin an authority
}

std::vector<std::string> lines_of(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

// Decoded up to four times, as careless programs behind a proxy do.
bool stays_however_decoded(std::string text) {
    for (int i = 0; i != 5; ++i) {
        if (!stays(text) || text.find("/../") != text.npos || text.find('\\') < text.find('?')) return false;
        text = detail::decode_leniently(text.substr(0, text.find('?')));
    }
    return true;
}

void check_payloads(std::vector<std::string> const& payloads, std::size_t leaving_at_least) {
    std::size_t accepted = 0, leaving = 0;
    for (auto const& payload : payloads) {
        leaving += !stays(payload);
        auto const r = safe_return_to(payload);
        if (!r) {
            BOOST_TEST((r.error() == errc::return_to_refused));
            continue;
        }
        ++accepted;
        BOOST_TEST(*r == payload);
        BOOST_TEST(stays_however_decoded(*r), "leaves the site: " << payload);
    }
    BOOST_TEST_MESSAGE(payloads.size() << " payloads, " << leaving << " would leave, " << accepted << " accepted");
    BOOST_TEST(leaving >= leaving_at_least); // else the list proves nothing
}

BOOST_AUTO_TEST_CASE(B9_no_payload_of_our_list_is_accepted) {
    auto const payloads = lines_of(AUTHMOD_TEST_DATA "/redirects.txt");
    BOOST_TEST(payloads.size() > 400u);
    check_payloads(payloads, 150);
    for (auto const& payload : payloads) BOOST_TEST(!safe_return_to(payload), "accepted: " << payload);
}

BOOST_AUTO_TEST_CASE(B9_no_public_payload_leaves_the_site) {
    for (std::string const& file : {std::string("payloads-1.txt"), std::string("payloads-2.txt")}) {
        auto const payloads = lines_of(AUTHMOD_SHARED "/vectors/redirects/" + file);
        if (payloads.empty())
            BOOST_TEST_MESSAGE("skipped: no redirect payloads at " AUTHMOD_SHARED);
        else
            check_payloads(payloads, 200);
    }
}

BOOST_AUTO_TEST_CASE(B9_paths_of_the_site_pass_unchanged) {
    std::string const longest = "/" + std::string(max_return_to_bytes - 1, 'a');
    for (std::string_view text : {"/",
                                  "/a",
                                  "/a/",
                                  "/a/b.c/d~e-f_g",
                                  "/?q",
                                  "/a?b=c&d=%2F%2Fe",
                                  "/a?next=https://elsewhere.example//x",
                                  "/@nadia",
                                  "/a;v=1/b,c",
                                  "/100%25",
                                  "/caf%C3%A9",
                                  "/a%20b",
                                  "/a%2fb",
                                  "/...",
                                  "/.well-known/x",
                                  "/a..b/..c",
                                  "/a?x=../..",
                                  "/a:b",
                                  "/?%0d%0a",
                                  "/a?//",
                                  longest.c_str()})
        BOOST_TEST((safe_return_to(text).has_value() && *safe_return_to(text) == text), "refused: " << text);
}

BOOST_AUTO_TEST_CASE(B9_everything_else_is_refused) {
    for (std::string_view text : {"",
                                  "a",
                                  "?a",
                                  "#a",
                                  "//",
                                  "///",
                                  "/\\",
                                  "/a\\b",
                                  "/a//b",
                                  "/..",
                                  "/../a",
                                  "/a/..",
                                  "/a/./b",
                                  "/%2e%2e/a",
                                  "/a/%2E",
                                  "/%2f/evil",
                                  "/%2f..",
                                  "/%5cevil",
                                  "/%09/evil",
                                  "/a%00",
                                  "/a%0ab",
                                  "/a%7f",
                                  "/%252f/evil",
                                  "/%25252f/evil",
                                  "/%2525252f/evil",
                                  "/%252525252f/x",
                                  "/%252fevil%25zz/..%252f",
                                  "/a#b",
                                  "/a b",
                                  "/a\tb",
                                  "/a\nb",
                                  "/caf\xc3\xa9",
                                  "/%",
                                  "/%4",
                                  "/%zz",
                                  "/a?%",
                                  "/a?b\\c",
                                  "/a?b c",
                                  "/<x>",
                                  "/\"",
                                  "/{a}",
                                  "/a|b",
                                  "/[a]",
                                  "https://service.example/"})
        BOOST_TEST(!safe_return_to(text), "accepted: " << text);
    BOOST_TEST(!safe_return_to(std::string_view("/a\0b", 4)));
    BOOST_TEST(!safe_return_to("/" + std::string(max_return_to_bytes, 'a')));
}

BOOST_AUTO_TEST_CASE(B9_no_single_byte_makes_a_way_out) {
    for (int c = 0; c != 256; ++c)
        for (std::string_view pattern : {"*//evil.example", "/*/evil.example", "/*evil.example", "*", "/*", "/a/*/b",
                                         "/%*f/evil.example", "/%2*/evil.example"}) {
            std::string text(pattern);
            text[text.find('*')] = static_cast<char>(c);
            auto const r = safe_return_to(text);
            if (r) BOOST_TEST(stays_however_decoded(*r), "leaves the site: " << text);
        }
}

BOOST_AUTO_TEST_SUITE_END()
