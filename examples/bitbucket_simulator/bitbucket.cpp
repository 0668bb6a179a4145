// SPDX-License-Identifier: BSL-1.0
// Which request goes where; the log; the endpoints that steer the simulator.
#include "bitbucket.hpp"

#include "pages.hpp"

#include "authmod/policy/clock.hpp"
#include "authmod/server/reply_bytes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace simulator {

namespace {

constexpr std::size_t longest_log = 20'000;

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> out;
    while (!path.empty()) {
        auto const end = path.find('/');
        out.push_back(percent_decode(path.substr(0, end)));
        path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
    }
    return out;
}

/// The name by which faults and the log know an endpoint of the API.
std::string_view name_of(std::vector<std::string> const& s) {
    std::size_t const n = s.size();
    if (n == 0) return "nothing";
    if (s[0] == "teams" || (n == 1 && (s[0] == "workspaces" || s[0] == "repositories"))) return "removed";
    if (n == 3 && s[0] == "user" && s[1] == "permissions") return "removed";
    if (s[0] == "user") {
        if (n == 1) return "user";
        if (s[1] == "emails" && n <= 3) return n == 2 ? "emails" : "email";
        if (s[1] == "workspaces" && n == 2) return "workspaces";
        if (s[1] == "workspaces" && n == 4 && s[3] == "permission") return "permission";
    }
    if (s[0] == "users" && n == 2) return "users";
    if (s[0] == "workspaces") {
        if (n == 2) return "workspace";
        if (s[2] == "members" && n <= 4) return n == 3 ? "members" : "member";
        if (s[2] == "permissions" && n == 3) return "permissions";
    }
    return "nothing";
}

std::string endpoint_of(request const& asked, std::vector<std::string>& segments) {
    std::string const& path = asked.path;
    if (path == "/site/oauth2/authorize") return "authorize";
    if (path == "/site/oauth2/access_token") return "token";
    if (path.starts_with("/avatars/")) return "avatar";
    if (path.starts_with("/1.0/") || path == "/1.0") return "removed";
    if (path.starts_with("/2.0/")) segments = split_path(std::string_view(path).substr(5));
    return std::string(name_of(segments));
}

std::string const* find_in(std::vector<name_value> const& members, std::string_view name) {
    auto const found = std::ranges::find(members, name, &name_value::first);
    return found == members.end() ? nullptr : &found->second;
}

bool is_handle(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

json::object describe(account const& who) {
    json::array emails, workspaces;
    for (email_address const& email : who.emails)
        emails.push_back({{"email", email.address}, {"is_primary", email.primary}, {"is_confirmed", email.confirmed}});
    for (membership const& in : who.workspaces) workspaces.emplace_back(in.slug);
    return {{"handle", who.handle},
            {"note", who.note},
            {"uuid", who.uuid},
            {"account_id", who.account_id},
            {"username", who.username ? json::value(*who.username) : json::value()},
            {"nickname", who.nickname},
            {"display_name", who.display_name},
            {"account_status", who.status},
            {"type", who.type},
            {"emails", std::move(emails)},
            {"workspaces", std::move(workspaces)}};
}

bool set_text(std::string& member, json::value const& value) {
    if (!value.is_string()) return false;
    member = value.get_string();
    return true;
}

bool set_emails(account& who, json::value const& value) {
    if (!value.is_array()) return false;
    std::vector<email_address> read;
    for (json::value const& entry : value.get_array()) {
        json::object const* const object = entry.if_object();
        if (!object) return false;
        json::value const* const address = object->if_contains("email");
        json::value const* const primary = object->if_contains("is_primary");
        json::value const* const confirmed = object->if_contains("is_confirmed");
        if (!address || !address->is_string()) return false;
        read.push_back({std::string(address->get_string()), primary && *primary == json::value(true),
                        confirmed && *confirmed == json::value(true)});
    }
    who.emails = std::move(read);
    return true;
}

} // namespace

