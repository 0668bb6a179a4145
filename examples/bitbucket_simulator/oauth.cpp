// SPDX-License-Identifier: BSL-1.0
// The authorization page and the token endpoint.
#include "bitbucket.hpp"
#include "pages.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <charconv>

namespace simulator {

namespace {

constexpr auto code_lifetime = std::chrono::minutes(10);
constexpr auto refresh_lifetime = std::chrono::days(90);

struct url_parts {
    std::string scheme, host, port, rest;
};

/// Splits `scheme://host[:port]rest`; an empty host for anything that is no plain http(s) URL.
url_parts split_url(std::string_view url) {
    url_parts out;
    auto const colon = url.find("://");
    if (colon == std::string_view::npos) return out;
    out.scheme = url.substr(0, colon);
    if (out.scheme != "http" && out.scheme != "https") return out;
    url.remove_prefix(colon + 3);
    auto const end = std::min(url.find_first_of("/?#"), url.size());
    std::string_view const authority = url.substr(0, end);
    bool const clean = std::ranges::all_of(url, [](char c) { return c > ' ' && c != '\x7F' && c != '\\' && c != '#'; });
    if (!clean || authority.find('@') != std::string_view::npos) return out;
    out.rest = url.substr(end);
    auto const bracket = authority.rfind(']');
    auto const mark = authority.rfind(':');
    bool const has_port = mark != std::string_view::npos && (bracket == std::string_view::npos || mark > bracket);
    out.host = authority.substr(0, has_port ? mark : authority.size());
    if (has_port) out.port = authority.substr(mark + 1);
    return out;
}

bool is_loopback(std::string_view host) { return host == "127.0.0.1" || host == "localhost" || host == "[::1]"; }

/// The documented rule: a redirect_uri equals the registered Callback URL or extends it.
bool is_registered(consumer const& client, std::string_view uri, bool any_loopback_port) {
    url_parts const sent = split_url(uri);
    if (sent.host.empty()) return false;
    if (!client.callback) return is_loopback(sent.host);
    url_parts const known = split_url(*client.callback);
    if (sent.scheme != known.scheme || sent.host != known.host) return false;
    if (sent.port != known.port && !(any_loopback_port && is_loopback(known.host))) return false;
    return sent.rest.starts_with(known.rest);
}

reply back_to(authorization const& a, std::vector<name_value> members) {
    std::string location = a.redirect_uri;
    if (a.state) members.emplace_back("state", *a.state);
    for (auto const& [name, value] : members) {
        location += location.find('?') == std::string::npos ? '?' : '&';
        location += name + '=' + percent_encode(value);
    }
    return redirect(std::move(location));
}

bool repeats(std::vector<name_value> const& members) {
    for (auto const& [name, value] : members)
        if (std::ranges::count(members, name, &name_value::first) > 1) return true;
    return false;
}

std::string consent_key(account const& who, authorization const& a) {
    return a.client->key + '\n' + who.handle + '\n' + join_scopes(a.scopes);
}

} // namespace

reply bitbucket::authorize(exchange& x) {
    if (x.asked.method != "GET" && x.asked.method != "POST") {
        reply out = html_reply(405, misconfigured_page("Method not allowed"));
        out.headers.emplace_back("Allow", "GET, POST");
        return out;
    }
    // The pages post the authorization request back as they got it; it is checked again each time.
    std::string const* const posted = x.find_form("request");
    std::string const query = x.asked.method == "POST" && posted ? *posted : x.asked.query;
    x.query = parse_form(query);

    std::string const* const key = x.find("client_id");
    std::string const* const uri = x.find("redirect_uri");
    authorization a;
    a.client = key ? world_.find_consumer(*key) : nullptr;
    a.state = x.find("state");
    if (!a.state || a.state->empty()) x.violations.emplace_back("state_missing");
    if (repeats(x.query)) return html_reply(400, misconfigured_page("Invalid request"));
    if (!a.client) return html_reply(400, misconfigured_page("Invalid client_id"));
    if (uri) {
        a.sent_redirect_uri = *uri;
        a.redirect_uri = *uri;
        if (!is_registered(*a.client, *uri, faults_.now.loopback_port == "any"))
            return html_reply(400, misconfigured_page("Invalid redirect_uri"));
    } else if (a.client->callback) {
        a.redirect_uri = *a.client->callback;
    } else {
        return html_reply(400, misconfigured_page("Invalid redirect_uri"));
    }

    std::string const* const type = x.find("response_type");
    if (!type || *type != "code")
        return back_to(a,
                       {{"error", "unsupported_response_type"}, {"error_description", "Only \"code\" is supported."}});
    std::string const* const scope = x.find("scope");
    if (!scope || scope->find_first_not_of(' ') == std::string::npos) a.scopes = a.client->scopes;
    for (std::string_view rest = scope ? std::string_view(*scope) : std::string_view(); !rest.empty();) {
        std::string const name(rest.substr(0, rest.find(' ')));
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
        if (name.empty()) continue;
        if (!a.client->scopes.contains(name))
            return back_to(a, {{"error", "invalid_scope"},
                               {"error_description", "The consumer does not have the scope \"" + name + "\"."}});
        a.scopes.insert(name);
    }
    if (std::string const* const challenge = x.find("code_challenge")) {
        std::string const* const method = x.find("code_challenge_method");
        if (faults_.now.pkce == "checked" && (!method || *method != "S256"))
            return back_to(
                a, {{"error", "invalid_request"}, {"error_description", "code_challenge_method must be S256."}});
        a.challenge = *challenge;
    }

    std::string const* const decision = x.find_form("decision");
    if (decision && *decision == "cancel") return deny(a);
    account const* who = nullptr;
    if (auto const& in_turn = faults_.now.auto_approve; !in_turn.empty()) {
        who = world_.find_account(in_turn[next_approval_++ % in_turn.size()]);
    } else if (std::string const* const handle = x.find_form("account")) {
        who = world_.find_account(*handle);
    }
    if (!who) return html_reply(200, account_page(world_, *a.client, query));
    if (faults_.now.consent == "denied") return deny(a);
    bool const known = faults_.now.consent == "remember" && world_.consents.contains(consent_key(*who, a));
    bool const granted = !faults_.now.auto_approve.empty() || (decision && *decision == "grant");
    if (!known && !granted) return html_reply(200, consent_page(*who, *a.client, a.scopes, query));
    if (x.asked.method == "POST") world_.consents.insert(consent_key(*who, a));
    return approve(*who, a);
}

reply bitbucket::approve(account const& who, authorization const& a) {
    world_.sweep(now());
    std::string code = random_text(18);
    world_.codes[code] = {a.client->key, who.handle, a.scopes, a.sent_redirect_uri, a.challenge, now() + code_lifetime};
    return back_to(a, {{"code", std::move(code)}});
}

reply bitbucket::deny(authorization const& a) {
    return back_to(a, {{"error", "access_denied"}, {"error_description", "The user denied access."}});
}

reply bitbucket::token(exchange& x) {
    if (x.asked.method != "POST") {
        reply out = html_reply(405, misconfigured_page("Method not allowed"));
        out.headers.emplace_back("Allow", "POST");
        return out;
    }
    std::string key, secret;
    std::string_view const header = x.asked.header("authorization");
    std::string const* const body_key = x.find_form("client_id");
    std::string const* const body_secret = x.find_form("client_secret");
    if (header.starts_with("Bearer ")) return html_reply(400, misconfigured_page("Invalid client credentials"));
    if (header.starts_with("Basic ")) {
        if (body_secret) x.violations.emplace_back("credentials_twice");
        std::string const pair = base64_decode(header.substr(6));
        auto const colon = pair.find(':');
        key = pair.substr(0, colon);
        if (colon != std::string::npos) secret = pair.substr(colon + 1);
    } else if (body_key && body_secret) {
        key = *body_key;
        secret = *body_secret;
    } else {
        return token_error("unauthorized_client",
                           "Client credentials missing; this request needs to be authenticated with "
                           "the OAuth client id and secret");
    }
    consumer const* const client = world_.find_consumer(key);
    if (!client || client->secret != secret)
        return token_error("unauthorized_client", "Invalid OAuth client credentials");
    if (!client->has_callback) return token_error("invalid_request", "No callback uri defined for the OAuth client.");

    std::string const* const grant = x.find_form("grant_type");
    if (grant && *grant == "authorization_code") return redeem_code(x, *client);
    if (grant && *grant == "refresh_token") return refresh(x, *client);
    if (grant && *grant == "client_credentials") {
        if (!client->is_private)
            return token_error("invalid_grant",
                               "Cannot use client_credentials with a consumer marked as \"public\". Calls for "
                               "auto generated consumers should use urn:bitbucket:oauth2:jwt instead.");
        return issue("client_credentials", {client->key, "app", client->scopes, {}}, false);
    }
    if (x.asked.header("content-type").starts_with("application/json")) x.violations.emplace_back("json_token_request");
    return token_error("invalid_grant", "Unsupported grant type: " + (grant ? *grant : std::string("None")));
}

reply bitbucket::redeem_code(exchange& x, consumer const& client) {
    std::string const* const code = x.find_form("code");
    auto const found = world_.codes.find(code ? *code : std::string());
    if (found == world_.codes.end() || found->second.key != client.key)
        return token_error("invalid_grant", "The specified code is not valid.");
    code_grant& grant = found->second;
    if (++grant.uses > 1) x.violations.emplace_back("code_used_twice");
    std::string const* const uri = x.find_form("redirect_uri");
    bool const same_uri = (uri ? *uri : std::string()) == grant.redirect_uri;
    if (!same_uri) x.violations.emplace_back("redirect_uri_differs");
    if (grant.uses > 1 || !same_uri || grant.expires_at <= now())
        return token_error("invalid_grant", "The specified code is not valid.");
    if (faults_.now.pkce == "checked" && !grant.challenge.empty()) {
        std::string const* const verifier = x.find_form("code_verifier");
        if (!verifier || base64url(sha256(*verifier)) != grant.challenge)
            return token_error("invalid_grant", "The code_verifier does not match.");
    }
    return issue("authorization_code", {grant.key, grant.account, grant.scopes, {}}, true);
}

reply bitbucket::refresh(exchange& x, consumer const& client) {
    std::string const* const sent = x.find_form("refresh_token");
    auto const found = world_.refresh_tokens.find(sent ? *sent : std::string());
    if (found == world_.refresh_tokens.end() || found->second.key != client.key || found->second.expires_at <= now())
        return token_error("invalid_grant", "Invalid refresh_token");
    token_grant const as = found->second;
    if (!faults_.now.rotation) {
        found->second.expires_at = now() + refresh_lifetime; // unused for three months, not old
        return issue("refresh_token", as, true, *sent);
    }
    auto const soon = now() + std::chrono::seconds(faults_.now.rotated_lifetime_s);
    found->second.expires_at = std::min(as.expires_at, soon);
    return issue("refresh_token", as, true);
}

reply bitbucket::issue(std::string_view grant, token_grant const& as, bool with_refresh, std::string_view old_refresh) {
    world_.sweep(now());
    json::value const& expires_in = faults_.now.expires_in;
    std::int64_t lifetime = 7200;
    if (expires_in.is_int64()) {
        lifetime = expires_in.get_int64();
    } else if (expires_in.is_string()) {
        std::string_view const text = expires_in.get_string();
        std::from_chars(text.data(), text.data() + text.size(), lifetime);
    }
    token_grant made = as;
    made.expires_at = now() + std::chrono::seconds(std::clamp<std::int64_t>(lifetime, 0, 1'000'000'000));
    std::string access = random_text(static_cast<std::size_t>(faults_.now.token_length));

    json::object body{{"access_token", access}};
    if (faults_.now.scope_member != "none") body[faults_.now.scope_member] = join_scopes(as.scopes);
    if (!expires_in.is_null()) body["expires_in"] = expires_in;
    if (with_refresh) {
        std::string text = old_refresh.empty() ? random_text(48) : std::string(old_refresh);
        body["refresh_token"] = text;
        if (old_refresh.empty()) {
            token_grant longer = as;
            longer.expires_at = now() + refresh_lifetime;
            world_.refresh_tokens[std::move(text)] = std::move(longer);
        }
    }
    body["token_type"] = "bearer";
    body["state"] = grant; // the name of the grant, as Bitbucket does; not the state of the authorization request
    world_.access_tokens[std::move(access)] = std::move(made);
    reply out = json_reply(200, body);
    out.headers[0].second = "application/json";
    out.headers.emplace_back("Cache-Control", "no-store");
    out.headers.emplace_back("Pragma", "no-cache");
    return out;
}

} // namespace simulator
