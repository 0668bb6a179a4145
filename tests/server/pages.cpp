// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/pages.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace authmod;

namespace {

bool has(outgoing_reply const& reply, std::string_view text) { return reply.body.find(text) != std::string::npos; }

constexpr std::string_view evil = "<script>alert('1')</script>\"&";
constexpr std::string_view harmless = "&lt;script&gt;alert(&apos;1&apos;)&lt;/script&gt;&quot;&amp;";

} // namespace

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(I3_every_value_is_escaped) {
    login_page login;
    login.buttons.push_back({"/login/a?return_to=%2F", evil, "<svg></svg>"});
    login.signed_in_as = evil;
    home_page home;
    home.full_name = home.username = home.email = home.avatar = home.csrf = evil;
    home.groups = {std::string(evil)};
    error_page error;
    error.title = error.happened = error.cure = error.word = error.id = evil;
    sign_in_page sign_in;
    sign_in.author = sign_in.return_to = evil;
    test_report_page report;
    report.module_name = report.module_id = report.outcome = evil;
    test_report_step step;
    step.name = step.code = step.message = step.cure = step.request = step.answer = evil;
    step.status = "failed";
    report.steps = {step};
    report.fields = {{evil, std::string(evil)}};
    for (auto const& reply : {render(login), render(home), render(error, 400), render(sign_in), render(report)}) {
        BOOST_TEST(!has(reply, "<script"));
        BOOST_TEST(has(reply, harmless));
        BOOST_TEST(!has(reply, "{{"));
    }
    BOOST_TEST(has(render(login), "<svg></svg>"));
}

BOOST_AUTO_TEST_CASE(pages_need_no_script_and_no_inline_style) {
    home_page home;
    home.full_name = "Ann Example";
    error_page error;
    error.title = "x";
    for (auto const& reply : {render(login_page()), render(home), render(error, 502), render_welcome(),
                              render(sign_in_page()), render(test_report_page())}) {
        BOOST_TEST(has(reply, "<html lang=\"en\">"));
        BOOST_TEST(has(reply, "<main>"));
        BOOST_TEST(has(reply, "name=\"viewport\""));
        BOOST_TEST(has(reply, style_sheet::of_pages().path));
        BOOST_TEST(!has(reply, "style="));
        BOOST_TEST(!has(reply, "<script"));
        BOOST_TEST(!has(reply, "javascript:"));
        BOOST_TEST(reply.header("Content-Type") == "text/html; charset=utf-8");
    }
    BOOST_TEST(render(error, 502).status == 502);
}

BOOST_AUTO_TEST_CASE(a_person_without_a_picture_gets_a_letter) {
    home_page home;
    home.username = "\xc3\xa9milie";
    BOOST_TEST(has(render(home), ">\xc3\xa9</span>"));
    BOOST_TEST(!has(render(home), "<img"));
    home.avatar = "https://example.com/a.png";
    BOOST_TEST(has(render(home), "<img src=\"https://example.com/a.png\""));
    BOOST_TEST(!has(render(home), "class=\"initial\""));
}

BOOST_AUTO_TEST_CASE(a_page_without_modules_says_what_to_do) {
    BOOST_TEST(has(render(login_page()), "POST /api/modules"));
}

BOOST_AUTO_TEST_CASE(signing_in_says_what_was_refused_and_where_it_goes_on) {
    sign_in_page page;
    BOOST_TEST(render(page).status == 200);
    BOOST_TEST(has(render(page), "action=\"/admin/sign-in\""));
    BOOST_TEST(has(render(page), "return_to=%2Fadmin%2F\""));
    page.return_to = "/admin/audit?event=login";
    BOOST_TEST(has(render(page), "return_to=%2Fadmin%2Faudit%3Fevent%3Dlogin\""));
    page.refused = true;
    BOOST_TEST(render(page).status == 403);
    BOOST_TEST(has(render(page), "not the admin token"));
    page.takes_token = false;
    BOOST_TEST(!has(render(page), "name=\"token\""));
}

BOOST_AUTO_TEST_CASE(a_test_report_shows_each_step_in_words) {
    test_report_page page;
    page.module_name = "Bitbucket";
    page.module_id = "m1";
    page.outcome = "would create the account \"nadia\".";
    test_report_step token, email;
    token.name = "Access token";
    token.status = "failed";
    token.code = "client_refused";
    token.message = "the provider does not accept the client id and secret";
    token.cure = "copy the key and the secret from the provider again";
    token.request = "POST https://bitbucket.org/site/oauth2/access_token";
    token.http_status = 400;
    token.answer = "{\"error\":\"unauthorized_client\"}";
    email.name = "Email";
    email.status = "skipped";
    page.steps = {token, email};
    page.fields = {{"user_id", "{1}"}, {"groups", ""}, {"zone", "Rome"}};
    auto const reply = render(page);
    BOOST_TEST(reply.status == 200);
    for (auto const* text :
         {"A person could not log in", "Would create the account &quot;nadia&quot;.", ">Failed<", ">Not done<",
          "The provider does not accept the client id and secret.", "What to do:</strong> Copy the key",
          "client_refused", "400", "unauthorized_client", "<dt>User ID</dt><dd>{1}</dd>", "<dt>zone</dt><dd>Rome</dd>",
          "not given", "/admin/modules/m1/mapping"})
        BOOST_TEST(has(reply, text), text << " is missing");
    BOOST_TEST(reply.body.find("<details>") == reply.body.rfind("<details>")); // a step without a request folds nothing
    page.ok = true;
    BOOST_TEST(has(render(page), "A person could log in"));
}

BOOST_AUTO_TEST_CASE(the_style_sheet_is_named_by_its_content) {
    auto const& sheet = style_sheet::of_pages();
    BOOST_TEST(sheet.path.starts_with("/assets/authmod-"));
    BOOST_TEST(sheet.path.size() == std::string_view("/assets/authmod-0123456789ab.css").size());
    BOOST_TEST(sheet.text.find("@import") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_status_tells_whose_fault_it_is) {
    struct {
        errc code;
        char const* step;
        int status;
    } const rows[] = {
        {errc::access_denied, "authorization", 403},
        {errc::state_mismatch, "authorization", 400},
        {errc::state_expired, "authorization", 400},
        {errc::state_used, "authorization", 400},
        {errc::authorization_refused, "authorization", 502},
        {errc::provider_failed, "token", 502},
        {errc::token_exchange_refused, "token", 502},
        {errc::timed_out, "profile", 504},
        {errc::profile_malformed, "mapping", 502},
        {errc::provider_rate_limited, "token", 503},
        {errc::store_unavailable, "account", 503},
        {errc::creation_off, "account", 403},
        {errc::account_banned, "account", 403},
        {errc::module_disabled, "authorization", 403},
        {errc::not_found, "authorization", 404},
        {errc::csrf_refused, "", 403},
    };

    for (auto const& row : rows) BOOST_TEST_CONTEXT(to_word(row.code))
    BOOST_TEST(status_of(failure(make_error_code(row.code), diagnostics(row.step))) == row.status);
    BOOST_TEST(status_of(failure(make_error_code(boost::system::errc::io_error))) == 500);
}

BOOST_AUTO_TEST_SUITE_END()