exchange::exchange(request const& in_asked) : asked(in_asked), query(parse_form(in_asked.query)) {
    endpoint = endpoint_of(asked, segments);
    if (asked.header("content-type").starts_with("application/x-www-form-urlencoded")) form = parse_form(asked.body);
}

std::string const* exchange::find(std::string_view name) const { return find_in(query, name); }

std::string const* exchange::find_form(std::string_view name) const { return find_in(form, name); }

bitbucket::bitbucket(std::string_view callback) {
    if (!callback.empty()) world_.consumers.front().callback = callback;
}

time_point bitbucket::now() const {
    return std::chrono::system_clock::now() + std::chrono::seconds(faults_.now.clock_offset_s);
}

delivery bitbucket::answer(request const& asked) {
    std::lock_guard const lock(mutex_);
    if (asked.path == "/" || asked.path.starts_with("/_")) return in_order(control(asked));
    if (asked.path == "/favicon.ico") return in_order({204, {}, {}});

    exchange x(asked);
    for (consumer const& client : world_.consumers)
        if (percent_decode(asked.path + '?' + asked.query).find(client.secret) != std::string::npos)
            x.violations.emplace_back("secret_in_url");
    bool const is_api = x.endpoint != "authorize" && x.endpoint != "token" && x.endpoint != "avatar";
    if (!is_api && x.endpoint != "avatar" && x.endpoint != "token" && !asked.header("authorization").empty())
        x.violations.emplace_back("token_to_wrong_place");

    auto const hit = faults_.take(x.endpoint);
    reply out;
    if (!hit || !hit->before_the_endpoint()) {
        out = x.endpoint == "authorize" ? authorize(x)
              : x.endpoint == "token"   ? token(x)
              : x.endpoint == "avatar"  ? avatar(x)
                                        : api(x);
    }
    out.headers.emplace_back("Date", authmod::http_date(authmod::system_clock().now()));
    out.headers.emplace_back("Server", "AtlassianEdge");
    out.headers.emplace_back("X-Content-Type-Options", "nosniff");
    if (is_api) {
        out.headers.emplace_back("Vary", "Authorization, Accept-Language, Origin");
        out.headers.emplace_back("X-Request-Count", std::to_string(++request_count_));
        out.headers.emplace_back("X-Served-By", "simulator");
        out.headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload");
    }
    bool const is_json = !out.headers.empty() && out.headers.front().second.starts_with("application/json");
    if (faults_.now.escapes && is_json) out.body = with_escapes(out.body);
    note(x, out.status, hit ? std::string_view(hit->kind) : std::string_view());
    return hit ? damage(*hit, x.endpoint, asked, std::move(out)) : in_order(out);
}

