// SPDX-License-Identifier: BSL-1.0
#include "faults.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <initializer_list>

namespace simulator {

namespace {

bool one_of(std::string_view text, std::initializer_list<std::string_view> allowed) {
    return std::ranges::find(allowed, text) != allowed.end();
}

bool is_known(std::vector<help_row> const& rows, std::string_view name) {
    return std::ranges::find(rows, name, &help_row::name) != rows.end();
}

std::string set_word(std::string& member, json::value const& value, std::initializer_list<std::string_view> allowed) {
    if (!value.is_string() || !one_of(value.get_string(), allowed)) return "not one of its words";
    member = value.get_string();
    return {};
}

std::string set_number(std::int64_t& member, json::value const& value, std::int64_t low, std::int64_t high) {
    if (!value.is_int64() || value.get_int64() < low || value.get_int64() > high) return "not a number in its range";
    member = value.get_int64();
    return {};
}

std::string set_flag(bool& member, json::value const& value) {
    if (!value.is_bool()) return "neither true nor false";
    member = value.get_bool();
    return {};
}

/// Sets one switch; gives what is wrong with the value.
std::string set_switch(switches& now, std::string_view name, json::value const& value) {
    if (name == "auto_approve") {
        now.auto_approve.clear();
        if (value.is_null()) return {};
        json::array const one{value};
        for (json::value const& handle : value.is_array() ? value.get_array() : one) {
            if (!handle.is_string()) return "neither a handle nor a list of handles nor null";
            now.auto_approve.emplace_back(handle.get_string());
        }
        return {};
    }
    if (name == "expires_in") {
        if (!value.is_null() && !value.is_int64() && !value.is_string()) return "neither number, string nor null";
        now.expires_in = value;
        return {};
    }
    if (name == "consent") return set_word(now.consent, value, {"remember", "always", "denied"});
    if (name == "scope_member") return set_word(now.scope_member, value, {"scope", "scopes", "none"});
    if (name == "pkce") return set_word(now.pkce, value, {"checked", "ignored"});
    if (name == "loopback_port") return set_word(now.loopback_port, value, {"any", "exact"});
    if (name == "rotation") return set_flag(now.rotation, value);
    if (name == "escapes") return set_flag(now.escapes, value);
    if (name == "rotated_lifetime_s") return set_number(now.rotated_lifetime_s, value, 0, 1'000'000);
    if (name == "token_length") return set_number(now.token_length, value, 16, 1'000'000);
    if (name == "clock_offset_s") return set_number(now.clock_offset_s, value, 0, 1'000'000'000);
    return "no switch of this name";
}

std::string read_fault(fault& into, json::object const& from) {
    for (auto const& [key, value] : from) {
        std::string const name(key);
        std::string wrong;
        if (name == "endpoint" || name == "fault") {
            if (!value.is_string()) return '"' + name + "\" must be a string";
            (name == "fault" ? into.kind : into.endpoint) = value.get_string();
        } else if (name == "times") {
            wrong = set_number(into.times, value, 0, 1'000'000'000);
        } else if (name == "after") {
            wrong = set_number(into.after, value, 0, 1'000'000'000);
        } else if (one_of(name, {"status", "ms", "bytes", "by", "count", "depth"})) {
            std::int64_t number = 0;
            wrong = set_number(number, value, -1'000'000, 100'000'000);
            into.options[key] = value;
        } else if (one_of(name, {"retry_after", "location", "body", "content_type", "pointer", "to", "member"})) {
            if (!value.is_string()) wrong = "not a string";
            into.options[key] = value;
        } else if (one_of(name, {"value", "unprocessed"})) {
            into.options[key] = value;
        } else {
            wrong = "no such option";
        }
        if (!wrong.empty()) return '"' + name + "\": " + wrong;
    }
    if (!is_known(fault_help(), into.kind)) return "there is no fault \"" + into.kind + '"';
    if (std::ranges::find(endpoint_names(), into.endpoint) == endpoint_names().end())
        return "there is no endpoint \"" + into.endpoint + '"';
    return {};
}

bool is_api(std::string_view endpoint) { return !one_of(endpoint, {"authorize", "token", "avatar"}); }

/// Writes `text` behind the first brace of a JSON object.
std::string with_member(std::string const& body, std::string const& text) {
    auto const brace = body.find('{');
    if (brace == std::string::npos) return text;
    bool const alone = body.find_first_not_of(" \r\n\t", brace + 1) == body.find('}', brace);
    return body.substr(0, brace + 1) + text + (alone ? "" : ",") + body.substr(brace + 1);
}

/// The member whose doubling hurts most.
std::string_view key_member(std::string_view endpoint) {
    if (endpoint == "token") return "access_token";
    return one_of(endpoint, {"user", "users", "workspace"}) ? "uuid" : "values";
}

std::string with_bad_utf8(std::string body) {
    for (std::string_view const start : {"\"display_name\":\"", "\"email\":\"", "\"slug\":\"", "\":\""}) {
        auto const found = body.find(start);
        if (found != std::string::npos) return body.insert(found + start.size(), "\xC3\x28\xFF");
    }
    return body + "\xFF";
}

/// RFC 1952 with stored blocks: unasked compression needs no compressor.
std::string gzip(std::string_view text) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (char const c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1)));
    }
    crc = ~crc;
    auto little = [](std::string& out, std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 255);
    };
    std::string out("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\xFF", 10);
    std::string_view rest = text;
    do {
        std::string_view const block = rest.substr(0, 65535);
        rest.remove_prefix(block.size());
        out += rest.empty() ? '\x01' : '\x00';
        little(out, static_cast<std::uint32_t>(block.size()), 2);
        little(out, ~static_cast<std::uint32_t>(block.size()), 2);
        out += block;
    } while (!rest.empty());
    little(out, crc, 4);
    little(out, static_cast<std::uint32_t>(text.size()), 4);
    return out;
}

