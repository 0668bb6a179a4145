// SPDX-License-Identifier: BSL-1.0
// Layer 7. Templates and bodies of pages.hpp.
#pragma once

#include "authmod/core/utf8.hpp"
#include "authmod/server/pages.hpp"

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace page_detail {

inline constexpr char const* layout = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{title}}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{{style}}">
</head>
<body>
<main>
<article>
{{{content}}}
</article>
</main>
</body>
</html>
)html";

inline constexpr char const* login = R"html(<h1>Log in</h1>
{{#signed_in_as}}<p>You are signed in as {{signed_in_as}}. <a href="/">Go on</a>, or log in again:</p>{{/signed_in_as}}
{{^signed_in_as}}{{#any}}<p>Choose how to continue.</p>{{/any}}{{/signed_in_as}}
{{#any}}<nav aria-label="Ways to log in">
{{#buttons}}<a role="button" href="{{href}}">{{{icon}}}<span>{{label}}</span></a>
{{/buttons}}</nav>{{/any}}
{{^any}}<p>No way to log in is switched on yet.</p>
<p class="detail">Administrators: create an auth module with <code>POST /api/modules</code>, fill in its client id and
secret, then switch it on with <code>POST /api/modules/{id}/enable</code>.</p>{{/any}})html";

inline constexpr char const* home = R"html(<div class="who">
{{#avatar}}<img src="{{avatar}}" alt="" width="96" height="96">{{/avatar}}
{{^avatar}}<span class="initial" aria-hidden="true">{{initial}}</span>{{/avatar}}
<h1>{{full_name}}</h1>
<p>{{username}}</p>
</div>
<dl>
{{#email}}<dt>Email</dt><dd>{{email}}{{^email_verified}} <small>(not verified)</small>{{/email_verified}}</dd>{{/email}}
<dt>Groups</dt><dd><ul>{{#groups}}<li>{{.}}</li>{{/groups}}</ul></dd>
</dl>
<form method="post" action="/logout">
<input type="hidden" name="csrf" value="{{csrf}}">
<button type="submit">Log out</button>
</form>)html";

inline constexpr char const* welcome = R"html(<h1>Welcome</h1>
<p>You are not signed in.</p>
<a role="button" href="/login">Log in</a>)html";

inline constexpr char const* error = R"html(<h1>{{title}}</h1>
<p>{{happened}}.</p>
{{#cure}}<p>What to do: {{cure}}.</p>{{/cure}}
<a role="button" href="/login?choose=1">Back to the login page</a>
<p class="detail">{{#word}}<code>{{word}}</code>{{/word}}{{#id}} &middot; reference <code>{{id}}</code>{{/id}}</p>)html";

using kainjow::mustache::data;

[[nodiscard]] inline std::string text(std::string_view view) { return std::string(view); }

/// An empty text does not open a section.
inline void set(data& values, char const* name, std::string_view value) {
    if (value.empty())
        values.set(name, data(data::type::bool_false));
    else
        values.set(name, text(value));
}

inline void set(data& values, char const* name, bool value) {
    values.set(name, data(value ? data::type::bool_true : data::type::bool_false));
}

/// Templates are parsed anew for each page: rendering is not const, and pages are rare beside redirects and checks.
[[nodiscard]] inline outgoing_reply page(int status, std::string_view title, char const* content, data const& values) {
    data whole;
    set(whole, "title", title);
    set(whole, "style", style_sheet::of_pages().path);
    whole.set("content", kainjow::mustache::mustache(content).render(values));
    return outgoing_reply(status, "text/html; charset=utf-8", kainjow::mustache::mustache(layout).render(whole));
}

} // namespace page_detail

AUTHMOD_DECL outgoing_reply render(login_page const& page) {
    using namespace page_detail;
    data buttons(data::type::list);
    for (auto const& button : page.buttons) {
        data values;
        set(values, "href", button.href);
        set(values, "label", button.label);
        set(values, "icon", button.icon);
        buttons.push_back(values);
    }
    data values;
    values.set("buttons", buttons);
    set(values, "any", !page.buttons.empty());
    set(values, "signed_in_as", page.signed_in_as);
    return page_detail::page(200, "Log in", login, values);
}

AUTHMOD_DECL outgoing_reply render(home_page const& page) {
    using namespace page_detail;
    data groups(data::type::list);
    for (auto const& name : page.groups) groups.push_back(data(name));
    data values;
    std::string_view const name = page.full_name.empty() ? page.username : page.full_name;
    set(values, "full_name", name);
    set(values, "initial", first_code_points(name, 1));
    set(values, "username", page.username);
    set(values, "email", page.email);
    set(values, "email_verified", page.email_verified);
    set(values, "avatar", page.avatar);
    set(values, "csrf", page.csrf);
    values.set("groups", groups);
    return page_detail::page(200, name, home, values);
}

AUTHMOD_DECL outgoing_reply render(error_page const& page, int status) {
    using namespace page_detail;
    // Messages and cures are clauses: they begin a sentence here.
    auto sentence = [](std::string_view clause) {
        std::string begun(clause);
        if (!begun.empty() && begun[0] >= 'a' && begun[0] <= 'z') begun[0] = static_cast<char>(begun[0] - 'a' + 'A');
        return begun;
    };
    data values;
    set(values, "title", page.title);
    set(values, "happened", sentence(page.happened));
    set(values, "cure", page.cure);
    set(values, "word", page.word);
    set(values, "id", page.id);
    return page_detail::page(status, page.title, error, values);
}

AUTHMOD_DECL outgoing_reply render_welcome() {
    return page_detail::page(200, "Welcome", page_detail::welcome, page_detail::data());
}

} // namespace AUTHMOD_ABI

} // namespace authmod
