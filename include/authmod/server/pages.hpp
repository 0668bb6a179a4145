// SPDX-License-Identifier: BSL-1.0
// Layer 7. The pages that people see. Mustache escapes every value; no page needs JavaScript.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/core/time.hpp"
#include "authmod/core/version.hpp"
#include "authmod/crypto/hash.hpp"
#include "authmod/server/detail/pico_css.hpp"
#include "authmod/server/request.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// One way to log in, as the login page shows it.
struct login_button {
    std::string_view href;    ///< path of this site
    std::string_view label;   ///< name of the module
    std::string_view icon;    ///< SVG element of the program's own, written as it is; may be empty
    std::string_view image{}; ///< path of a picture to show instead; may be empty
};

/// What the login page shows.
struct login_page {
    std::vector<login_button> buttons; ///< in the order of the settings
    std::string_view signed_in_as;     ///< empty: nobody

    login_page() = default;
};

/// What the page of a signed-in person shows.
struct home_page {
    std::string_view full_name;      ///< of the account, as all of these
    std::string_view username;       ///< unique
    std::string_view email;          ///< empty: none
    std::string_view avatar;         ///< URL or path of this site; empty: none
    std::string_view csrf;           ///< goes into the form of the logout
    bool email_verified = false;     ///< of the email
    std::vector<std::string> groups; ///< names, `All Users` first

    home_page() = default;
};

/// What an error page shows: words of our own only (security rule I4).
struct error_page {
    std::string_view title;    ///< for people
    std::string_view happened; ///< one sentence
    std::string_view cure;     ///< one sentence
    std::string_view word;     ///< the stable word of an `errc`
    std::string_view id;       ///< stands in the log too; empty: none

    error_page() = default;
};

/// Where administrators show the admin token, or go to log in with an account.
struct sign_in_page {
    bool refused = false;       ///< the token just sent was not the right one
    bool takes_token = true;    ///< the service has an admin token at all
    std::string_view author;    ///< signed in, but no administrator: who that is
    std::string_view return_to; ///< path below `/admin/` to go on to

    sign_in_page() = default;
};

/// One step of a test login.
struct test_report_step {
    std::string_view name;    ///< for people: `Access token`
    std::string_view status;  ///< `ok`, `failed` or `skipped`
    std::string_view code;    ///< stable word of a failure; empty: none
    std::string_view message; ///< what happened, for people
    std::string_view cure;    ///< what to do, for people
    std::string_view request; ///< `GET https://...`; empty: none was sent
    int http_status = 0;      ///< 0: no answer
    std::string_view answer;  ///< what the provider sent, redacted

    test_report_step() = default;
};

/// A mapped field as text; an empty value means that the provider gave none.
struct test_report_field {
    std::string name;  ///< of the setting, or of a custom attribute
    std::string value; ///< escaped where it is shown

    test_report_field() = default;

    test_report_field(std::string_view in_name, std::string in_value) : name(in_name), value(std::move(in_value)) {}
};

/// What a test login found, for the tab it ran in.
struct test_report_page {
    std::string_view module_name;          ///< for people
    std::string_view module_id;            ///< for the way back to its page
    bool ok = false;                       ///< a person could have logged in
    std::string_view outcome;              ///< `would create the account ...`
    std::vector<test_report_step> steps;   ///< in the order of a login
    std::vector<test_report_field> fields; ///< in the order of the settings page

    test_report_page() = default;
};

/// The style sheet: its path changes with its text, so browsers may keep it for good.
struct style_sheet {
    std::string path; ///< `/assets/authmod-<hash>.css`
    std::string text; ///< CSS

    style_sheet() = default;
    [[nodiscard]] static style_sheet const& of_pages(); ///< The one of all pages. Lifetimes: the program's.
};

inline namespace AUTHMOD_ABI {

[[nodiscard]] outgoing_reply render(login_page const& page);
[[nodiscard]] outgoing_reply render(home_page const& page);
[[nodiscard]] outgoing_reply render(error_page const& page, int status);
/// For visitors whom nobody knows yet.
[[nodiscard]] outgoing_reply render_welcome();
/// 200, or 403 where the token was refused or the account is no administrator's.
[[nodiscard]] outgoing_reply render(sign_in_page const& page);
/// Works without JavaScript: answers fold by `<details>`.
[[nodiscard]] outgoing_reply render(test_report_page const& page);
/// 429 with Retry-After. It has no id, for the log says nothing of it: a flood must not fill the log.
[[nodiscard]] outgoing_reply asked_too_often(std::string_view title, milliseconds wait);

} // namespace AUTHMOD_ABI

/** The HTTP status of a failed login: 4xx for what the browser or our rules refuse, 502 and 504 for what went wrong at
    the provider, 503 for what passes by itself.
*/
[[nodiscard]] inline int status_of(failure const& why) noexcept {
    if (why.code.category() != category()) return 500;
    switch (static_cast<errc>(why.code.value())) {
    case errc::not_found:
        return 404;
    case errc::not_signed_in:
        return 401;
    case errc::csrf_refused:
        return 403;
    case errc::too_many_requests:
        return 429;
    case errc::timed_out:
        return 504;
    case errc::store_unavailable:
    case errc::store_conflict:
    case errc::random_failed:
    case errc::provider_rate_limited:
        return 503;
    default:
        break;
    }
    if (why.code == condition::user_declined || why.code == condition::refused) return 403;
    if (why.code == condition::misconfigured) return 502;
    bool const from_browser = why.details.step.empty() || why.details.step == "authorization";
    return from_browser ? 400 : 502;
}