/// Changes one member of a JSON answer, or takes it away.
std::string edited(fault const& with, std::string const& body) {
    boost::system::error_code failed;
    json::value tree = json::parse(body, failed);
    std::string const pointer = with.text("pointer");
    auto const slash = pointer.rfind('/');
    if (failed || slash == std::string::npos) return body;
    json::value* parent = slash == 0 ? &tree : tree.find_pointer(pointer.substr(0, slash), failed);
    if (!parent || !parent->is_object()) return body;
    std::string const member = pointer.substr(slash + 1);
    if (with.kind == "remove") {
        parent->get_object().erase(member);
    } else {
        auto const value = with.options.find("value");
        parent->get_object()[member] = value == with.options.end() ? json::value() : value->value();
    }
    return json::serialize(tree);
}

std::string with_next(fault const& with, request const& asked, std::string const& body) {
    std::string const to = with.text("to", "itself");
    std::string target;
    if (to == "itself") {
        target = asked.origin() + asked.path + (asked.query.empty() ? "" : "?" + asked.query);
    } else if (to == "other_host") {
        target = asked.scheme + "://other.invalid" + asked.path + "?page=2";
    } else if (to != "empty") {
        target = to;
    }
    boost::system::error_code failed;
    json::value tree = json::parse(body, failed);
    if (failed || !tree.is_object()) return body;
    tree.get_object()["next"] = target;
    return json::serialize(tree);
}

} // namespace

std::vector<help_row> const& fault_help() {
    static std::vector<help_row> const rows{
        {"status",
         "refuses with \"status\" (429 and 5xx with a body that is not JSON); \"retry_after\" adds the header"},
        {"redirect", "answers \"status\" (302) with the header Location: \"location\""},
        {"body", "answers \"status\" (200) with this \"body\" and \"content_type\""},
        {"delay", "waits \"ms\" (1000) before the answer"},
        {"black_hole", "never answers"},
        {"slow_header", "sends the headers one byte every \"ms\" (1000)"},
        {"slow_body", "sends the body one byte every \"ms\" (1000)"},
        {"drop", "closes the connection without a byte; the request was acted on, unless \"unprocessed\""},
        {"cut", "closes the connection after \"bytes\" of the answer (default: half of the body)"},
        {"wrong_length", "Content-Length is off \"by\" (10) bytes"},
        {"chunked", "a correct chunked answer in chunks of \"bytes\" (7)"},
        {"bad_chunks", "chunks whose sizes are no numbers"},
        {"informational", "\"count\" (1000) answers 103 before the real one"},
        {"huge_header", "one header of \"bytes\" (65536)"},
        {"huge_body", "a body of \"bytes\" (1572864) more"},
        {"deep", "arrays nested \"depth\" (10000) deep in one member"},
        {"duplicate", "the JSON object has one \"member\" (default: the most important one) twice"},
        {"invalid_utf8", "a string of the answer is no UTF-8"},
        {"gzip", "compresses although nobody asked for it"},
        {"set", "puts \"value\" at the JSON \"pointer\" of the answer"},
        {"remove", "takes the member at the JSON \"pointer\" away"},
        {"next", "a list's next page is \"to\": itself, other_host, empty, or a URL"},
    };
    return rows;
}

