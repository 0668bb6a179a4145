// SPDX-License-Identifier: BSL-1.0
// Layer 2. What an OpenID provider says about itself (OpenID Connect Discovery 1.0, RFC 8414).
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/crypto/signature_algorithm.hpp"
#include "authmod/model/endpoint_url.hpp"
#include "authmod/protocol/detail/json_tree.hpp"
#include "authmod/protocol/http_message.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// The part of a discovery document that counts here. An empty URL: the provider has no such endpoint.
struct provider_metadata {
    std::string issuer; ///< is the one that was asked, byte for byte
    std::string authorization_endpoint;                ///< RFC 6749 3.1
    std::string token_endpoint;                        ///< RFC 6749 3.2
    std::string jwks_uri;                              ///< the keys of its signatures, RFC 7517 5
    std::string userinfo_endpoint;                     ///< OpenID Connect Core 5.3
    std::string end_session_endpoint;                  ///< RP-Initiated Logout 2.1
    std::string revocation_endpoint;                   ///< RFC 7009
    std::string pushed_authorization_request_endpoint; ///< RFC 9126
    algorithm_set id_token_algorithms; ///< those of ours; RS256 if it names none at all
    algorithm_set dpop_algorithms;     ///< empty: it does not know DPoP
    std::optional<bool> s256;          ///< whether it lists the PKCE method; empty: it does not speak of PKCE
    bool client_secret_basic = true;   ///< token endpoint; the default where it says nothing
    bool client_secret_post = false; ///< takes id and secret in the body
    bool authorization_response_iss = false; ///< promises `iss` in callbacks (RFC 9207)
    bool pushed_requests_only = false;       ///< takes no other authorization requests (RFC 9126 5)
    bool backchannel_logout = false; ///< tells other parties when its sessions end
    bool backchannel_logout_session = false; ///< puts `sid` into ID tokens and logout tokens

    provider_metadata() = default;
};

/// Where the document of an issuer is: its URL, a final slash dropped, and the well-known path (Discovery 4).
[[nodiscard]] inline std::string discovery_url(std::string_view issuer) {
    if (issuer.ends_with('/')) issuer.remove_suffix(1);
    return std::string(issuer) + "/.well-known/openid-configuration";
}

/// Asks for a public JSON document: discovery or keys. It carries no credentials.
[[nodiscard]] inline http_request metadata_request(std::string_view url,
                                                   url_origin origin = url_origin::administrator) {
    http_request request("GET", url);
    request.set("Accept", "application/json");
    request.origin = origin;
    request.max_body = 256 * 1024;
    return request;
}

/** Whether a metadata document may be read from this answer: only from status 200.

    Errors: `provider_rate_limited` (429), `provider_failed` (5xx), `redirect_refused` (3xx), else `otherwise`, which is
    `discovery_malformed` or `keys_malformed`. `step` names the document.
*/
[[nodiscard]] inline result<void, failure> judge_metadata_answer(http_response const& response, errc otherwise,
                                                                 std::string_view step) {
    int const status = response.status;
    if (status == 200) return {};
    errc code = otherwise;
    if (status == 429)
        code = errc::provider_rate_limited;
    else if (status >= 500)
        code = errc::provider_failed;
    else if (status >= 300 && status < 400)
        code = errc::redirect_refused;
    failure why(code, diagnostics(std::string(step)));
    why.details.status = status;
    why.details.quote(response.body);
    return why;
}

namespace detail {

/// Reads the members of a discovery document; remembers the first that is not what it should be.
class metadata_reader {
public:
    metadata_reader(json_node const& root, bool allow_loopback_http) : root_(root), loopback_(allow_loopback_http) {}

    [[nodiscard]] std::string const& bad() const noexcept { return bad_; }

    std::string url(std::string_view member, bool required) {
        auto const* text = root_.find_text(member);
        bool const absent = !root_.find(member) || root_.find(member)->is == json_node::kind::null;
        if (absent && !required) return {};
        if (text && check_endpoint_url(*text, loopback_) == url_error{}) return *text;
        blame(member);
        return {};
    }

