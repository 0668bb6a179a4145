// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/environment.hpp>

#include "support/given_environment.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>

BOOST_AUTO_TEST_SUITE(environment_suite)

BOOST_AUTO_TEST_CASE(texts_come_from_variables_and_everything_else_stays) {
    authmod_test::given_environment const given{{"EXAMPLE_CLIENT_ID", "id"},
                                                {"EXAMPLE_TOKEN_URL", "https://id.example/token"},
                                                {"EXAMPLE_LOGOUT_URL", ""},
                                                {"EXAMPLE_READ_TIMEOUT_MS", "1"},
                                                {"OTHER_SCOPES", "all"}};
    authmod::settings text;
    text.logout_url = "https://id.example/logout";
    text.scopes = "email";
    auto const read = authmod::environment("EXAMPLE_").over(text);
    text.client_id = "id";
    text.token_url = "https://id.example/token";
    text.logout_url.clear();
    BOOST_TEST((read == text));
}

BOOST_AUTO_TEST_CASE(credentials_that_are_missing_are_named) {
    authmod_test::given_environment const given{{"EXAMPLE_CLIENT_ID", "id"}, {"EXAMPLE_CLIENT_SECRET", "s"}};
    authmod::environment const from("EXAMPLE_");
    BOOST_TEST(from.client_id() == "id");
    BOOST_TEST(from.client_secret().expose() == "s");
    BOOST_CHECK_EXCEPTION((void)from.redirect_uri(), std::invalid_argument, [](std::invalid_argument const& e) {
        return std::string(e.what()).find("EXAMPLE_REDIRECT_URI") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
