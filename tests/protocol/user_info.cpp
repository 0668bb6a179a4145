// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/user_info.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(user_info)

BOOST_AUTO_TEST_CASE(E2_the_token_goes_into_the_header_and_nowhere_else) {
    auto const request = user_info_request("https://api.bitbucket.org/2.0/user", secret(std::string("to-ken")));
    BOOST_TEST(request.method == "GET");
    BOOST_TEST(request.url == "https://api.bitbucket.org/2.0/user");
    BOOST_TEST(request.body == "");
    BOOST_TEST(request.headers.size() == 2u);
    BOOST_TEST((request.headers[0] == http_header("Accept", "application/json")));
    BOOST_TEST((request.headers[1] == http_header("Authorization", "Bearer to-ken")));
    BOOST_TEST(!request.single_use);
}

struct row {
    int status;
    errc profile;           // meaningless for 200
    std::string_view email; // given, none, or the error's word
};

constexpr row rows[] = {
    {204, errc::user_info_refused, "email_list_failed"},
    {301, errc::redirect_refused, "redirect_refused"},
    {302, errc::redirect_refused, "redirect_refused"},
    {307, errc::redirect_refused, "redirect_refused"},
    {400, errc::user_info_refused, "email_list_failed"},
    {401, errc::user_info_refused, "email_list_failed"},
    {403, errc::user_info_refused, "none"},
    {404, errc::user_info_refused, "none"},
    {410, errc::user_info_refused, "email_list_failed"},
    {429, errc::provider_rate_limited, "email_list_failed"},
    {500, errc::provider_failed, "email_list_failed"},
    {503, errc::provider_failed, "email_list_failed"},
    {0, errc::user_info_refused, "email_list_failed"},
    {101, errc::user_info_refused, "email_list_failed"},
    {201, errc::user_info_refused, "email_list_failed"},
    {599, errc::provider_failed, "email_list_failed"},
};

BOOST_AUTO_TEST_CASE(E3_a_profile_is_read_from_a_200_only) {
    BOOST_TEST(judge_profile_answer(http_response(200, "{}")).has_value());
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.status) {
            auto const judged = judge_profile_answer(http_response(r.status, "{\"message\":\"no\"}"));
            BOOST_REQUIRE(!judged);
            BOOST_TEST(to_word(judged.error().code) == to_word(r.profile));
            BOOST_TEST(judged.error().details.status == r.status);
            BOOST_TEST(judged.error().details.step == "profile");
            BOOST_TEST(judged.error().details.provider_said == "{\"message\":\"no\"}");
        }
}

BOOST_AUTO_TEST_CASE(E7_a_missing_email_is_told_from_a_failed_list) {
    BOOST_TEST(judge_email_answer(http_response(200, "{}")).value());
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.status) {
            auto const judged = judge_email_answer(http_response(r.status, "x"));
            if (r.email == "none") {
                BOOST_TEST(!judged.value());
            } else {
                BOOST_REQUIRE(!judged);
                BOOST_TEST(to_word(judged.error().code) == r.email);
                BOOST_TEST(judged.error().details.step == "email");
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