    bool flag(std::string_view member) {
        auto const* found = root_.find(member);
        if (found && found->is != json_node::kind::boolean && found->is != json_node::kind::null) blame(member);
        return root_.is_true(member);
    }

    std::optional<std::vector<std::string>> list(std::string_view member) {
        auto const* found = root_.find(member);
        if (!found || found->is == json_node::kind::null) return std::nullopt;
        auto texts = found->texts();
        if (!texts) blame(member);
        return texts;
    }

    algorithm_set algorithms(std::string_view member, algorithm_set absent) {
        auto const words = list(member);
        if (!words) return absent;
        algorithm_set set;
        for (auto const& word : *words)
            if (auto const known = find_signature_algorithm(word)) set.insert(*known);
        return set;
    }

private:
    void blame(std::string_view member) {
        if (bad_.empty()) bad_ = member;
    }

    json_node const& root_;
    bool loopback_;
    std::string bad_;
};

[[nodiscard]] inline bool lists(std::optional<std::vector<std::string>> const& words, std::string_view word) {
    return words && std::ranges::find(*words, word) != words->end();
}

} // namespace detail

/** Reads a discovery document.

    `issuer` is the configured one: the document must name it byte for byte (security rule J4), or another provider
    could pose as it.

    Errors, with the member in `details.field`: `issuer_mismatch`; `discovery_malformed` for what is no JSON object,
    repeats a name (C6), lacks one of `authorization_endpoint`, `token_endpoint`, `jwks_uri`, has a URL that may not be
    called, a member of another type, or no `code` among `response_types_supported`.
*/
[[nodiscard]] inline result<provider_metadata, failure> parse_discovery(std::string_view body, std::string_view issuer,
                                                                        bool allow_loopback_http = false) {
    auto const refused = [](errc code, std::string_view field, std::string_view said = {}) {
        failure why(code, diagnostics("discovery"));
        why.details.field = field;
        why.details.quote(said);
        return why;
    };
    detail::json_node root;
    if (auto const reason = detail::read_json_object(body, root); !reason.empty())
        return refused(errc::discovery_malformed, {}, reason);
    auto const* named = root.find_text("issuer");
    if (!named || !enforced("J4", *named == issuer))
        return refused(errc::issuer_mismatch, "issuer", named ? *named : std::string());

    detail::metadata_reader reader(root, allow_loopback_http);
    provider_metadata out;
    out.issuer = *named;
    out.authorization_endpoint = reader.url("authorization_endpoint", true);
    out.token_endpoint = reader.url("token_endpoint", true);
    out.jwks_uri = reader.url("jwks_uri", true);
    out.userinfo_endpoint = reader.url("userinfo_endpoint", false);
    out.end_session_endpoint = reader.url("end_session_endpoint", false);
    out.revocation_endpoint = reader.url("revocation_endpoint", false);
    out.pushed_authorization_request_endpoint = reader.url("pushed_authorization_request_endpoint", false);
    out.id_token_algorithms = reader.algorithms("id_token_signing_alg_values_supported", {signature_algorithm::rs256});
    out.dpop_algorithms = reader.algorithms("dpop_signing_alg_values_supported", {});
    if (auto const methods = reader.list("code_challenge_methods_supported")) out.s256 = detail::lists(methods, "S256");
    if (auto const methods = reader.list("token_endpoint_auth_methods_supported")) {
        out.client_secret_basic = detail::lists(methods, "client_secret_basic");
        out.client_secret_post = detail::lists(methods, "client_secret_post");
    }
    out.authorization_response_iss = reader.flag("authorization_response_iss_parameter_supported");
    out.pushed_requests_only = reader.flag("require_pushed_authorization_requests");
    out.backchannel_logout = reader.flag("backchannel_logout_supported");
    out.backchannel_logout_session = reader.flag("backchannel_logout_session_supported");
    auto const types = reader.list("response_types_supported");
    if (!reader.bad().empty()) return refused(errc::discovery_malformed, reader.bad());
    if (types && !detail::lists(types, "code")) return refused(errc::discovery_malformed, "response_types_supported");
    return out;
}

} // namespace authmod
