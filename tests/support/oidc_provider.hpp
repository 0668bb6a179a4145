// An OpenID provider as far as signed tokens go: its keys and the claims it signs, each of which a test can spoil.
#pragma once

#include "authmod/protocol/id_token.hpp"
#include "support/jose_signer.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod_test {

inline constexpr std::string_view oidc_issuer = "https://op.example";
inline constexpr std::string_view oidc_client = "client-1";
inline constexpr std::string_view oidc_nonce = "nonce-of-this-login";
inline constexpr std::string_view oidc_access_token = "access-token";

/// 2026-11-24 12:00:00 UTC.
inline constexpr long long oidc_seconds = 1'795'521'600;
inline constexpr authmod::time_point oidc_now = authmod::from_milliseconds(oidc_seconds * 1000);

/// The members of a JSON object in order; values are JSON.
class json_members {
public:
    json_members(std::initializer_list<std::pair<std::string, std::string>> members) : members_(members) {}

    /// With this member replaced or added.
    [[nodiscard]] json_members with(std::string_view name, std::string_view value) const {
        auto out = without(name);
        out.members_.emplace_back(name, value);
        return out;
    }

    [[nodiscard]] json_members without(std::string_view name) const {
        auto out = *this;
        std::erase_if(out.members_, [&](auto const& m) { return m.first == name; });
        return out;
    }

    [[nodiscard]] std::string text() const {
        std::string json = "{";
        for (auto const& [name, value] : members_) {
            if (json.size() != 1) json += ',';
            json.append("\"").append(name).append("\":").append(value);
        }
        return json + "}";
    }

private:
    std::vector<std::pair<std::string, std::string>> members_;
};

inline std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

inline json_members good_id_claims() {
    return {{"iss", quoted(oidc_issuer)},          {"sub", quoted("person-1")},
            {"aud", quoted(oidc_client)},          {"exp", std::to_string(oidc_seconds + 300)},
            {"iat", std::to_string(oidc_seconds)}, {"nonce", quoted(oidc_nonce)}};
}

inline json_members good_logout_claims() {
    return {{"iss", quoted(oidc_issuer)},
            {"sub", quoted("person-1")},
            {"aud", quoted(oidc_client)},
            {"exp", std::to_string(oidc_seconds + 120)},
            {"iat", std::to_string(oidc_seconds)},
            {"jti", quoted("token-1")},
            {"sid", quoted("session-1")},
            {"events", R"({"http://schemas.openid.net/event/backchannel-logout":{}})"}};
}

/// Keys are made once per program: RSA keys take their time.
inline jose_signer const& rsa_signer(std::size_t i = 0) {
    static jose_signer const signers[] = {jose_signer::rsa(), jose_signer::rsa()};
    return signers[i];
}

inline jose_signer const& ec_signer() {
    static jose_signer const signer = jose_signer::ec(authmod::key_type::ec_p256);
    return signer;
}

inline std::string jwks(std::initializer_list<std::string> keys) {
    std::string text = R"({"keys":[)";
    for (auto const& key : keys) text.append(text.ends_with('[') ? "" : ",").append(key);
    return text + "]}";
}

/// The usual keys: one RSA key called `k1`.
inline authmod::key_set const& usual_keys() {
    static auto const keys = authmod::key_set::parse(jwks({rsa_signer().jwk(R"("kid":"k1","use":"sig")")})).value();
    return keys;
}

inline std::string signed_with_k1(json_members const& claims,
                                  std::string_view header = R"({"alg":"RS256","kid":"k1"})") {
    return rsa_signer().jws(authmod::signature_algorithm::rs256, header, claims.text());
}

inline authmod::jwt_rules usual_rules() {
    authmod::jwt_rules rules;
    rules.issuer = oidc_issuer;
    rules.client_id = oidc_client;
    return rules;
}

inline authmod::id_token_expectation this_login() { return {oidc_nonce, {}, oidc_access_token}; }

/// The word of a result's error, `ok` for none, and after a colon the claim at fault if one is named.
template <class T>
std::string verdict(authmod::result<T, authmod::failure> const& r) {
    if (r) return "ok";
    auto const word = std::string(authmod::to_word(r.error().code));
    return r.error().details.field.empty() ? word : word + ":" + r.error().details.field;
}

template <class T>
std::string verdict(authmod::result<T> const& r) {
    return r ? "ok" : std::string(authmod::to_word(r.error()));
}

} // namespace authmod_test