std::vector<help_row> const& switch_help() {
    static std::vector<help_row> const rows{
        {"auto_approve",
         "handle or list of handles: authorize redirects at once as that account (each in turn); null: off"},
        {"consent", "remember (default), always, denied"},
        {"scope_member", "scope (default), scopes, none"},
        {"expires_in", "7200 (default), any number or string, null: absent"},
        {"rotation", "true (default): a refresh gives a new refresh token"},
        {"rotated_lifetime_s", "600 (default): so long the old refresh token goes on working"},
        {"pkce", "checked (default), ignored"},
        {"token_length", "2600 (default): characters of an access token"},
        {"escapes", "false (default); true: \\/ and \\uXXXX in JSON"},
        {"loopback_port", "any (default): the port of a registered loopback callback does not count; exact"},
        {"clock_offset_s", "0 (default): moves the clock by which codes and tokens expire"},
    };
    return rows;
}

std::vector<std::string_view> const& endpoint_names() {
    static std::vector<std::string_view> const names{"any",     "api",    "authorize",   "token",      "user",
                                                     "emails",  "email",  "workspaces",  "permission", "workspace",
                                                     "members", "member", "permissions", "users",      "avatar"};
    return names;
}

std::int64_t fault::number(std::string_view name, std::int64_t otherwise) const {
    auto const found = options.find(name);
    return found == options.end() || !found->value().is_int64() ? otherwise : found->value().get_int64();
}

std::string fault::text(std::string_view name, std::string_view otherwise) const {
    auto const found = options.find(name);
    return std::string(found == options.end() || !found->value().is_string()
                           ? otherwise
                           : std::string_view(found->value().get_string()));
}

bool fault::before_the_endpoint() const {
    auto const found = options.find("unprocessed");
    return one_of(kind, {"status", "redirect", "body", "black_hole"}) ||
           (found != options.end() && found->value() == json::value(true));
}

std::string fault_box::post(json::value const& orders) {
    json::array const one{orders};
    switches changed = now;
    std::list<fault> added;
    for (json::value const& order : orders.is_array() ? orders.get_array() : one) {
        if (!order.is_object()) return "send an object or a list of objects";
        if (order.get_object().contains("fault")) {
            std::string const wrong = read_fault(added.emplace_back(), order.get_object());
            if (!wrong.empty()) return wrong;
            continue;
        }
        for (auto const& [name, value] : order.get_object()) {
            std::string const wrong = set_switch(changed, name, value);
            if (!wrong.empty()) return '"' + std::string(name) + "\": " + wrong;
        }
    }
    now = std::move(changed);
    faults_.splice(faults_.end(), added);
    return {};
}

json::object fault_box::show() const {
    json::array approve;
    for (auto const& handle : now.auto_approve) approve.emplace_back(handle);
    json::array list;
    for (fault const& f : faults_) {
        json::object row{
            {"endpoint", f.endpoint}, {"fault", f.kind}, {"times", f.times}, {"after", f.after}, {"seen", f.seen}};
        for (auto const& [name, value] : f.options) row[name] = value;
        list.emplace_back(std::move(row));
    }
    json::object set{{"auto_approve", std::move(approve)},
                     {"consent", now.consent},
                     {"scope_member", now.scope_member},
                     {"expires_in", now.expires_in},
                     {"rotation", now.rotation},
                     {"rotated_lifetime_s", now.rotated_lifetime_s},
                     {"pkce", now.pkce},
                     {"token_length", now.token_length},
                     {"escapes", now.escapes},
                     {"loopback_port", now.loopback_port},
                     {"clock_offset_s", now.clock_offset_s}};
    return {{"switches", std::move(set)}, {"faults", std::move(list)}};
}

void fault_box::reset() {
    now = {};
    faults_.clear();
}

std::optional<fault> fault_box::take(std::string_view endpoint) {
    for (fault& f : faults_) {
        bool const meant = f.endpoint == "any" || f.endpoint == endpoint || (f.endpoint == "api" && is_api(endpoint));
        if (!meant || (f.times != 0 && f.seen >= f.after + f.times)) continue;
        if (++f.seen > f.after) return f;
    }
    return {};
}

