// SPDX-License-Identifier: BSL-1.0
// Layer 2. The settings of a module as text that people edit. module_plan.hpp checks them.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/model/login_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace authmod {

/// How a module uses PKCE, always with S256 (RFC 7636).
enum class pkce_mode : std::uint8_t {
    required,  ///< no login begins where the provider's metadata does not list S256
    automatic, ///< sent unless the metadata excludes it
    off        ///< never sent; refused for a public client
};

/** The editable settings of one module, named as administrators see them. Everything is kept as typed.

    Defaults come from a provider's traits by `default_settings<P>()`; the members' initialisers are those of the
    generic module.
*/
struct settings {
    // authentication
    std::string client_id;      ///< as registered at the provider
    bool public_client = false; ///< needs no secret, and must use PKCE
    std::string scopes;         ///< space-separated
    // endpoints
    std::string authorization_url; ///< where browsers are sent to
    std::string token_url;         ///< where the code is redeemed
    std::string user_info_url;     ///< the profile
    std::string logout_url;        ///< optional: browsers go there from our logout
    std::string email_url;         ///< optional: a list of addresses
    std::string avatar_url;        ///< optional: a picture that takes the access token
    std::string groups_url;        ///< optional: a list of groups
    std::string issuer;            ///< OpenID Connect only: as in ID tokens, byte for byte
    std::string jwks_url;          ///< OpenID Connect only: the provider's keys
    std::string server_url;        ///< fills `{server_url}` and `{api_url}` of the URLs above: url_template.hpp
    std::string realm;             ///< fills `{realm}`
    std::string tenant;            ///< fills `{tenant}`
    std::string okta_domain;       ///< fills `{okta_domain}`
    // limits: who may log in at all; empty: everybody
    std::vector<std::string> allowed_workspaces;    ///< of Bitbucket, by slug
    std::vector<std::string> allowed_organizations; ///< of GitHub, by login
    std::string hosted_domain;                      ///< one domain or several, between spaces or commas
    // mapping: attribute paths, empty means unset
    std::string user_id;        ///< required
    std::string username;       ///< a proposal
    std::string full_name;      ///< for people
    std::string email;          ///< of the list of addresses, or of the profile
    std::string email_verified; ///< its state there
    std::string avatar;         ///< a URL, or what goes into `image_url_pattern`
    std::string groups;         ///< of the list of groups, or of the profile
    std::string image_url_pattern; ///< https, with `<picture-id>` once; empty: none
    std::vector<std::pair<std::string, std::string>> custom_attributes; ///< name, path; at most 64
    // groups
    std::vector<group_mapping> group_mappings; ///< in any order; every one that fits counts
    // additional
    bool user_creation = true; ///< whether people without an account get one
    std::vector<std::string> auto_join_groups; ///< ids of local groups
    client_auth client_authentication = client_auth::basic; ///< at the token endpoint
    bool email_auto_verification = false; ///< what is stored of an email when the provider says nothing
    std::string extension_grant_type; ///< empty: off
    int connection_timeout_ms = 5000; ///< 0: no limit of its own
    int read_timeout_ms = 5000;       ///< 0: no limit of its own
    pkce_mode pkce = pkce_mode::automatic; ///< how PKCE is used
    /// Whether a verified email leads to an account that is there already.
    account_linking linking = account_linking::verified_email;
    scim_match scim_match_attribute = scim_match::user_name; ///< by what a first login finds who was provisioned

    settings() = default;
    friend bool operator==(settings const&, settings const&) = default;
};

/// What the service allows beyond the rules of the settings.
struct plan_options {
    bool allow_loopback_http = false; ///< http endpoints on 127.0.0.0/8, ::1 and localhost

    plan_options() = default;

    explicit plan_options(bool in_allow_loopback_http) : allow_loopback_http(in_allow_loopback_http) {}
};

/// One setting that fails its rule. `offset` counts bytes of the text as typed.
struct setting_error {
    std::string field;      ///< name of the setting, `custom_attributes/<name>` for one of those
    std::string reason;     ///< stable word, `empty_segment` or `not_https` for example
    std::size_t offset = 0; ///< in bytes, from 0
    std::string message;    ///< one sentence for the administrator

    setting_error() = default;
    friend bool operator==(setting_error const&, setting_error const&) = default;
};

/// Lets `result<T, std::vector<setting_error>>::value()` throw `std::invalid_argument` naming the first field.
[[noreturn]] inline void throw_exception_from_error(std::vector<setting_error> const& errors,
                                                    boost::source_location const&) {
    throw std::invalid_argument(errors.empty() ? "settings refused" : errors[0].field + ": " + errors[0].message);
}

} // namespace authmod
