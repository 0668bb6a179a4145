// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/authorization_request.hpp"

#include "authmod/model/endpoint_url.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(authorization_request_)

authorization_request bitbucket() {
    authorization_request r;
    r.authorization_url = "https://bitbucket.org/site/oauth2/authorize";
    r.client_id = "key";
    r.redirect_uri = "https://service.example/callback/01h";
    r.scope = "account email";
    r.state = "st-_1";
    return r;
}

BOOST_AUTO_TEST_CASE(A1_the_request_asks_for_a_code) {
    BOOST_TEST(bitbucket().to_url() ==
               "https://bitbucket.org/site/oauth2/authorize?response_type=code&client_id=key"
               "&redirect_uri=https%3A%2F%2Fservice.example%2Fcallback%2F01h&scope=account%20email&state=st-_1");
}

BOOST_AUTO_TEST_CASE(A3_a_challenge_goes_with_its_method_and_never_alone) {
    auto r = bitbucket();
    BOOST_TEST(r.to_url().find("code_challenge") == std::string::npos);
    r.code_challenge = "abc";
    BOOST_TEST(r.to_url().ends_with("&code_challenge=abc&code_challenge_method=S256"));
    r.nonce = "n";
    BOOST_TEST(r.to_url().ends_with("&code_challenge_method=S256&nonce=n"));
}

BOOST_AUTO_TEST_CASE(an_own_query_of_the_endpoint_is_kept) {
    auto r = bitbucket();
    for (auto const& [url, start] :
         {std::pair{"https://p.example/a?x=1", "https://p.example/a?x=1&response_type=code&"},
          std::pair{"https://p.example/a?", "https://p.example/a?response_type=code&"},
          std::pair{"https://p.example/a?x&", "https://p.example/a?x&response_type=code&"},
          std::pair{"https://p.example", "https://p.example?response_type=code&"}}) {
        r.authorization_url = url;
        BOOST_TEST(r.to_url().starts_with(start), r.to_url());
    }
}

BOOST_AUTO_TEST_CASE(no_value_can_add_a_parameter_or_leave_the_url) {
    auto r = bitbucket();
    std::string odd = "&x=1#f?%\r\n \"<>\\+";
    for (int i = 128; i != 256; ++i) odd += static_cast<char>(i);
    r.client_id = r.redirect_uri = r.scope = r.state = r.code_challenge = r.nonce = odd;
    auto const url = r.to_url();
    BOOST_TEST((check_endpoint_url(url.substr(0, 2000)).code != url_errc::bad_character));
    BOOST_TEST(url.find_first_of("#\r\n \"<>\\+") == url.npos);
    auto const fields = read_form(url.substr(url.find('?') + 1)).value();
    BOOST_TEST(fields.size() == 8u);
    for (auto const& f : fields)
        if (f.name != "response_type" && f.name != "code_challenge_method") BOOST_TEST(f.value == odd, f.name);
}

BOOST_AUTO_TEST_SUITE_END()
