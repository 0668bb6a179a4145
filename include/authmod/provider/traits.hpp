// SPDX-License-Identifier: BSL-1.0
// Layer 2. The parts of a provider's traits: structs of constants. provider.hpp says which of them a provider needs.
#pragma once

#include "authmod/mapping/mapping_paths.hpp"
#include "authmod/mapping/path.hpp"
#include "authmod/mapping/static_path.hpp"
#include "authmod/model/login_rules.hpp"
#include "authmod/provider/settings.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace authmod {

/// The provider's URLs, named as the settings. All https, with places that other settings fill (url_template.hpp);
/// those after `user_info_url` may be left out.
struct endpoints {
    std::string_view authorization_url{}; ///< where browsers are sent to
    std::string_view token_url{};         ///< where the code is redeemed
    std::string_view user_info_url{};     ///< the profile
    std::string_view logout_url{};        ///< browsers go there from our logout
    std::string_view email_url{};         ///< a list of addresses
    std::string_view avatar_url{};        ///< a picture that takes the access token
    std::string_view groups_url{};        ///< a list of groups
    std::string_view issuer{};            ///< OpenID Connect only: byte for byte as in ID tokens
    std::string_view jwks_url{};          ///< OpenID Connect only
};

/// One thing to do at the provider before people can log in, in the provider's own words.
struct set_up_step {
    std::string_view title; ///< what to do
    std::string_view text;  ///< where, and with what
};

/// What providers of OpenID Connect sign with unless they say otherwise.
inline constexpr std::string_view rs256_only[] = {"RS256"};

/// What makes a provider one of OpenID Connect: it gives ID tokens.
struct openid_traits {
    std::span<std::string_view const> algorithms = rs256_only; ///< that ID tokens may be signed with (rule D2)

    /// The claim of the ID token that must equal what stands at `subject` in the answer of `user_info_url` (rule E1).
    std::string_view subject_claim = "sub";
    path_view subject = static_path<"sub">::view(); ///< where the user data name the same person

    /// The issuer where one service signs for many tenants: `{tid}` stands for the claim of that name. It counts while
    /// `issuer` does not name one tenant by its number. Empty: `issuer` always counts as it is.
    std::string_view tenant_issuer{};
};

/** Who may log in at all, by something the provider says a person belongs to.

    The setting lists the names that may; an empty list lets everybody in. Once it has names, a person without one of
    them is refused, and so is everybody when the provider does not answer.
*/
struct membership_limit {
    std::string_view setting{}; ///< `allowed_workspaces`, `allowed_organizations` or `hosted_domain`; empty: no limit
    std::string_view url{};     ///< the list to ask for, page by page; empty: the profile says it
    path_view path{};           ///< of the names in it
    std::string_view scope{};   ///< is asked for as well while the limit is on; empty: none is needed
    bool ignores_case = false;  ///< of ASCII letters, as in GitHub's logins and in domains
};

/// How a provider proves that a token which somebody else brings was issued to our client (product.md part 5).
enum class proof_method : std::uint8_t {
    none,          ///< it cannot tell
    introspection, ///< RFC 7662, with our client's authentication; `active` and the client are compared
    github_token,  ///< POST {"access_token"} to a URL with the client id in it, our client's Basic authentication
    token_info,    ///< POST access_token=..., the answer names the client
    token_query,   ///< GET ?access_token=..., the answer names the client; the provider has no other way
    debug_token,   ///< GET ?input_token=... with the app's own access token `id|secret` in the header
    bearer,        ///< GET with the token in the header, the answer names the client
    profile        ///< the profile itself names the client
};

/// How it is asked whose a token is.
struct token_proof {
    proof_method method = proof_method::none; ///< which of the ways
    std::string_view url{};                   ///< `{client_id}` stands for the client's id, percent-encoded
    path_view client{};                       ///< where the answer names the client
    std::string_view warning{};               ///< for the administrator, where the provider cannot tell
};

/// Where a provider that people also run themselves has its API, seen from `server_url`: fills `{api_url}`.
struct api_location {
    std::string_view hosted{};       ///< this host has it at `https://api.<host>`
    std::string_view hosted_below{}; ///< and so has every host below this domain
    std::string_view path{};         ///< all others have it here, below their own address
};

/// What only some providers have. One member, so that a misspelled part of it does not compile.
struct provider_extras {
    bool generic = false;                  ///< only a frame: endpoints and paths are an administrator's business
    std::optional<openid_traits> openid{}; ///< none: plain OAuth 2.0
    std::string_view server_url{};         ///< default of that setting
    api_location api{};                    ///< only where `server_url` is a setting
    membership_limit limit{};              ///< none: everybody may log in
    std::string_view revocation_url{};     ///< RFC 7009
    token_proof proof{};                   ///< for the extension grant
};

/// All of a provider's members, named as they are there. Refers to what lives as long as the program.
struct provider_traits {
    std::string_view id{};       ///< 1 to 64 of a-z, 0-9 and _; kept in databases, so it never changes
    std::string_view label{};    ///< for people, on the login button
    std::string_view icon_svg{}; ///< one inline `<svg>` element
    authmod::endpoints endpoints{}; ///< with places that settings fill
    std::string_view scopes{}; ///< space-separated, as asked for by default
    client_auth client_authentication{}; ///< what the token endpoint takes
    pkce_mode pkce{}; ///< what the provider can do
    mapping_paths mapping{}; ///< default paths
    std::span<set_up_step const> set_up{}; ///< for the administrator, in the provider's own words
    std::span<std::string_view const> accepted_account_types{}; ///< empty: every kind
    provider_extras extras{}; ///< what only some providers have
};

} // namespace authmod
