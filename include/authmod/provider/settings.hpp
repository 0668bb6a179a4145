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

enum class pkce_mode : std::uint8_t { required, automatic, off };

/** The editable settings of one module, named as administrators see them. Everything is kept as typed.

    Defaults come from a provider's traits by `default_settings<P>()`; the members' initialisers are those of the
    generic module.
*/
struct settings {
    // authentication
    std::string client_id;
    bool public_client = false;
    std::string scopes; ///< space-separated
    // endpoints
    std::string authorization_url, token_url, user_info_url;
    std::string logout_url, email_url, avatar_url, groups_url; ///< optional
    std::string issuer, jwks_url;                              ///< OpenID Connect only
    std::string server_url, realm, tenant, okta_domain;        ///< fill places of the URLs above: url_template.hpp
    // limits: who may log in at all; empty: everybody
    std::vector<std::string> allowed_workspaces, allowed_organizations;
    std::string hosted_domain; ///< one domain or several, between spaces or commas
    // mapping: attribute paths, empty means unset
    std::string user_id, username, full_name, email, email_verified, avatar, groups;
    std::string image_url_pattern;
    std::vector<std::pair<std::string, std::string>> custom_attributes; ///< name, path; at most 64
    // groups
    std::vector<group_mapping> group_mappings;
    // additional
    bool user_creation = true;
    std::vector<std::string> auto_join_groups; ///< ids of local groups
    client_auth client_authentication = client_auth::basic;
    bool email_auto_verification = false;
    std::string extension_grant_type; ///< empty: off
    int connection_timeout_ms = 5000; ///< 0: no limit of its own
    int read_timeout_ms = 5000;       ///< 0: no limit of its own
    pkce_mode pkce = pkce_mode::automatic;
    account_linking linking = account_linking::verified_email;
    scim_match scim_match_attribute = scim_match::user_name;

    settings() = default;
    friend bool operator==(settings const&, settings const&) = default;
};

/// One setting that fails its rule. `offset` counts bytes of the text as typed.
struct setting_error {
    std::string field;  ///< name of the setting, `custom_attributes/<name>` for one of those
    std::string reason; ///< stable word, `empty_segment` or `not_https` for example
    std::size_t offset = 0;
    std::string message; ///< one sentence for the administrator

    setting_error() = default;
    friend bool operator==(setting_error const&, setting_error const&) = default;
};

/// Lets `result<T, std::vector<setting_error>>::value()` throw `std::invalid_argument` naming the first field.
[[noreturn]] inline void throw_exception_from_error(std::vector<setting_error> const& errors,
                                                    boost::source_location const&) {
    throw std::invalid_argument(errors.empty() ? "settings refused" : errors[0].field + ": " + errors[0].message);
}

} // namespace authmod