delivery damage(fault const& with, std::string_view endpoint, request const& asked, reply answer) {
    std::string const& kind = with.kind;
    std::chrono::milliseconds const each(std::clamp<std::int64_t>(with.number("ms", 1000), 0, 3'600'000));
    auto const bytes = [&](std::int64_t otherwise) {
        return static_cast<std::size_t>(std::max<std::int64_t>(with.number("bytes", otherwise), 0));
    };
    delivery out;

    if (kind == "status") {
        answer = trouble(endpoint, static_cast<unsigned>(with.number("status", 500)));
        if (auto const after = with.text("retry_after"); !after.empty())
            answer.headers.emplace_back("Retry-After", after);
    } else if (kind == "redirect") {
        answer = redirect(with.text("location", asked.origin() + asked.path + "?redirected=1"));
        answer.status = static_cast<unsigned>(with.number("status", 302));
    } else if (kind == "body") {
        answer = {static_cast<unsigned>(with.number("status", 200)),
                  {{"Content-Type", with.text("content_type", "application/json")}},
                  with.text("body")};
    } else if (kind == "huge_header") {
        answer.headers.emplace_back("X-Padding", std::string(bytes(65'536), 'x'));
    } else if (kind == "huge_body") {
        answer.body = with_member(answer.body, "\"padding\":\"" + std::string(bytes(1'572'864), 'x') + '"');
    } else if (kind == "deep") {
        auto const depth = static_cast<std::size_t>(std::max<std::int64_t>(with.number("depth", 10'000), 0));
        answer.body = with_member(answer.body, "\"deep\":" + std::string(depth, '[') + std::string(depth, ']'));
    } else if (kind == "duplicate") {
        answer.body = with_member(answer.body, '"' + with.text("member", key_member(endpoint)) + "\":\"doubled\"");
    } else if (kind == "invalid_utf8") {
        answer.body = with_bad_utf8(std::move(answer.body));
    } else if (kind == "gzip") {
        answer.body = gzip(answer.body);
        answer.headers.emplace_back("Content-Encoding", "gzip");
    } else if (kind == "set" || kind == "remove") {
        answer.body = edited(with, answer.body);
    } else if (kind == "next") {
        answer.body = with_next(with, asked, answer.body);
    } else if (kind == "delay") {
        out = in_order(answer);
        out.pieces.front().pause = each;
        return out;
    } else if (kind == "black_hole") {
        return {{}, ending::stall};
    } else if (kind == "slow_header") {
        out.pieces = {{head_of(answer), {}, each}, {answer.body}};
        return out;
    } else if (kind == "slow_body") {
        out.pieces = {{head_of(answer)}, {answer.body, {}, each}};
        return out;
    } else if (kind == "drop") {
        return {{}, ending::cut};
    } else if (kind == "cut") {
        std::string const head = head_of(answer);
        std::string const whole = head + answer.body;
        out.pieces = {{whole.substr(0, bytes(static_cast<std::int64_t>(head.size() + answer.body.size() / 2)))}};
        out.end = ending::cut;
        return out;
    } else if (kind == "wrong_length") {
        auto const length = static_cast<std::int64_t>(answer.body.size()) + with.number("by", 10);
        answer.headers.emplace_back("Content-Length", std::to_string(std::max<std::int64_t>(length, 0)));
        out = in_order(answer);
        out.end = ending::close;
        return out;
    } else if (kind == "chunked") {
        answer.headers.emplace_back("Transfer-Encoding", "chunked");
        std::string framed;
        std::size_t const step = std::max<std::size_t>(bytes(7), 1);
        std::array<char, 20> size{};
        for (std::size_t at = 0; at < answer.body.size(); at += step) {
            std::string const chunk = answer.body.substr(at, step);
            auto const length = std::snprintf(size.data(), size.size(), "%zx", chunk.size());
            framed += std::string(size.data(), static_cast<std::size_t>(length)) + "\r\n" + chunk + "\r\n";
        }
        answer.body = framed + "0\r\n\r\n";
    } else if (kind == "bad_chunks") {
        answer.headers.emplace_back("Transfer-Encoding", "chunked");
        answer.body = "five\r\n" + answer.body + "\r\n0\r\n\r\n";
        out = in_order(answer);
        out.end = ending::close;
        return out;
    } else if (kind == "informational") {
        std::string flood;
        for (std::int64_t i = with.number("count", 1000); i > 0; --i)
            flood += "HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n";
        out = in_order(answer);
        out.pieces.insert(out.pieces.begin(), {flood});
        return out;
    }
    return in_order(answer);
}

} // namespace simulator
