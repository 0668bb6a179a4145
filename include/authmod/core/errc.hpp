// SPDX-License-Identifier: BSL-1.0
// Layer 0. Every way an operation of this library fails: one enum, one category, one stable word each.
#pragma once

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

namespace authmod {

/// What the one who sees the error can do about it. Compare an `error_code` with these.
enum class condition {
    user_declined = 1, ///< the person said no; nothing to mend
    try_again,         ///< a passing fault or an attempt that went stale: start the login again
    misconfigured,     ///< the administrator has to change a setting here or at the provider
    suspicious,        ///< an answer or a request that no honest party sends
    refused            ///< the rules of this service keep this account out
};

/** What went wrong.

    The words (`to_word`) are a contract: the same one stands on the error page, in the log, in the metric label, in
    the audit row and in the README.
*/
enum class errc {
    // the browser's part of a login
    state_missing = 1,     ///< the login was not started in this browser, or its cookie is gone
    state_mismatch,        ///< the answer does not belong to a login that this browser started
    state_expired,         ///< the login took longer than ten minutes
    state_used,            ///< this login has been finished or tried before
    settings_changed,      ///< settings changed, start again
    callback_malformed,    ///< the answer of the provider to the browser is malformed
    issuer_mismatch,       ///< the answer comes from another provider than the one asked
    access_denied,         ///< access was not granted at the provider
    authorization_refused, ///< the provider refused the authorization request
    return_to_refused,     ///< the page to return to is not a path of this site
    signed_in_as_another,  ///< another account is signed in in this browser
    // the provider's part
    provider_unreachable,   ///< the provider cannot be reached
    tls_failed,             ///< the provider's certificate or TLS set-up is not acceptable
    timed_out,              ///< the provider did not answer in time
    no_response,            ///< the provider closed the connection without an answer
    response_cut,           ///< the provider's answer ended early
    response_too_large,     ///< the provider's answer is larger than allowed
    response_malformed,     ///< the provider's answer is not what this endpoint should give
    redirect_refused,       ///< the provider answered with a redirect, which is not followed
    address_refused,        ///< the address is not one this service may connect to
    client_refused,         ///< the provider does not accept the client id and secret
    code_refused,           ///< the provider does not accept the authorization code
    token_exchange_refused, ///< the provider refused to exchange the code for a token
    token_malformed,        ///< the provider's token answer is malformed
    token_type_refused,     ///< the provider gave a token that is not a bearer token
    provider_rate_limited,  ///< the provider says there were too many requests
    provider_failed,        ///< the provider reports a fault of its own
    user_info_refused,      ///< the provider did not give the profile
    profile_malformed,      ///< the provider's profile is malformed
    user_id_missing,        ///< the profile has no user id
    user_id_refused,        ///< the profile's user id is neither text nor a whole number, or longer than 255 bytes
    account_type_refused,   ///< this kind of provider account cannot log in
    email_list_failed,      ///< the provider did not give the list of email addresses
    organization_refused,   ///< only members of certain workspaces, organizations or domains may log in here
    token_not_ours,         ///< the provider does not say that this token was issued to our client
    // OpenID Connect
    discovery_malformed,    ///< the provider's discovery document is not usable
    pkce_not_supported,     ///< the provider's discovery document does not list S256, and this module requires PKCE
    pushed_request_refused, ///< the provider refused the pushed authorization request
    keys_malformed,         ///< the provider's key set is not usable
    id_token_missing,       ///< the provider gave no ID token
    jwt_malformed,          ///< a signed token of the provider is malformed
    jwt_algorithm_refused,  ///< a token of the provider is not signed, or by an algorithm this module does not accept
    jwt_key_unknown,        ///< a token of the provider is signed with a key that is not in its key set
    jwt_signature_bad,      ///< the signature of a token of the provider is wrong
    jwt_audience_refused,   ///< a token of the provider was issued to somebody else
    jwt_expired,            ///< a token of the provider is not valid at this time
    jwt_claim_refused,      ///< a token of the provider lacks a claim or has a bad one
    nonce_mismatch,         ///< the ID token does not belong to the login that this browser started
    subject_mismatch,       ///< two answers of the provider speak of different persons
    logout_token_refused,   ///< the provider's logout token is not acceptable
    // our rules
    creation_off,      ///< there is no account for this person and new accounts are not created
    account_banned,    ///< this account is banned
    account_inactive,  ///< this account is switched off by the identity provider
    module_disabled,   ///< this way to log in is switched off
    module_incomplete, ///< the auth module lacks required settings
    // sessions and requests
    not_signed_in,     ///< nobody is signed in, or the session has ended
    csrf_refused,      ///< the request does not prove that it comes from this site's own pages
    not_permitted,     ///< this needs administrator rights
    too_many_requests, ///< there were too many requests from this address
    // settings and stores
    not_found,            ///< there is no such thing
    setting_refused,      ///< a setting fails its rule
    revision_missing,     ///< the update does not say which revision it changes
    revision_stale,       ///< somebody else changed this in the meantime
    name_taken,           ///< the name is taken
    last_way_in,          ///< this is the last enabled way to log in
    seal_broken,          ///< a sealed value was changed or sealed with an unknown key
    store_unavailable,    ///< the store does not answer
    store_conflict,       ///< another change came first
    store_schema_unknown, ///< the database is not one this version can use
    random_failed,        ///< the operating system gave no random bytes
};

namespace detail {

struct errc_row {
    errc code;
    condition means;
    std::string_view word;
    char const* message; // for people: one sentence, no full stop
    std::string_view cure;
};

inline constexpr errc_row errc_rows[] = {
    {errc::state_missing, condition::try_again, "state_missing", "the login was not started in this browser, or its cookie is gone", "start the login again in this browser and allow cookies"},
    {errc::state_mismatch, condition::suspicious, "state_mismatch", "the answer does not belong to a login that this browser started", "start the login again; do not open login links that others send"},
    {errc::state_expired, condition::try_again, "state_expired", "the login took longer than ten minutes", "start the login again"},
    {errc::state_used, condition::suspicious, "state_used", "this login has been finished or tried before", "start the login again"},
    {errc::settings_changed, condition::try_again, "settings_changed", "settings changed, start again", "start the login again"},
    {errc::callback_malformed, condition::suspicious, "callback_malformed", "the answer of the provider to the browser is malformed", "start the login again; if it repeats, check the provider's redirect"},
    {errc::issuer_mismatch, condition::suspicious, "issuer_mismatch", "the answer comes from another provider than the one asked", "check the issuer setting; otherwise somebody mixes up two providers"},
    {errc::access_denied, condition::user_declined, "access_denied", "access was not granted at the provider", "start the login again and grant access"},
    {errc::authorization_refused, condition::misconfigured, "authorization_refused", "the provider refused the authorization request", "check client id, scopes and redirect URI at the provider"},
    {errc::return_to_refused, condition::suspicious, "return_to_refused", "the page to return to is not a path of this site", "use a path that starts with one slash"},
    {errc::signed_in_as_another, condition::refused, "signed_in_as_another", "another account is signed in in this browser", "log out first, then log in with the other account"},
    {errc::provider_unreachable, condition::try_again, "provider_unreachable", "the provider cannot be reached", "check the endpoint's host name, DNS and the firewall"},
    {errc::tls_failed, condition::misconfigured, "tls_failed", "the provider's certificate or TLS set-up is not acceptable", "check the certificate chain and host name, or set the CA file"},
    {errc::timed_out, condition::try_again, "timed_out", "the provider did not answer in time", "try again; raise the timeouts if the provider is slow"},
    {errc::no_response, condition::try_again, "no_response", "the provider closed the connection without an answer", "try again"},
    {errc::response_cut, condition::try_again, "response_cut", "the provider's answer ended early", "try again"},
    {errc::response_too_large, condition::suspicious, "response_too_large", "the provider's answer is larger than allowed", "check the endpoint; answers may have 16 KiB of headers and 1 MiB of body"},
    {errc::response_malformed, condition::misconfigured, "response_malformed", "the provider's answer is not what this endpoint should give", "check that the endpoint's URL is the right one"},
    {errc::redirect_refused, condition::misconfigured, "redirect_refused", "the provider answered with a redirect, which is not followed", "set the endpoint's final URL"},
    {errc::address_refused, condition::suspicious, "address_refused", "the address is not one this service may connect to", "use a public https address, or allow its network"},
    {errc::client_refused, condition::misconfigured, "client_refused", "the provider does not accept the client id and secret", "copy the key and the secret from the provider again"},
    {errc::code_refused, condition::try_again, "code_refused", "the provider does not accept the authorization code", "start the login again; if it repeats, compare the redirect URI with the one at the provider"},
    {errc::token_exchange_refused, condition::misconfigured, "token_exchange_refused", "the provider refused to exchange the code for a token", "read what the provider said; check client, redirect URI and scopes"},
    {errc::token_malformed, condition::suspicious, "token_malformed", "the provider's token answer is malformed", "check that the token URL is the right one"},
    {errc::token_type_refused, condition::misconfigured, "token_type_refused", "the provider gave a token that is not a bearer token", "this provider's tokens cannot be used"},
    {errc::provider_rate_limited, condition::try_again, "provider_rate_limited", "the provider says there were too many requests", "wait, then try again"},
    {errc::provider_failed, condition::try_again, "provider_failed", "the provider reports a fault of its own", "try again later"},
    {errc::user_info_refused, condition::misconfigured, "user_info_refused", "the provider did not give the profile", "check the scopes and the user data URL"},
    {errc::profile_malformed, condition::suspicious, "profile_malformed", "the provider's profile is malformed", "check that the user data URL is the right one"},
    {errc::user_id_missing, condition::misconfigured, "user_id_missing", "the profile has no user id", "check the User ID path of the attribute mapping"},
    {errc::user_id_refused, condition::misconfigured, "user_id_refused", "the profile's user id is neither text nor a whole number, or longer than 255 bytes", "check the User ID path of the attribute mapping"},
    {errc::account_type_refused, condition::refused, "account_type_refused", "this kind of provider account cannot log in", "use a personal account"},
    {errc::email_list_failed, condition::try_again, "email_list_failed", "the provider did not give the list of email addresses", "try again; check the scopes and the email URL"},
    {errc::organization_refused, condition::refused, "organization_refused", "only members of certain workspaces, organizations or domains may log in here", "ask an administrator which ones; log in with an account that belongs to one"},
    {errc::token_not_ours, condition::suspicious, "token_not_ours", "the provider does not say that this token was issued to our client", "use a token that was issued to the client of this module"},
    {errc::discovery_malformed, condition::misconfigured, "discovery_malformed", "the provider's discovery document is not usable", "check the issuer setting, or set the endpoints by hand"},
    {errc::pkce_not_supported, condition::misconfigured, "pkce_not_supported", "the provider's discovery document does not list S256, and this module requires PKCE", "set PKCE to automatic or off, if the provider is right"},
    {errc::pushed_request_refused, condition::misconfigured, "pushed_request_refused", "the provider refused the pushed authorization request", "read what the provider said; check client id, secret, scopes and redirect URI"},
    {errc::keys_malformed, condition::misconfigured, "keys_malformed", "the provider's key set is not usable", "check that the JWKS URL is the right one"},
    {errc::id_token_missing, condition::misconfigured, "id_token_missing", "the provider gave no ID token", "check that the scopes contain openid"},
    {errc::jwt_malformed, condition::suspicious, "jwt_malformed", "a signed token of the provider is malformed", "check that the issuer setting is the right one; encrypted tokens cannot be used"},
    {errc::jwt_algorithm_refused, condition::misconfigured, "jwt_algorithm_refused", "a token of the provider is not signed, or by an algorithm this module does not accept", "register the client for RS256 or ES256 signatures at the provider"},
    {errc::jwt_key_unknown, condition::try_again, "jwt_key_unknown", "a token of the provider is signed with a key that is not in its key set", "try again in a minute; if it repeats, check the JWKS URL"},
    {errc::jwt_signature_bad, condition::suspicious, "jwt_signature_bad", "the signature of a token of the provider is wrong", "check the JWKS URL; otherwise somebody forges tokens"},
    {errc::jwt_audience_refused, condition::suspicious, "jwt_audience_refused", "a token of the provider was issued to somebody else", "check the client id"},
    {errc::jwt_expired, condition::try_again, "jwt_expired", "a token of the provider is not valid at this time", "check the clocks of this machine and of the provider"},
    {errc::jwt_claim_refused, condition::suspicious, "jwt_claim_refused", "a token of the provider lacks a claim or has a bad one", "read which claim it is; check that the issuer setting is the right one"},
    {errc::nonce_mismatch, condition::suspicious, "nonce_mismatch", "the ID token does not belong to the login that this browser started", "start the login again"},
    {errc::subject_mismatch, condition::suspicious, "subject_mismatch", "two answers of the provider speak of different persons", "start the login again; if it repeats, tell the provider"},
    {errc::logout_token_refused, condition::suspicious, "logout_token_refused", "the provider's logout token is not acceptable", "read which claim it is; check issuer and client id"},
    {errc::creation_off, condition::refused, "creation_off", "there is no account for this person and new accounts are not created", "ask an administrator for an account"},
    {errc::account_banned, condition::refused, "account_banned", "this account is banned", "ask an administrator"},
    {errc::account_inactive, condition::refused, "account_inactive", "this account is switched off by the identity provider", "ask an administrator of the identity provider to activate it"},
    {errc::module_disabled, condition::refused, "module_disabled", "this way to log in is switched off", "use another way to log in"},
    {errc::module_incomplete, condition::misconfigured, "module_incomplete", "the auth module lacks required settings", "fill in client id, secret, endpoints and the User ID path"},
    {errc::not_signed_in, condition::refused, "not_signed_in", "nobody is signed in, or the session has ended", "log in"},
    {errc::csrf_refused, condition::suspicious, "csrf_refused", "the request does not prove that it comes from this site's own pages", "reload the page and try again"},
    {errc::not_permitted, condition::refused, "not_permitted", "this needs administrator rights", "use the admin token or an account in authmod-admins"},
    {errc::too_many_requests, condition::try_again, "too_many_requests", "there were too many requests from this address", "wait a few seconds, then try again"},
    {errc::not_found, condition::refused, "not_found", "there is no such thing", "check the id"},
    {errc::setting_refused, condition::misconfigured, "setting_refused", "a setting fails its rule", "mend the named field"},
    {errc::revision_missing, condition::misconfigured, "revision_missing", "the update does not say which revision it changes", "send the revision that was read"},
    {errc::revision_stale, condition::try_again, "revision_stale", "somebody else changed this in the meantime", "read it again and repeat the change"},
    {errc::name_taken, condition::misconfigured, "name_taken", "the name is taken", "choose another name"},
    {errc::last_way_in, condition::misconfigured, "last_way_in", "this is the last enabled way to log in", "enable another module first, or force it"},
    {errc::seal_broken, condition::suspicious, "seal_broken", "a sealed value was changed or sealed with an unknown key", "check the master key file"},
    {errc::store_unavailable, condition::try_again, "store_unavailable", "the store does not answer", "try again; check the database"},
    {errc::store_conflict, condition::try_again, "store_conflict", "another change came first", "try again"},
    {errc::store_schema_unknown, condition::misconfigured, "store_schema_unknown", "the database is not one this version can use", "use the version that wrote it, or another database"},
    {errc::random_failed, condition::try_again, "random_failed", "the operating system gave no random bytes", "check the machine"},
};

[[nodiscard]] constexpr errc_row const* find_errc(int value) noexcept {
    // Rows stand in the order of the enum (a test says so).
    return value >= 1 && value <= static_cast<int>(std::size(errc_rows)) ? &errc_rows[value - 1] : nullptr;
}

class errc_category final : public boost::system::error_category {
public:
    constexpr errc_category() noexcept : error_category(0x8f1c6a2b5d3e4907ULL) {}
    char const* name() const noexcept override { return "authmod"; }
    std::string message(int value) const override {
        auto const* row = find_errc(value);
        return row ? row->message : "unknown error";
    }
    boost::system::error_condition default_error_condition(int value) const noexcept override;
};

class condition_category final : public boost::system::error_category {
public:
    constexpr condition_category() noexcept : error_category(0x8f1c6a2b5d3e4908ULL) {}
    char const* name() const noexcept override { return "authmod.condition"; }
    std::string message(int value) const override {
        constexpr char const* words[] = {"ok", "user declined", "try again", "misconfigured", "suspicious", "refused"};
        return value >= 0 && value < static_cast<int>(std::size(words)) ? words[value] : "unknown condition";
    }
};

inline constexpr errc_category errc_category_instance{};
inline constexpr condition_category condition_category_instance{};

inline boost::system::error_condition errc_category::default_error_condition(int value) const noexcept {
    auto const* row = find_errc(value);
    if (!row) return {value, *this};
    return {static_cast<int>(row->means), condition_category_instance};
}

} // namespace detail

/// The category of every `errc`.
[[nodiscard]] inline boost::system::error_category const& category() noexcept { return detail::errc_category_instance; }

/// Found by `boost::system`: lets `errc` stand where an `error_code` is asked for.
inline boost::system::error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), category()}; }
/// Found by `boost::system`: lets an `error_code` be compared with a `condition`.
inline boost::system::error_condition make_error_condition(condition c) noexcept {
    return {static_cast<int>(c), detail::condition_category_instance};
}

/// The stable word of an error, `"state_mismatch"` for example; `"internal"` for errors of other categories.
[[nodiscard]] inline std::string_view to_word(boost::system::error_code const& e) noexcept {
    auto const* row = e.category() == category() ? detail::find_errc(e.value()) : nullptr;
    return row ? row->word : "internal";
}
[[nodiscard]] inline std::string_view to_word(errc e) noexcept { return to_word(make_error_code(e)); }

/// What to do about it, one clause for people; empty for errors of other categories.
[[nodiscard]] inline std::string_view cure(boost::system::error_code const& e) noexcept {
    auto const* row = e.category() == category() ? detail::find_errc(e.value()) : nullptr;
    return row ? row->cure : std::string_view{};
}

} // namespace authmod

template <>
struct boost::system::is_error_code_enum<authmod::errc> : std::true_type {};

template <>
struct boost::system::is_error_condition_enum<authmod::condition> : std::true_type {};