namespace detail {

inline constexpr std::string_view page_css = R"css(
:root{--pico-font-size:100%;--authmod-card:27rem;--authmod-ground:#f1f3f7}
@media (prefers-color-scheme:dark){:root{--authmod-ground:#10141c}}
body{min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;justify-content:center;padding:1rem;
background:var(--authmod-ground)}
body>main{width:100%;max-width:var(--authmod-card);margin:0 auto;padding:0}
body>footer{width:100%;max-width:var(--authmod-card);margin:0 auto;padding:1rem 0 0;text-align:center;
color:var(--pico-muted-color)}
main>article{margin:0;padding:2rem clamp(1rem,5vw,1.75rem);border-radius:.75rem;overflow-wrap:anywhere}
article h1{font-size:1.5rem;margin-bottom:.5rem}
article>:last-child{margin-bottom:0}
article nav{display:block}
article a[role=button],article form>button[type=submit]{display:flex;align-items:center;justify-content:center;gap:.65rem;width:100%;
margin:0 0 .75rem;padding-inline:.75rem;border-radius:.5rem;font-weight:600}
article a[role=button]:last-child,article form>button[type=submit]{margin-bottom:0}
article svg{width:1.35rem;height:1.35rem;flex:none}
article img,article .initial{display:block;width:6rem;height:6rem;margin:0 auto 1rem;border-radius:50%;object-fit:cover;
background:var(--pico-secondary-background);color:var(--pico-secondary-inverse)}
article a[role=button] img{width:1.35rem;height:1.35rem;flex:none;margin:0;border-radius:0;object-fit:contain;background:none}
article .initial{font-size:2.75rem;line-height:6rem;text-align:center}
article .who{text-align:center;margin-bottom:1.5rem}
article .who h1{margin-bottom:0}
article .who p{color:var(--pico-muted-color);margin:0}
article dl{margin:0 0 1.5rem}
article dt{font-size:.8rem;color:var(--pico-muted-color);font-weight:400}
article dd{margin:0 0 .75rem}
article dd ul{display:flex;flex-wrap:wrap;gap:.4rem;padding:0;margin:.25rem 0 0}
article dd li{list-style:none;margin:0;padding:.1rem .65rem;border:1px solid var(--pico-muted-border-color);
border-radius:1rem;font-size:.85rem}
article .detail{font-size:.85rem;color:var(--pico-muted-color)}
article .problem{padding:.6rem .85rem;border-radius:.5rem;border:1px solid;color:var(--authmod-bad)}
article hr{margin:1.5rem 0}
:root{--authmod-good:#1a6b35;--authmod-bad:#b3261e;--authmod-quiet:#5b6472}
@media (prefers-color-scheme:dark){:root{--authmod-good:#6fd08c;--authmod-bad:#ff9d94;--authmod-quiet:#98a2b3}}
body.wide{--authmod-card:52rem;justify-content:flex-start}
.wide h2{font-size:1.1rem;margin:1.75rem 0 .75rem}
.verdict{display:flex;gap:.6rem;align-items:flex-start;font-weight:600}
.verdict svg{margin-top:.1rem}
.steps{padding:0;margin:0;counter-reset:step}
.steps>li{list-style:none;margin:0;padding:.75rem 0 .75rem 2.1rem;position:relative;border-top:1px solid var(--pico-muted-border-color)}
.steps>li>span{position:absolute;left:.25rem;top:.85rem}
.steps p{margin:.15rem 0 0;font-size:.9375rem}
.steps .head{display:flex;flex-wrap:wrap;gap:.15rem .75rem;align-items:baseline;margin:0}
.steps .head strong{font-weight:600}
.steps .word{font-size:.8rem;font-weight:600}
.ok{color:var(--authmod-good)}.failed{color:var(--authmod-bad)}.skipped{color:var(--authmod-quiet)}
.steps details{margin:.5rem 0 0;padding:0;border:0;font-size:.875rem}
.steps details[open]>summary{margin-bottom:.5rem}
.steps summary::after{content:none;background-image:none}.steps summary::before{content:"\25B8" / "";margin-right:.45rem}.steps [open]>summary::before{content:"\25BE" / ""}
article input[aria-invalid]:not([type=checkbox]){background-image:none;padding-inline:var(--pico-form-element-spacing-horizontal)}
.steps pre{margin:0;max-height:20rem;overflow:auto;padding:.75rem;font-size:.8rem;white-space:pre-wrap}
.wide dl{display:grid;grid-template-columns:minmax(6rem,11rem) 1fr;gap:.4rem 1rem;font-size:.9375rem}
.wide dl dt{font-size:inherit}.wide dl dd{margin:0;white-space:pre-line}
.wide dl .none{color:var(--authmod-quiet)}
@media (max-width:36rem){.wide dl{grid-template-columns:minmax(0,1fr);gap:0}.wide dl dd{margin-bottom:.6rem}}
)css";

} // namespace detail

inline style_sheet const& style_sheet::of_pages() {
    static style_sheet const sheet = [] {
        constexpr std::string_view digits = "0123456789abcdef";
        style_sheet made;
        made.text = std::string(detail::pico_css) + std::string(detail::page_css);
        std::string const hash = sha256(made.text);
        made.path = "/assets/authmod-";
        for (char c : std::string_view(hash).substr(0, 6)) {
            made.path += digits[static_cast<unsigned char>(c) >> 4];
            made.path += digits[static_cast<unsigned char>(c) & 15];
        }
        made.path += ".css";
        return made;
    }();
    return sheet;
}

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/server/detail/pages.ipp"
#endif
