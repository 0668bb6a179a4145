// SPDX-License-Identifier: BSL-1.0
#include "state.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace simulator {

namespace {

std::string hex(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (char const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

/// 8-4-4-4-12 hex digits, shaped as a version 4 UUID.
std::string guid_of(std::string_view text) {
    std::string digits = hex(sha256(text)).substr(0, 32);
    digits[12] = '4';
    digits[16] = '8';
    return digits.substr(0, 8) + '-' + digits.substr(8, 4) + '-' + digits.substr(12, 4) + '-' + digits.substr(16, 4) +
           '-' + digits.substr(20);
}

std::string numbered(std::string_view stem, int number) {
    std::string digits = std::to_string(number);
    return std::string(stem) + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

void add_people(state& s) {
    auto person = [&](char const* handle, char const* note, char const* display_name) -> account& {
        account& who = s.add_account(handle, note);
        who.display_name = display_name;
        return who;
    };

    account& nadia = person("nadia", "the ordinary one: confirmed primary address, two workspaces", "Nadia Ferro");
    nadia.username = "nferro";
    s.join(nadia, "ferro-team", "owner");

    person("several", "several addresses, the primary one is the last", "Sam Several").emails = {
        {"sam.old@several.example", false, true},
        {"sam.new@several.example", false, false},
        {"sam@several.example", true, true}};

    account& paged = person("paged", "25 addresses, the primary one on page 2", "Paige Turner");
    paged.emails.clear();
    for (int i = 1; i <= 25; ++i)
        paged.emails.push_back({numbered("paige+", i) + "@paged.example", i == 14, i % 3 != 0});

    person("unconfirmed", "the primary address is not confirmed", "Una Confirmed").emails = {
        {"una@unconfirmed.example", true, false}};
    person("noprimary", "two confirmed addresses, none of them primary", "Noel Primary").emails = {
        {"noel@noprimary.example", false, true}, {"noel2@noprimary.example", false, true}};
    person("noemail", "no address at all", "Noa Mailless").emails.clear();
    person("nousername", "the user object has no username", "Nils Nameless").username.reset();
    person("noname", "the display name is empty", "").nickname = "quiet one";
    account& unicode = person("unicode", "a name with letters beyond ASCII and with markup",
                              "Zo\u00eb <b>\u00dcn\u00efc\u00f6de</b> & \"S\u00f8n\" \u5c71\u7530 \U0001F980");
    unicode.nickname = "zo\u00eb <i>";
    person("inactive", "account_status is \"inactive\"", "Ina Active").status = "inactive";
    account& app = person("app", "an app user, as client_credentials tokens give", "Build Robot");
    app.type = "app_user";
    app.username.reset();
    app.emails.clear();
    app.workspaces.clear();
    person("noworkspaces", "member of no workspace", "Solo Noworkspace").workspaces.clear();
    account& many = person("many", "member of 120 workspaces, several pages", "Manuela Workspaces");
    many.workspaces.clear();
    for (int i = 1; i <= 120; ++i) s.join(many, numbered("many-", i), i % 10 == 0 ? "owner" : "member");
    person("renamed", "rename it: POST /_accounts {\"handle\":\"renamed\",\"username\":\"new-name\"}", "Rena Med")
        .username = "old-name";
    person("twin-one", "shares its nickname with twin-two", "Theo Twin").nickname = "twin";
    person("twin-two", "shares its nickname with twin-one", "Thea Twin").nickname = "twin";
}

void add_consumers(state& s) {
    std::set<std::string> const all{"account", "email", "team"};
    s.consumers = {
        {"simulator-key",
         "simulator-secret",
         "ordinary; every loopback address is a registered callback",
         all,
         {},
         true,
         false},
        {"no-callback-key",
         "no-callback-secret",
         "Callback URL left empty: the token endpoint refuses",
         all,
         {},
         false,
         false},
        {"no-email-key", "no-email-secret", "without the permission Account: Email", {"account"}, {}, true, false},
        {"no-account-key", "no-account-secret", "without the permission Account: Read", {"email"}, {}, true, false},
        {"prefix-key", "prefix-secret", "Callback URL http://127.0.0.1/callback, redirect_uri may extend it", all,
         "http://127.0.0.1/callback", true, false},
        {"private-key", "private-secret", "private consumer: client_credentials allowed", all, {}, true, true},
    };
}

} // namespace

state::state() {
    add_people(*this);
    add_consumers(*this);
}

account* state::find_account(std::string_view handle) {
    auto const found = std::ranges::find(accounts, handle, &account::handle);
    return found == accounts.end() ? nullptr : &*found;
}

account const* state::find_user(std::string_view id) const {
    auto const found =
        std::ranges::find_if(accounts, [&](account const& a) { return a.uuid == id || a.account_id == id; });
    return found == accounts.end() ? nullptr : &*found;
}

consumer const* state::find_consumer(std::string_view key) const {
    auto const found = std::ranges::find(consumers, key, &consumer::key);
    return found == consumers.end() ? nullptr : &*found;
}

account& state::add_account(std::string handle, std::string note) {
    account who;
    who.uuid = uuid_of("user " + handle);
    who.account_id = "712020:" + guid_of("account " + handle);
    who.username = handle;
    who.nickname = handle;
    who.display_name = handle;
    who.emails = {{handle + "@" + (handle.starts_with("load-") ? "load" : handle) + ".example", true, true}};
    who.note = std::move(note);
    who.handle = std::move(handle);
    account& added = accounts.emplace_back(std::move(who));
    join(added, "simulated-team", "member");
    return added;
}

void state::join(account& who, std::string slug, std::string permission) {
    workspace_names.try_emplace(slug, "Workspace " + slug);
    who.workspaces.push_back({std::move(slug), std::move(permission)});
}

std::string state::find_workspace(std::string_view id) const {
    for (auto const& [slug, name] : workspace_names)
        if (slug == id || uuid_of("workspace " + slug) == id) return slug;
    return {};
}

void state::sweep(time_point now) {
    auto const over = [now](auto const& entry) { return entry.second.expires_at <= now; };
    if (codes.size() > 10'000) std::erase_if(codes, over);
    if (access_tokens.size() > 10'000) std::erase_if(access_tokens, over);
    if (refresh_tokens.size() > 10'000) std::erase_if(refresh_tokens, over);
}

std::string uuid_of(std::string_view text) { return '{' + guid_of(text) + '}'; }

std::string random_text(std::size_t length) {
    std::string bytes(length, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(length)) != 1)
        throw std::runtime_error("no random bytes");
    return base64url(bytes).substr(0, length);
}

std::string sha256(std::string_view text) {
    std::string out(32, '\0');
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), &length, EVP_sha256(),
                   nullptr) != 1)
        throw std::runtime_error("no SHA-256");
    return out;
}

std::string base64url(std::string_view bytes) {
    constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    unsigned held = 0;
    int bits = 0;
    for (char const c : bytes) {
        held = held << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6;) {
            bits -= 6;
            out += letters[held >> bits & 63];
        }
    }
    if (bits > 0) out += letters[held << (6 - bits) & 63];
    return out;
}

std::string base64_decode(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0) return {};
    std::string out(text.size() / 4 * 3, '\0');
    int const length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return {};
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    out.resize(static_cast<std::size_t>(length) - padding);
    return out;
}

std::string join_scopes(std::set<std::string> const& scopes) {
    std::string out;
    for (auto const& scope : scopes) out += (out.empty() ? "" : " ") + scope;
    return out;
}

} // namespace simulator