void bitbucket::note(exchange const& x, unsigned status, std::string_view fault_kind) {
    json::array headers, form, violations;
    for (auto const& [name, value] : x.asked.headers) {
        std::string lower = name;
        std::ranges::transform(lower, lower.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        headers.emplace_back(std::move(lower));
    }
    for (auto const& [name, value] : x.form) form.emplace_back(name);
    for (auto const& word : x.violations) violations.emplace_back(word);
    std::string_view const authorization = x.asked.header("authorization");
    log_.push_back(
        {{"number", ++log_number_},
         {"scheme", x.asked.scheme},
         {"method", x.asked.method},
         {"path", x.asked.path},
         {"query", x.asked.query},
         {"endpoint", x.endpoint},
         {"headers", std::move(headers)},
         {"authorization",
          authorization.empty() ? json::value() : json::value(authorization.substr(0, authorization.find(' ')))},
         {"traceparent", x.asked.header("traceparent")},
         {"form", std::move(form)},
         {"status", status},
         {"fault", fault_kind.empty() ? json::value() : json::value(fault_kind)},
         {"violations", std::move(violations)}});
    if (log_.size() > longest_log) log_.pop_front();
}

reply bitbucket::control(request const& asked) {
    std::string const what = asked.method + ' ' + asked.path;
    if (what == "GET /") return html_reply(200, front_page(world_));
    if (what == "GET /_faults") return json_reply(200, faults_.show());
    if (what == "DELETE /_faults") {
        faults_.reset();
        next_approval_ = 0;
        return json_reply(200, faults_.show());
    }
    if (what == "GET /_log") {
        json::array rows, violations;
        for (json::object const& row : log_) {
            rows.push_back(row);
            for (json::value const& word : row.at("violations").get_array()) violations.push_back(word);
        }
        return json_reply(200, json::object{{"requests", std::move(rows)}, {"violations", std::move(violations)}});
    }
    if (what == "DELETE /_log") {
        log_.clear();
        return json_reply(200, json::object{{"requests", json::array()}, {"violations", json::array()}});
    }
    if (what == "GET /_accounts") {
        json::array rows;
        for (account const& who : world_.accounts) rows.push_back(describe(who));
        return json_reply(200, json::object{{"accounts", std::move(rows)}});
    }
    if (what == "POST /_faults" || what == "POST /_accounts") {
        boost::system::error_code failed;
        json::value const orders = json::parse(asked.body, failed);
        if (failed) return api_error(400, "The body is not JSON.");
        if (asked.path == "/_accounts") return post_accounts(orders);
        std::string const wrong = faults_.post(orders);
        return wrong.empty() ? json_reply(200, faults_.show()) : api_error(400, wrong);
    }
    return api_error(404, "The simulator has GET /, and GET, POST, DELETE of /_faults, /_log, /_accounts.");
}

reply bitbucket::post_accounts(json::value const& orders) {
    json::array done;
    json::array const one{orders};
    for (json::value const& order : orders.is_array() ? orders.get_array() : one) {
        json::object const* const object = order.if_object();
        if (!object) return api_error(400, "Send an object or a list of objects.");
        if (json::value const* const count = object->if_contains("count")) {
            if (!count->is_int64() || count->get_int64() < 1 || count->get_int64() > 100'000)
                return api_error(400, "\"count\" must be a number from 1 to 100000.");
            for (std::int64_t i = 1; i <= count->get_int64(); ++i) {
                std::string const handle = "load-" + std::to_string(i);
                if (!world_.find_account(handle))
                    world_.add_account(handle, "one of many").display_name = "Load " + std::to_string(i);
                done.emplace_back(handle);
            }
            continue;
        }
        json::value const* const handle = object->if_contains("handle");
        if (!handle || !handle->is_string() || !is_handle(handle->get_string()))
            return api_error(400, "\"handle\" must be 1 to 64 of a-z, 0-9 and -.");
        account* found = world_.find_account(handle->get_string());
        account& who = found ? *found : world_.add_account(std::string(handle->get_string()), "added");
        for (auto const& [name, value] : *object) {
            bool good = true;
            if (name == "username") {
                good = value.is_null() || value.is_string();
                who.username = value.is_string() ? std::optional<std::string>(value.get_string()) : std::nullopt;
            } else if (name == "nickname") {
                good = set_text(who.nickname, value);
            } else if (name == "display_name") {
                good = set_text(who.display_name, value);
            } else if (name == "account_status") {
                good = set_text(who.status, value);
            } else if (name == "type") {
                good = set_text(who.type, value);
            } else if (name == "emails") {
                good = set_emails(who, value);
            } else if (name == "workspaces") {
                good = value.is_array();
                who.workspaces.clear();
                for (json::value const& slug : good ? value.get_array() : json::array())
                    if (slug.is_string()) world_.join(who, std::string(slug.get_string()), "member");
            } else {
                good = name == "handle";
            }
            if (!good) return api_error(400, "\"" + std::string(name) + "\" is unknown or has the wrong type.");
        }
        done.push_back(handle->get_string());
    }
    return json_reply(201, json::object{{"accounts", std::move(done)}});
}

} // namespace simulator
