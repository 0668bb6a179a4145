// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/url_template.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using namespace authmod;

namespace {

struct row {
    std::string_view text;
    url_errc code;
    std::size_t offset = 0;
};

constexpr row rows[] = {
    {"https://a.example/x", url_errc::ok},
    {"{server_url}", url_errc::ok},
    {"{server_url}/a?b={c}", url_errc::bad_placeholder, 17},
    {"{server_url}/realms/{realm}/auth", url_errc::ok},
    {"{api_url}/user", url_errc::ok},
    {"https://{okta_domain}/oauth2/v1/token", url_errc::ok},
    {"https://{okta_domain}", url_errc::ok},
    {"https://login.example/{tenant}/v2.0", url_errc::ok},
    {"https://login.example/{tenant}", url_errc::ok},
    {"https://login.example/{tenant}?a=b", url_errc::ok},

    {"", url_errc::empty_url, 0},
    {"http://a.example/{tenant}", url_errc::not_https, 0},
    {"https://a.example/{tenant", url_errc::bad_placeholder, 18},
    {"https://a.example/{Tenant}", url_errc::bad_placeholder, 18},
    {"https://a.example/tenant}", url_errc::bad_character, 24},
    {"https://a.example/{tenant}/ x", url_errc::bad_character, 27},
    {"https://a.example/{tenant}/#x", url_errc::has_fragment, 27},
    {"{server_url}/{realm}/\\", url_errc::bad_character, 21},
    // A value must never become part of a host that is spelled out, or of its port.
    {"https://{tenant}.a.example/", url_errc::bad_placeholder, 8},
    {"https://{tenant}/", url_errc::bad_placeholder, 8},
    {"https://a.{okta_domain}/", url_errc::bad_placeholder, 10},
    {"https://{okta_domain}.a.example/", url_errc::bad_placeholder, 8},
    {"https://{okta_domain}:8443/", url_errc::bad_placeholder, 8},
    {"https://a.example/{okta_domain}", url_errc::bad_placeholder, 18},
    {"{okta_domain}/", url_errc::bad_placeholder, 0},
    {"{server_url}.a.example/", url_errc::bad_placeholder, 0},
    {"{server_url}:8443/", url_errc::bad_placeholder, 0},
    {"{server_url}@a.example/", url_errc::bad_placeholder, 0},
    {"{server_url}?a", url_errc::bad_placeholder, 0},
    {"https://a.example/{server_url}", url_errc::bad_placeholder, 18},
    {"{server_url}{realm}", url_errc::bad_placeholder, 0},
    {"https://a.example/x{realm}", url_errc::bad_placeholder, 19},
    {"https://a.example/{realm}x", url_errc::bad_placeholder, 18},
    {"https://a.example/{realm}{tenant}", url_errc::bad_placeholder, 18},
    {"https:///{tenant}", url_errc::bad_host, 8},
    {"https://a.example/{client_id}", url_errc::bad_placeholder, 18},
};

static_assert(std::ranges::all_of(rows, [](row r) {
    return check_url_template(r.text, url_settings) == url_error{r.code, r.offset};
}));

constexpr url_values values{.server_url = "https://id.example/auth",
                            .api_url = "https://api.id.example",
                            .realm = "staff & co",
                            .tenant = "example.com",
                            .okta_domain = "dev.okta.example"};

} // namespace

BOOST_AUTO_TEST_SUITE(url_template)

BOOST_AUTO_TEST_CASE(run_time_reports_what_the_compiler_reports) {
    for (auto const& r : rows) {
        auto const error = check_url_template(std::string(r.text), url_settings);
        BOOST_TEST((error == url_error{r.code, r.offset}),
                   r.text << ": " << to_word(error.code) << ' ' << error.offset);
    }
}

BOOST_AUTO_TEST_CASE(only_the_settings_of_the_provider_may_stand_there) {
    constexpr std::string_view own[] = {"tenant"};
    BOOST_TEST((check_url_template("https://a.example/{tenant}", own).code == url_errc::ok));
    BOOST_TEST((check_url_template("https://a.example/{realm}", own) == url_error{url_errc::bad_placeholder, 18}));
    BOOST_TEST((check_url_template("https://a.example/{tenant}", {}) == url_error{url_errc::bad_placeholder, 18}));
}

BOOST_AUTO_TEST_CASE(long_texts_are_refused_before_they_are_looked_at) {
    std::string const text = "{server_url}/" + std::string(max_url_bytes, 'a');
    BOOST_TEST((check_url_template(text, url_settings).code == url_errc::too_long));
    auto const longest = "{server_url}/" + std::string(max_url_bytes - 18, 'a');
    BOOST_TEST((check_url_template(longest, url_settings).code == url_errc::ok));
    BOOST_TEST((check_url_template(longest + "aaaaa", url_settings).code == url_errc::too_long));
}

BOOST_AUTO_TEST_CASE(places_are_filled_and_segments_encoded) {
    BOOST_TEST(fill_url_template("{server_url}/realms/{realm}/auth", values) ==
               "https://id.example/auth/realms/staff%20%26%20co/auth");
    BOOST_TEST(fill_url_template("https://{okta_domain}/v1", values) == "https://dev.okta.example/v1");
    BOOST_TEST(fill_url_template("https://a.example/{tenant}", values) == "https://a.example/example.com");
    BOOST_TEST(fill_url_template("https://a.example/x?y=z", values) == "https://a.example/x?y=z");
    BOOST_TEST(fill_url_template("", values) == "");
}

BOOST_AUTO_TEST_CASE(a_url_that_lacks_a_value_is_empty_and_never_half_a_url) {
    BOOST_TEST(fill_url_template("{server_url}/realms/{realm}/auth", {.server_url = "https://id.example"}) == "");
    BOOST_TEST(fill_url_template("{api_url}/user", {.server_url = "https://id.example"}) == "");
}

BOOST_AUTO_TEST_CASE(a_url_tells_which_settings_it_needs) {
    BOOST_TEST(uses_setting("{server_url}/{realm}", "server_url"));
    BOOST_TEST(uses_setting("{server_url}/{realm}", "realm"));
    BOOST_TEST(uses_setting("{api_url}/user", "server_url"));
    BOOST_TEST(!uses_setting("{server_url}/{realm}", "tenant"));
    BOOST_TEST(!uses_setting("https://a.example/server_url", "server_url"));
}

BOOST_AUTO_TEST_SUITE_END()
