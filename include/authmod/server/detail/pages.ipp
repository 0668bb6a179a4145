// SPDX-License-Identifier: BSL-1.0
// Layer 7. Templates and bodies of pages.hpp.
#pragma once

#include "authmod/core/percent.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/server/pages.hpp"
#include "authmod/server/rate_limit.hpp"

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>
#include <utility>

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
<body{{#wide}} class="wide"{{/wide}}>
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
{{#buttons}}<a role="button" href="{{href}}">{{{icon}}}{{#image}}<img src="{{image}}" alt="">{{/image}}<span>{{label}}</span></a>
{{/buttons}}</nav>{{/any}}
{{^any}}<p>No way to log in is switched on yet.</p>
<p class="detail">Administrators: create an auth module in <a href="/admin/">the administration</a> (or with
<code>POST /api/modules</code>), fill in its client id and secret, and enable it.</p>{{/any}})html";

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

inline constexpr char const* sign_in = R"html(<h1>Administration</h1>
{{#refused}}<p class="problem" role="alert">This is not the admin token of this service.</p>{{/refused}}
{{#author}}<p class="problem" role="alert">{{author}} is signed in but does not belong to the group
<code>authmod-admins</code>.</p>{{/author}}
{{#takes_token}}<form method="post" action="/admin/sign-in">
{{#return_to}}<input type="hidden" name="return_to" value="{{return_to}}">{{/return_to}}
<label for="token">Admin token</label>
<input id="token" name="token" type="password" required autocomplete="current-password" spellcheck="false"
 aria-describedby="token-help"{{#refused}} aria-invalid="true"{{/refused}}>
<small id="token-help">The content of the file that <code>--admin-token-file</code> names.</small>
<button type="submit">Sign in</button>
</form>
<hr>{{/takes_token}}
<p class="detail">Members of the group <code>authmod-admins</code> sign in with their account:</p>
<a role="button" class="secondary outline" href="/login?choose=1&amp;return_to={{after_login}}">Log in with an account</a>)html";

inline constexpr char const* test_report = R"html(<h1>Test login: {{module_name}}</h1>
<p class="verdict {{verdict}}">{{{icon}}}<span>{{headline}}</span></p>
{{#outcome}}<p>{{outcome}}.</p>{{/outcome}}
<p class="detail">Nothing was created, changed or signed in.</p>
<h2>Steps</h2>
<ol class="steps">
{{#steps}}<li><span class="{{status}}">{{{icon}}}</span>
<p class="head"><strong>{{name}}</strong> <span class="word {{status}}">{{word}}</span></p>
{{#message}}<p>{{message}}.{{#code}} <code>{{code}}</code>{{/code}}</p>{{/message}}
{{#cure}}<p><strong>What to do:</strong> {{cure}}.</p>{{/cure}}
{{#sent}}<details><summary>{{summary}}</summary>
<pre tabindex="0">{{request}}{{#http_status}}
{{http_status}}{{/http_status}}{{#answer}}

{{answer}}{{/answer}}</pre></details>{{/sent}}</li>
{{/steps}}</ol>
{{#any_fields}}<h2>Mapped fields</h2>
<dl>
{{#fields}}<dt>{{name}}</dt><dd>{{#value}}{{value}}{{/value}}{{^value}}<span class="none">not given</span>{{/value}}</dd>
{{/fields}}</dl>{{/any_fields}}
{{#any_fields}}<p><a href="/admin/modules/{{module_id}}/mapping">Use this answer in the attribute mapping</a></p>{{/any_fields}})html";

/// Beside the word, so that colour alone says nothing.
[[nodiscard]] inline std::string_view step_icon(std::string_view status) noexcept {
    if (status == "ok")
        return R"svg(<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.5">)svg"
               R"svg(<circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-7"/></svg>)svg";
    if (status == "failed")
        return R"svg(<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.5">)svg"
               R"svg(<circle cx="12" cy="12" r="10"/><path d="m8.5 8.5 7 7m0-7-7 7"/></svg>)svg";
    return R"svg(<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.5">)svg"
           R"svg(<circle cx="12" cy="12" r="10"/><path d="M8 12h8"/></svg>)svg";
}

/// What the settings page calls a field; custom attributes have names of their own.
[[nodiscard]] inline std::string_view field_label(std::string_view name) noexcept {
    constexpr std::pair<std::string_view, std::string_view> labels[] = {{"user_id", "User ID"},
                                                                        {"username", "Username"},
                                                                        {"full_name", "Full name"},
                                                                        {"email", "Email"},
                                                                        {"email_verified", "Email verified"},
                                                                        {"avatar", "Avatar"},
                                                                        {"groups", "Groups"}};
    for (auto const& [field, label] : labels)
        if (field == name) return label;
    return name;
}

[[nodiscard]] inline std::string_view step_word(std::string_view status) noexcept {
    if (status == "ok") return "Passed";
    return status == "failed" ? "Failed" : "Not done";
}

/// Messages and cures are clauses: they begin a sentence here.
[[nodiscard]] inline std::string sentence(std::string_view clause) {
    std::string begun(clause);
    if (!begun.empty() && begun[0] >= 'a' && begun[0] <= 'z') begun[0] = static_cast<char>(begun[0] - 'a' + 'A');
    if (begun.ends_with('.')) begun.pop_back(); // the page sets it
    return begun;
}

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
[[nodiscard]] inline outgoing_reply page(int status, std::string_view title, char const* content, data const& values,
                                         bool wide = false) {
    data whole;
    set(whole, "wide", wide);
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
        set(values, "image", button.image);
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

AUTHMOD_DECL outgoing_reply render(sign_in_page const& page) {
    using namespace page_detail;
    data values;
    set(values, "refused", page.refused);
    set(values, "takes_token", page.takes_token);
    set(values, "author", page.author);
    set(values, "return_to", page.return_to);
    std::string_view const wanted = page.return_to.empty() ? std::string_view("/admin/") : page.return_to;
    values.set("after_login", percent_encode(wanted));
    int const status = page.refused || !page.author.empty() ? 403 : 200;
    return page_detail::page(status, "Administration", sign_in, values);
}

AUTHMOD_DECL outgoing_reply render(test_report_page const& page) {
    using namespace page_detail;
    data steps(data::type::list);
    for (auto const& step : page.steps) {
        data values;
        set(values, "name", step.name);
        set(values, "status", step.status);
        set(values, "icon", step_icon(step.status));
        set(values, "word", step_word(step.status));
        set(values, "code", step.code);
        set(values, "message", sentence(step.message));
        set(values, "cure", sentence(step.cure));
        set(values, "sent", !step.request.empty() || !step.answer.empty());
        set(values, "summary", step.answer.empty() ? std::string_view("Request") : "Request and answer");
        set(values, "request", step.request);
        set(values, "http_status", step.http_status == 0 ? std::string() : std::to_string(step.http_status));
        set(values, "answer", step.answer);
        steps.push_back(values);
    }
    data fields(data::type::list);
    for (auto const& field : page.fields) {
        data values;
        set(values, "name", field_label(field.name));
        set(values, "value", field.value);
        fields.push_back(values);
    }
    data values;
    std::string_view const verdict = page.ok ? "ok" : "failed";
    set(values, "module_name", page.module_name);
    set(values, "module_id", page.module_id);
    set(values, "verdict", verdict);
    set(values, "icon", step_icon(verdict));
    constexpr std::string_view could = "A person could log in like this";
    constexpr std::string_view could_not = "A person could not log in like this";
    set(values, "headline", page.ok ? could : could_not);
    set(values, "outcome", sentence(page.outcome));
    set(values, "any_fields", !page.fields.empty());
    values.set("steps", steps);
    values.set("fields", fields);
    return page_detail::page(200, "Test login", test_report, values, true);
}

AUTHMOD_DECL outgoing_reply asked_too_often(std::string_view title, milliseconds wait) {
    constexpr errc why = errc::too_many_requests;
    std::string const happened = make_error_code(why).message();
    error_page page;
    page.title = title;
    page.happened = happened;
    page.cure = cure(why);
    page.word = to_word(why);
    outgoing_reply answer = render(page, 429);
    answer.set("Retry-After", retry_after(wait));
    return answer;
}

} // namespace AUTHMOD_ABI

} // namespace authmod
