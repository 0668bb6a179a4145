// SPDX-License-Identifier: BSL-1.0
// What is refused is tested in tests/compile.
#include "authmod/provider/provider.hpp"

#include "authmod/mapping/static_path.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

namespace {

constexpr custom_path attributes[] = {{"Department", "work/department"_path}, {"Phone", "phones/0"_path}};

struct full {
    static constexpr char const* id = "full_1";
    static constexpr std::string_view label = "Full";
    static constexpr std::string_view icon_svg = "<svg viewBox=\"0 0 24 24\"></svg>";
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize?a=b",
                                                  .token_url = "https://id.example:8443/token",
                                                  .user_info_url = "https://id.example/me",
                                                  .logout_url = "https://id.example/logout",
                                                  .email_url = "https://id.example/emails",
                                                  .avatar_url = "https://id.example/avatar",
                                                  .groups_url = "https://id.example/groups"};
    static constexpr std::string_view scopes = "read mail";
    static constexpr std::string_view email_scope = "mail";
    static constexpr client_auth client_authentication = client_auth::post;
    static constexpr pkce_mode pkce = pkce_mode::required;
    static constexpr mapping_paths mapping{.user_id = "id"_path,
                                           .username = "login"_path,
                                           .full_name = "name"_path,
                                           .email = "*[primary]/email"_path,
                                           .email_verified = "*[primary]/verified"_path,
                                           .avatar = "picture"_path,
                                           .groups = "*/name"_path,
                                           .account_type = "kind"_path,
                                           .custom_attributes = attributes,
                                           .image_url_pattern = "https://id.example/pic/<picture-id>"};
    static constexpr std::array<std::string_view, 2> accepted_account_types{"person", "admin"};
    static constexpr std::array<set_up_step, 1> set_up{{{"Register", "Register a client."}}};
};

struct bare {
    static constexpr std::string_view id = "bare";
    static constexpr std::string_view label = "Bare";
    static constexpr std::string_view icon_svg = "<svg></svg>";
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me"};
    static constexpr std::string_view scopes = "", email_scope = "";
    static constexpr client_auth client_authentication = client_auth::basic;
    static constexpr pkce_mode pkce = pkce_mode::off;
    static constexpr mapping_paths mapping{.user_id = "id"_path};
    static constexpr set_up_step set_up[] = {{"Register", "Register a client."}};
};

struct empty {};

static_assert(provider<full> && provider<bare>);
static_assert(!provider<empty> && !provider<int>);

} // namespace

BOOST_AUTO_TEST_SUITE(provider_concept)

BOOST_AUTO_TEST_CASE(defaults_are_the_text_of_every_trait) {
    auto const s = default_settings<full>();
    BOOST_TEST(s.authorization_url == full::endpoints.authorization_url);
    BOOST_TEST(s.token_url == full::endpoints.token_url);
    BOOST_TEST(s.user_info_url == full::endpoints.user_info_url);
    BOOST_TEST(s.logout_url == full::endpoints.logout_url);
    BOOST_TEST(s.email_url == full::endpoints.email_url);
    BOOST_TEST(s.avatar_url == full::endpoints.avatar_url);
    BOOST_TEST(s.groups_url == full::endpoints.groups_url);
    BOOST_TEST(s.scopes == "read mail");
    BOOST_TEST(s.user_id == "id");
    BOOST_TEST(s.username == "login");
    BOOST_TEST(s.full_name == "name");
    BOOST_TEST(s.email == "*[primary]/email");
    BOOST_TEST(s.email_verified == "*[primary]/verified");
    BOOST_TEST(s.avatar == "picture");
    BOOST_TEST(s.groups == "*/name");
    BOOST_TEST(s.image_url_pattern == "https://id.example/pic/<picture-id>");
    BOOST_TEST((s.custom_attributes == std::vector<std::pair<std::string, std::string>>{
                                           {"Department", "work/department"}, {"Phone", "phones/0"}}));
    BOOST_TEST((s.client_authentication == client_auth::post));
    BOOST_TEST((s.pkce == pkce_mode::required));
}

BOOST_AUTO_TEST_CASE(what_a_provider_leaves_out_stays_as_in_any_module) {
    settings expected;
    expected.authorization_url = "https://id.example/authorize";
    expected.token_url = "https://id.example/token";
    expected.user_info_url = "https://id.example/me";
    expected.user_id = "id";
    expected.pkce = pkce_mode::off;
    BOOST_TEST((default_settings<bare>() == expected));
}

BOOST_AUTO_TEST_SUITE_END()
