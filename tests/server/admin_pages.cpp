// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/admin_pages.hpp"

#include "authmod/server/detail/admin_assets.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;

namespace {

outgoing_reply ask(std::string path, std::string_view query = {}, std::string_view method = "GET") {
    admin_pages pages(true, false);
    incoming_request request;
    request.method = method;
    request.path = std::move(path);
    request.query = query;
    return authmod_test::run(pages.handle(request));
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// What stands between `before` and the next quote, everywhere.
std::vector<std::string> quoted_after(std::string_view text, std::string_view before) {
    std::vector<std::string> found;
    for (auto at = text.find(before); at != std::string_view::npos; at = text.find(before, at + 1)) {
        auto const from = at + before.size();
        found.emplace_back(text.substr(from, text.find_first_of("'\"", from) - from));
    }
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(administrators_pages)

BOOST_AUTO_TEST_CASE(every_page_is_the_one_page_and_everything_else_is_not_found) {
    auto const shell = ask("/admin/");
    BOOST_TEST(shell.status == 200);
    BOOST_TEST(shell.header("Cache-Control") == "no-store");
    for (auto const* path : {"/admin/modules", "/admin/modules/new", "/admin/modules/m1/mapping", "/admin/accounts/a1",
                             "/admin/groups", "/admin/services", "/admin/audit"}) {
        BOOST_TEST(ask(path).status == 200, path << " is missing");
        BOOST_TEST(ask(path).body == shell.body);
    }
    for (auto const* path :
         {"/admin/nothing", "/admin/modulesx", "/admin/assets/", "/admin/assets/000000000000/app.js"})
        BOOST_TEST(ask(path).status == 404, path << " is there");
    BOOST_TEST(ask(admin_pages::asset_folder() + "nothing.js").status == 404);
    BOOST_TEST(ask("/admin").header("Location") == "/admin/");
    BOOST_TEST(ask("/admin/", {}, "HEAD").status == 200);
    BOOST_TEST(ask("/admin/modules", {}, "POST").status == 405);
    BOOST_TEST(ask("/admin/modules", {}, "POST").header("Allow") == "GET, HEAD");
}

BOOST_AUTO_TEST_CASE(I2_the_policy_allows_nothing_inline_and_nothing_from_elsewhere_but_pictures) {
    auto const shell = ask("/admin/");
    auto const policy = shell.header("Content-Security-Policy");
    for (auto const* part : {"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self';",
                             "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"})
        BOOST_TEST(has(policy, part), part << " is missing");
    BOOST_TEST(!has(policy, "unsafe"));
    BOOST_TEST(!has(policy, "127.0.0.1"));
    BOOST_TEST(has(admin_security_policy(true), "http://127.0.0.1:*"));
    BOOST_TEST(!has(shell.body, "style="));
    BOOST_TEST(!has(shell.body, " on"));
    for (auto at = shell.body.find("<script"); at != std::string::npos; at = shell.body.find("<script", at + 1))
        BOOST_TEST(has(std::string_view(shell.body).substr(at, 60), "src=\"/admin/assets/"));
    for (auto const& address : quoted_after(shell.body, "href=\"")) BOOST_TEST(address.starts_with("/"), address);
}

BOOST_AUTO_TEST_CASE(assets_are_named_by_content_and_kept_for_good) {
    auto const& folder = admin_pages::asset_folder();
    BOOST_TEST(folder.size() == std::string_view("/admin/assets/0123456789ab/").size());
    auto const shell = ask("/admin/");
    for (auto const& asset : detail::admin_assets) {
        auto const reply = ask(folder + std::string(asset.name));
        BOOST_TEST(reply.status == 200, asset.name << " is missing");
        BOOST_TEST(reply.body == asset.text);
        BOOST_TEST(reply.header("Cache-Control") == "public, max-age=31536000, immutable");
        BOOST_TEST(reply.header("X-Content-Type-Options") == "nosniff");
        BOOST_TEST(has(reply.header("Content-Type"), asset.is_script() ? "text/javascript" : "text/css"));
        BOOST_TEST(has(shell.body, folder + std::string(asset.name)));
    }
}

BOOST_AUTO_TEST_CASE(scripts_import_what_is_there_and_evaluate_no_text) {
    for (auto const& asset : detail::admin_assets) {
        if (!asset.is_script()) {
            BOOST_TEST(!has(asset.text, "@import"));
            continue;
        }
        auto names = quoted_after(asset.text, "from './");
        for (auto& name : quoted_after(asset.text, "from\"./")) names.push_back(name);
        for (auto const& name : names) {
            BOOST_TEST(std::ranges::find(detail::admin_assets, name, &detail::admin_asset::name) !=
                           std::end(detail::admin_assets),
                       asset.name << " imports " << name);
        }
        for (auto const* never :
             {"eval(", "new Function", "document.write", "http://", "localStorage", "sessionStorage"})
            BOOST_TEST((asset.name == "preact.js" || !has(asset.text, never)), never << " is in " << asset.name);
    }
}

BOOST_AUTO_TEST_CASE(signing_in_goes_on_to_pages_of_administrators_only) {
    auto const page = ask("/admin/sign-in", "return_to=%2Fadmin%2Faudit%3Fevent%3Dlogin");
    BOOST_TEST(page.status == 200);
    BOOST_TEST(has(page.body, "value=\"/admin/audit?event=login\""));
    BOOST_TEST(!has(page.header("Content-Security-Policy"), "script-src"));
    for (auto const* elsewhere : {"return_to=%2F%2Fevil.example", "return_to=https%3A%2F%2Fevil.example",
                                  "return_to=%2Fme", "return_to=%2Fadmin%2F..%2F..%2Flogout", "return_to=%ZZ"})
        BOOST_TEST(!has(ask("/admin/sign-in", elsewhere).body, "name=\"return_to\""), elsewhere);
    auto const refused = ask("/admin/sign-in", "account=refused");
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(has(refused.body, "authmod-admins"));
}

BOOST_AUTO_TEST_CASE(without_an_admin_token_only_accounts_sign_in) {
    admin_pages pages(false, false);
    incoming_request request;
    request.method = "GET";
    request.path = "/admin/sign-in";
    auto const page = authmod_test::run(pages.handle(request));
    BOOST_TEST(!has(page.body, "name=\"token\""));
    BOOST_TEST(has(page.body, "Log in with an account"));
}

BOOST_AUTO_TEST_SUITE_END()
