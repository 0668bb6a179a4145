// SPDX-License-Identifier: BSL-1.0
// The REST API behind `/2.0/`, and the avatars.
#include "bitbucket.hpp"
#include "pages.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <charconv>

namespace simulator {

namespace {

json::object link(std::string href) { return {{"href", std::move(href)}}; }

/// A whole number from 1; nothing for anything else.
std::optional<std::int64_t> read_count(std::string const& text) {
    std::int64_t out = 0;
    auto const [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (wrong != std::errc() || end != text.data() + text.size() || out < 1) return {};
    return out;
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> out;
    for (;;) {
        auto const end = text.find(at);
        out.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

using field_paths = std::vector<std::vector<std::string>>;

/// The paths that go on behind `name`.
field_paths behind(field_paths const& paths, std::string_view name) {
    field_paths out;
    for (auto const& path : paths)
        if (!path.empty() && path.front() == name) out.emplace_back(path.begin() + 1, path.end());
    return out;
}

bool any_ends(field_paths const& paths) { return std::ranges::any_of(paths, &std::vector<std::string>::empty); }

/// Only what the paths name; arrays are looked through.
json::value keep_only(json::value const& from, field_paths const& paths) {
    if (any_ends(paths)) return from;
    if (from.is_array()) {
        json::array out;
        for (json::value const& element : from.get_array()) out.push_back(keep_only(element, paths));
        return out;
    }
    if (!from.is_object()) return from;
    json::object out;
    for (auto const& [name, value] : from.get_object()) {
        field_paths const inner = behind(paths, name);
        if (!inner.empty()) out[name] = keep_only(value, inner);
    }
    return out;
}

void take_away(json::value& from, field_paths const& paths) {
    if (from.is_array()) {
        for (json::value& element : from.get_array()) take_away(element, paths);
    } else if (from.is_object()) {
        json::object out;
        for (auto& [name, value] : from.get_object()) {
            field_paths const inner = behind(paths, name);
            if (any_ends(inner)) continue;
            if (!inner.empty()) take_away(value, inner);
            out[name] = value;
        }
        from = std::move(out);
    }
}

/// `fields=a.b,c` limits, `+x` adds (everything is there already), `-x` removes.
json::value with_fields(json::value body, std::string_view fields) {
    field_paths kept, removed;
    for (std::string const& field : split(fields, ',')) {
        if (field.starts_with('-')) {
            removed.push_back(split(std::string_view(field).substr(1), '.'));
        } else if (!field.empty() && !field.starts_with('+')) {
            kept.push_back(split(field, '.'));
        }
    }
    if (!kept.empty()) body = keep_only(body, kept);
    if (!removed.empty()) take_away(body, removed);
    return body;
}

bool is_administrator(membership const& in) { return in.permission == "owner"; }

} // namespace

json::object bitbucket::user_json(exchange const& x, account const& who, bool own) const {
    std::string const origin = x.asked.origin();
    std::string const id = percent_encode(who.uuid);
    json::object out{{"type", who.type}, {"uuid", who.uuid}, {"account_id", who.account_id}};
    if (who.type == "app_user") out["kind"] = "oauth_consumer";
    if (own && who.username) out["username"] = *who.username;
    out["nickname"] = who.nickname;
    out["display_name"] = who.display_name;
    out["account_status"] = who.status;
    if (own) {
        out["has_2fa_enabled"] = nullptr;
        out["is_staff"] = false;
    }
    out["created_on"] = "2019-03-07T12:35:02.900024+00:00";
    out["location"] = nullptr;
    out["links"] = json::object{{"self", link(origin + "/2.0/users/" + id)},
                                {"html", link(origin + "/" + id + "/")},
                                {"avatar", link(origin + "/avatars/" + who.handle + ".png")},
                                {"repositories", link(origin + "/2.0/repositories/" + id)},
                                {"snippets", link(origin + "/2.0/snippets/" + id)},
                                {"hooks", link(origin + "/2.0/users/" + id + "/hooks")}};
    return out;
}

json::object bitbucket::workspace_json(exchange const& x, std::string const& slug) const {
    std::string const self = x.asked.origin() + "/2.0/workspaces/" + slug;
    return {{"type", "workspace"},
            {"uuid", uuid_of("workspace " + slug)},
            {"slug", slug},
            {"name", world_.workspace_names.at(slug)},
            {"is_private", true},
            {"created_on", "2018-11-29T02:26:39.297476+00:00"},
            {"links", json::object{{"self", link(self)},
                                   {"html", link(x.asked.origin() + "/" + slug + "/")},
                                   {"avatar", link(x.asked.origin() + "/workspaces/" + slug + "/avatar/")},
                                   {"members", link(self + "/members")},
                                   {"owners", link(self + "/members?q=permission%3D%22owner%22")},
                                   {"projects", link(self + "/projects")},
                                   {"repositories", link(x.asked.origin() + "/2.0/repositories/" + slug)},
                                   {"snippets", link(x.asked.origin() + "/2.0/snippets/" + slug)}}}};
}

json::object bitbucket::membership_json(exchange const& x, account const& who, membership const& in) const {
    json::object const workspace{{"type", "workspace"},
                                 {"uuid", uuid_of("workspace " + in.slug)},
                                 {"slug", in.slug},
                                 {"name", world_.workspace_names.at(in.slug)}};
    return {{"type", "workspace_membership"},
            {"permission", in.permission},
            {"user", user_json(x, who, false)},
            {"workspace", workspace}};
}

json::object bitbucket::email_json(exchange const& x, email_address const& email) const {
    return {{"type", "email"},
            {"email", email.address},
            {"is_primary", email.primary},
            {"is_confirmed", email.confirmed},
            {"links", json::object{{"self", link(x.asked.origin() + "/2.0/user/emails/" + email.address)}}}};
}

/// One page of `items`, as `page` and `pagelen` say; `next` repeats the other parameters of the query.
reply bitbucket::list(exchange const& x, json::array const& items, std::int64_t default_length) const {
    std::string const* const length_text = x.find("pagelen");
    std::string const* const page_text = x.find("page");
    auto const length = length_text ? read_count(*length_text) : default_length;
    auto const page = page_text ? read_count(*page_text) : 1;
    if (!length || *length > 100) return api_error(400, "Invalid pagelen");
    auto const size = static_cast<std::int64_t>(items.size());
    if (!page || (*page > 1 && (*page - 1) * *length >= size)) return api_error(404, "Invalid page");

    json::array values;
    for (std::int64_t i = (*page - 1) * *length; i < std::min(*page * *length, size); ++i)
        values.push_back(items[static_cast<std::size_t>(i)]);
    auto const address_of = [&](std::int64_t number) {
        std::string out = x.asked.origin() + x.asked.path + '?';
        for (auto const& [name, value] : x.query)
            if (name != "page") out += percent_encode(name) + '=' + percent_encode(value) + '&';
        return out + "page=" + std::to_string(number);
    };
    json::object body{{"pagelen", *length}, {"values", std::move(values)}, {"page", *page}, {"size", size}};
    if (*page * *length < size) body["next"] = address_of(*page + 1);
    if (*page > 1) body["previous"] = address_of(*page - 1);
    std::string const* const fields = x.find("fields");
    return json_reply(200, fields ? with_fields(std::move(body), *fields) : json::value(std::move(body)));
}

reply bitbucket::api(exchange& x) {
    std::string_view const header = x.asked.header("authorization");
    if (x.endpoint == "removed") {
        x.violations.emplace_back("removed_endpoint");
        return removed_endpoint();
    }
    if (x.find("access_token")) x.violations.emplace_back("token_in_query");
    if (x.find_form("access_token")) x.violations.emplace_back("token_in_body");
    if (x.find("access_token") || x.find_form("access_token")) return bad_token();
    if (header.size() > 7 && header.substr(0, 7) != "Bearer " && (header[0] == 'b' || header[0] == 'B') &&
        header[6] == ' ')
        x.violations.emplace_back("bearer_misspelt");

    token_grant const* grant = nullptr;
    if (header.starts_with("Bearer ")) {
        auto const found = world_.access_tokens.find(std::string(header.substr(7)));
        if (found != world_.access_tokens.end() && found->second.expires_at > now()) grant = &found->second;
    }
    account const* const who = grant ? world_.find_account(grant->account) : nullptr;
    std::string const required = x.endpoint == "emails" || x.endpoint == "email" ? "email"
                                 : x.endpoint == "users"                         ? ""
                                                                                 : "account";
    reply out;
    if (x.endpoint == "nothing") {
        out = no_such_path();
    } else if (!who &&
               (!required.empty() || !header.empty())) { // the public part of a user needs no token, but no bad one
        out = bad_token();
    } else if (x.asked.method != "GET") {
        out = api_error(405, "Method not allowed");
        out.headers.emplace_back("Allow", "GET");
    } else if (!required.empty() && !grant->scopes.contains(required)) {
        out = scope_missing({required}, grant->scopes);
    } else if (x.endpoint == "users") {
        account const* const found = world_.find_user(x.segments[1]);
        out = found ? json_reply(200, user_json(x, *found, false))
                    : api_error(404, x.segments[1] + " is not a valid user");
    } else if (x.segments[0] == "user") {
        out = user_resource(x, *who);
    } else {
        out = workspace_resource(x, *who);
    }
    if (grant) {
        out.headers.emplace_back("X-OAuth-Scopes", join_scopes(grant->scopes));
        out.headers.emplace_back("X-Accepted-OAuth-Scopes", required);
        out.headers.emplace_back("X-Credential-Type", "oauth2");
    }
    return out;
}

reply bitbucket::user_resource(exchange& x, account const& who) {
    if (x.endpoint == "user") {
        std::string const* const fields = x.find("fields");
        json::value body = user_json(x, who, true);
        return json_reply(200, fields ? with_fields(std::move(body), *fields) : body);
    }
    if (x.endpoint == "emails") {
        json::array items;
        for (email_address const& email : who.emails) items.push_back(email_json(x, email));
        return list(x, items, 10);
    }
    if (x.endpoint == "email") {
        for (email_address const& email : who.emails)
            if (email.address == x.segments[2]) return json_reply(200, email_json(x, email));
        return api_error(404, "No email address '" + x.segments[2] + "'.");
    }
    if (x.endpoint == "permission") {
        std::string const slug = world_.find_workspace(x.segments[2]);
        for (membership const& in : who.workspaces)
            if (in.slug == slug) return json_reply(200, membership_json(x, who, in));
        return api_error(403, "Forbidden");
    }
    std::vector<membership> sorted = who.workspaces;
    if (std::string const* const sort = x.find("sort")) {
        if (*sort != "slug" && *sort != "-slug") return api_error(400, "Invalid sort");
        std::ranges::sort(sorted, {}, &membership::slug);
        if (*sort == "-slug") std::ranges::reverse(sorted);
    }
    std::string const* const administrator = x.find("administrator");
    json::array items;
    for (membership const& in : sorted) {
        if (administrator && (*administrator == "true") != is_administrator(in)) continue;
        std::string const self = x.asked.origin() + "/2.0/workspaces/" + in.slug;
        json::object const workspace{
            {"type", "workspace_base"},
            {"uuid", uuid_of("workspace " + in.slug)},
            {"slug", in.slug},
            {"links", json::object{{"self", link(self)},
                                   {"avatar", link(x.asked.origin() + "/workspaces/" + in.slug + "/avatar/")}}}};
        items.push_back(json::object{
            {"type", "workspace_access"}, {"administrator", is_administrator(in)}, {"workspace", workspace}});
    }
    return list(x, items, 25);
}

reply bitbucket::workspace_resource(exchange& x, account const& who) {
    std::string const slug = world_.find_workspace(x.segments[1]);
    if (slug.empty()) return api_error(404, "No workspace with identifier '" + x.segments[1] + "'.");
    auto const own = std::ranges::find(who.workspaces, slug, &membership::slug);
    if (own == who.workspaces.end()) return api_error(403, "Forbidden");
    if (x.endpoint == "workspace") return json_reply(200, workspace_json(x, slug));

    std::string const* const q = x.find("q");
    bool const by_email = x.endpoint == "members" && q && q->find("user.email") != std::string::npos;
    if ((by_email || x.endpoint == "permissions") && !is_administrator(*own)) return api_error(403, "Forbidden");
    if (by_email && std::ranges::count(*q, '"') > 2 * 90) return api_error(400, "Too many email addresses");
    json::array items;
    for (account const& other : world_.accounts) {
        auto const in = std::ranges::find(other.workspaces, slug, &membership::slug);
        if (in == other.workspaces.end()) continue;
        if (x.endpoint == "member") {
            if (other.uuid == x.segments[3] || other.account_id == x.segments[3])
                return json_reply(200, membership_json(x, other, *in));
            continue;
        }
        if (by_email && std::ranges::none_of(other.emails, [&](email_address const& email) {
                return q->find('"' + email.address + '"') != std::string::npos;
            }))
            continue;
        if (q && q->find("permission=\"owner\"") != std::string::npos && !is_administrator(*in)) continue;
        json::object row = membership_json(x, other, *in);
        if (x.endpoint == "members") row.erase("permission");
        items.emplace_back(std::move(row));
    }
    if (x.endpoint == "member") return api_error(404, "No member with identifier '" + x.segments[3] + "'.");
    return list(x, items, 10);
}

/// `/avatars/<handle>.png` for everybody; `/avatars/me.png` is the simulator's own: the picture of the token's owner.
reply bitbucket::avatar(exchange& x) {
    std::string handle = x.asked.path.substr(std::string_view("/avatars/").size());
    if (!handle.ends_with(".png")) return html_reply(404, "<h1>404</h1>\n");
    handle.resize(handle.size() - 4);
    std::string_view const header = x.asked.header("authorization");
    if (handle == "me") {
        auto const found =
            world_.access_tokens.find(header.starts_with("Bearer ") ? std::string(header.substr(7)) : std::string());
        if (found == world_.access_tokens.end()) return bad_token();
        handle = found->second.account;
    } else if (!header.empty()) {
        x.violations.emplace_back("token_to_wrong_place");
    }
    account const* const who = world_.find_account(handle);
    if (!who) return html_reply(404, "<h1>404</h1>\n");
    return {200, {{"Content-Type", "image/png"}, {"Cache-Control", "max-age=3600"}}, picture_of(who->uuid)};
}

} // namespace simulator
