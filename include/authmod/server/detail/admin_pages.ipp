// SPDX-License-Identifier: BSL-1.0
// Layer 7. Bodies of admin_pages.hpp.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/percent.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/protocol/return_to.hpp"
#include "authmod/server/admin_pages.hpp"
#include "authmod/server/detail/admin_assets.hpp"
#include "authmod/server/pages.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_page_detail {

[[nodiscard]] inline std::string make_folder() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string all;
    for (auto const& asset : detail::admin_assets) all.append(asset.name).append(asset.text);
    std::string const hash = sha256(all);
    std::string folder = "/admin/assets/";
    for (char c : std::string_view(hash).substr(0, 6)) {
        folder += digits[static_cast<unsigned char>(c) >> 4];
        folder += digits[static_cast<unsigned char>(c) & 15];
    }
    return folder += '/';
}

/// Scripts are named at the head, so that browsers fetch them side by side and not one import after the other.
[[nodiscard]] inline std::string make_shell(std::string const& folder) {
    std::string head, scripts;
    for (auto const& asset : detail::admin_assets) {
        std::string const address = folder + std::string(asset.name);
        if (!asset.is_script())
            head += "<link rel=\"stylesheet\" href=\"" + address + "\">\n";
        else if (asset.name == "app.js")
            scripts += "<script type=\"module\" src=\"" + address + "\"></script>\n";
        else
            scripts += "<link rel=\"modulepreload\" href=\"" + address + "\">\n";
    }
    return R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Administration &middot; authmod</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
)html" + head +
           scripts +
           R"html(</head>
<body>
<noscript><p>These pages need JavaScript. Everything they do can also be done over the REST below
<a href="/api/openapi.json">/api/</a>.</p></noscript>
<div id="app"></div>
</body>
</html>
)html";
}

[[nodiscard]] inline outgoing_reply nothing_here() {
    error_page page;
    std::string const happened = make_error_code(errc::not_found).message();
    page.title = "Page not found";
    page.happened = happened;
    page.word = to_word(errc::not_found);
    return render(page, 404);
}

} // namespace admin_page_detail

AUTHMOD_DECL std::string const& admin_pages::asset_folder() {
    static std::string const folder = admin_page_detail::make_folder();
    return folder;
}

AUTHMOD_DECL asio::awaitable<outgoing_reply> admin_pages::handle(incoming_request const& request) {
    outgoing_reply answered = answer(request);
    protect(answered, loopback_http_);
    co_return answered;
}

AUTHMOD_DECL outgoing_reply admin_pages::answer(incoming_request const& request) const {
    if (!request.reads()) return method_not_allowed("GET, HEAD");
    std::string_view const path = request.path;
    if (path == "/admin") return redirect_to("/admin/");
    if (path == "/admin/sign-in") return sign_in(request);
    if (path.starts_with(asset_folder())) {
        auto const name = path.substr(asset_folder().size());
        auto const found = std::ranges::find(detail::admin_assets, name, &detail::admin_asset::name);
        if (found == std::end(detail::admin_assets)) return admin_page_detail::nothing_here();
        std::string_view const type = found->is_script() ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8";
        outgoing_reply asset(200, type, std::string(found->text));
        asset.set("Cache-Control", "public, max-age=31536000, immutable");
        return asset;
    }
    auto const rest = path.substr(std::string_view("/admin/").size());
    if (std::ranges::find(detail::admin_page_names, rest.substr(0, rest.find('/'))) ==
        std::end(detail::admin_page_names))
        return admin_page_detail::nothing_here();
    static std::string const shell = admin_page_detail::make_shell(asset_folder());
    outgoing_reply page(200, "text/html; charset=utf-8", shell);
    page.set("Content-Security-Policy", admin_security_policy(loopback_http_));
    return page;
}

AUTHMOD_DECL outgoing_reply admin_pages::sign_in(incoming_request const& request) const {
    std::string return_to;
    sign_in_page page;
    page.takes_token = takes_token_;
    if (auto pairs = read_form(request.query))
        for (auto& pair : *pairs) {
            // The page itself sends people here whose account may not administrate.
            if (pair.name == "account" && pair.value == "refused") page.author = "Your account";
            if (pair.name == "return_to" && pair.value.starts_with("/admin/") && safe_return_to(pair.value))
                return_to = std::move(pair.value);
        }
    page.return_to = return_to;
    return render(page);
}

} // namespace AUTHMOD_ABI

} // namespace authmod
