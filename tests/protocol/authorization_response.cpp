// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/authorization_response.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(authorization_response_)

bool malformed(std::string_view text) {
    auto const r = read_authorization_response(text);
    return !r && r.error() == errc::callback_malformed;
}

BOOST_AUTO_TEST_CASE(a_query_and_a_whole_url_read_alike) {
    for (std::string_view text :
         {"code=abc&state=xyz", "?code=abc&state=xyz", "https://s.example/callback/1?code=abc&state=xyz",
          "http://localhost:8080/callback?code=abc&state=xyz#_=_", "state=xyz&more=1&code=abc"}) {
        auto const r = read_authorization_response(text).value();
        BOOST_TEST(r.code.expose() == "abc", text);
        BOOST_TEST(r.state == "xyz");
        BOOST_TEST(r.iss == "");
        BOOST_TEST(r.error == "");
    }
}

BOOST_AUTO_TEST_CASE(B3_a_repeated_parameter_is_refused) {
    for (std::string_view name : {"code", "state", "iss", "error"}) {
        std::string const one = std::string(name) + "=a";
        BOOST_TEST(!malformed("code=abc&state=xyz" + (name == "code" || name == "state" ? "" : "&" + one)), name);
        BOOST_TEST(malformed("code=a&state=a&" + one + "&" + one), name);
        BOOST_TEST(malformed("code=a&state=a&" + one + "&" + std::string(name)), name);
        BOOST_TEST(malformed("code=a&state=a&" + one + "&%" +
                             (name[0] == 'c'   ? "63"
                              : name[0] == 's' ? "73"
                              : name[0] == 'i' ? "69"
                                               : "65") +
                             std::string(name.substr(1)) + "=b"),
                   name);
    }
    BOOST_TEST(!malformed("code=a&state=b&foo=1&foo=2")); // of parameters that nobody reads
    BOOST_TEST(!malformed("code=a&state=b&CODE=2"));      // names have a case
}

BOOST_AUTO_TEST_CASE(B4_an_error_wins_over_a_code) {
    auto const r =
        read_authorization_response("code=abc&error=access_denied&error_description=no%20thanks&state=xyz").value();
    BOOST_TEST(r.code.empty());
    BOOST_TEST(r.error == "access_denied");
    BOOST_TEST(r.error_description == "no thanks");
    BOOST_TEST(r.state == "xyz");
}

BOOST_AUTO_TEST_CASE(B4_only_known_error_codes_are_kept) {
    for (std::string_view word :
         {"invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type", "invalid_scope",
          "server_error", "temporarily_unavailable", "interaction_required", "login_required",
          "account_selection_required", "consent_required"})
        BOOST_TEST(read_authorization_response("error=" + std::string(word)).value().error == word);
    for (std::string_view word :
         {"", "ACCESS_DENIED", "%3Cscript%3E", "access_denied%0d%0aSet-Cookie:x", "whatever", "unknown_error"})
        BOOST_TEST(read_authorization_response("error=" + std::string(word)).value().error == "unknown_error", word);
}

BOOST_AUTO_TEST_CASE(B4_the_description_is_cut_and_fit_for_one_line) {
    auto const r =
        read_authorization_response("error=access_denied&error_description=a%0d%0ab%00%C3%A9" + std::string(500, 'x'))
            .value();
    BOOST_TEST(r.error_description.size() == 256u);
    BOOST_TEST(r.error_description.starts_with("a??b???x"));
}

BOOST_AUTO_TEST_CASE(B5_the_issuer_is_kept_byte_for_byte) {
    BOOST_TEST(read_authorization_response("code=a&iss=https%3A%2F%2Fidp.example%2F").value().iss ==
               "https://idp.example/");
    BOOST_TEST(read_authorization_response("error=access_denied&iss=https%3A%2F%2Fidp.example").value().iss ==
               "https://idp.example");
    BOOST_TEST(malformed("code=a&state=b&iss="));
    BOOST_TEST(malformed("code=a&state=b&iss=%00"));
}

BOOST_AUTO_TEST_CASE(B6_any_printable_code_survives) {
    std::string all;
    for (char c = ' '; c <= '~'; ++c) all += c;
    BOOST_TEST(read_authorization_response("state=s&code=" + percent_encode(all)).value().code.expose() == all);
    BOOST_TEST(read_authorization_response("state=s&code=" + form_encode(all)).value().code.expose() == all);
    std::string const long_code(4096, '%');
    BOOST_TEST(malformed("code=" + percent_encode(long_code))); // 12 KiB encoded
    std::string const code(2500, '+');
    BOOST_TEST(read_authorization_response("code=" + percent_encode(code)).value().code.expose() == code);
    for (int c : {0, 9, 10, 13, 31, 127, 128, 233, 255}) {
        std::string const one(1, static_cast<char>(c));
        BOOST_TEST(malformed("state=s&code=a" + percent_encode(one)));
        BOOST_TEST(malformed("code=a&state=s" + percent_encode(one)));
        BOOST_TEST(malformed("code=a" + one + "&state=s"));
    }
}

BOOST_AUTO_TEST_CASE(what_is_neither_a_code_nor_an_error_is_malformed) {
    for (std::string_view text : {"", "?", "state=xyz", "code=", "code", "code=&state=x", "https://s.example/callback",
                                  "https://s.example/callback?", "code=%", "code=%zz", "code=a&x=%4", "#code=a",
                                  "https://s.example/callback#code=a"})
        BOOST_TEST(malformed(text), "accepted: " << text);
}

BOOST_AUTO_TEST_CASE(a_missing_state_is_left_to_the_flow) {
    BOOST_TEST(read_authorization_response("code=a").value().state == "");
    BOOST_TEST(read_authorization_response("code=a&state=").value().state == "");
}

BOOST_AUTO_TEST_CASE(floods_are_refused) {
    BOOST_TEST(malformed("code=a&x=" + std::string(9000, 'x')));
    BOOST_TEST(malformed("https://s.example/" + std::string(9000, 'x') + "?code=a"));
    BOOST_TEST(malformed("code=a#" + std::string(9000, 'x')));
    std::string many = "code=a";
    for (int i = 0; i != 64; ++i) many += "&x";
    BOOST_TEST(malformed(many));
    BOOST_TEST(!malformed(many.substr(0, many.size() - 2)));
}

BOOST_AUTO_TEST_SUITE_END()
