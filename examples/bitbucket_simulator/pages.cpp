// SPDX-License-Identifier: BSL-1.0
#include "pages.hpp"

#include "answers.hpp"
#include "faults.hpp"

#include <array>
#include <cstdint>

namespace simulator {

namespace {

constexpr std::string_view style = R"(<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f4f5f7; color: #172b4d; }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
main.wide { max-width: 60rem; }
.note { background: #fff4cc; color: #4a3800; margin: 0; padding: .5rem 1rem; text-align: center; font-size: .875rem; }
.card { background: #fff; border-radius: .5rem; padding: 1.25rem; box-shadow: 0 1px 3px #091e4240; }
h1 { font-size: 1.375rem; margin: 0 0 .75rem; } h2 { font-size: 1.125rem; }
form { margin: 0; }
button { font: inherit; border: 1px solid #c1c7d0; border-radius: .375rem; background: transparent; color: inherit;
  padding: .625rem .875rem; min-height: 2.75rem; cursor: pointer; }
button:hover { background: #091e420f; } button:focus-visible { outline: 2px solid #0c66e4; outline-offset: 2px; }
button.main { background: #0c66e4; border-color: #0c66e4; color: #fff; }
.account { display: flex; gap: .75rem; align-items: center; width: 100%; text-align: left; margin: .375rem 0; }
.account img { width: 2.25rem; height: 2.25rem; border-radius: 50%; } .account small { display: block; opacity: .75; }
.account span { min-width: 0; overflow-wrap: anywhere; }
.row { display: flex; gap: .75rem; flex-wrap: wrap; margin-top: 1rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
td { overflow-wrap: anywhere; } code { font-family: ui-monospace, monospace; font-size: .875em; }
@media (prefers-color-scheme: dark) {
  body { background: #1d2125; color: #c7d1db; } .card { background: #22272b; } button { border-color: #596773; }
  button:hover { background: #ffffff14; }
}
</style>)";

std::string page(std::string_view title, std::string_view body, bool wide = false) {
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><title>";
    out += html_escape(title);
    out += " - Bitbucket (simulated)</title>";
    out += style;
    out += "</head><body>\n<p class=\"note\">This is a simulator. It only imitates Bitbucket Cloud, for trying and "
           "testing; it is not Bitbucket.</p>\n<main";
    out += wide ? " class=\"wide\">" : ">";
    out += body;
    out += "</main></body></html>\n";
    return out;
}

std::string form_start(std::string_view query) {
    return "<form method=\"post\" action=\"/site/oauth2/authorize\"><input type=\"hidden\" name=\"request\" value=\"" +
           html_escape(query) + "\">";
}

std::string row_of(std::string_view name, std::string_view text) {
    return "<tr><td><code>" + html_escape(name) + "</code></td><td>" + html_escape(text) + "</td></tr>\n";
}

std::string shown_name(account const& who) { return who.display_name.empty() ? who.nickname : who.display_name; }

// PNG, just enough of it: one palette of two colours, one bit per pixel, stored (uncompressed) data.

void append_big(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 255);
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
    append_big(out, static_cast<std::uint32_t>(data.size()));
    std::uint32_t crc = 0xFFFFFFFF;
    for (std::string_view const part : {type, data}) {
        out += part;
        for (char const c : part) {
            crc ^= static_cast<unsigned char>(c);
            for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1)));
        }
    }
    append_big(out, ~crc);
}

std::string stored_zlib(std::string_view data) {
    auto const size = static_cast<std::uint16_t>(data.size());
    std::string out("\x78\x01\x01", 3);
    out += static_cast<char>(size & 255);
    out += static_cast<char>(size >> 8);
    out += static_cast<char>(~size & 255);
    out += static_cast<char>(~size >> 8 & 255);
    out += data;
    std::uint32_t a = 1, b = 0;
    for (char const c : data) {
        a = (a + static_cast<unsigned char>(c)) % 65521;
        b = (b + a) % 65521;
    }
    append_big(out, b << 16 | a);
    return out;
}

} // namespace

std::string front_page(state const& world) {
    std::string body = "<h1>A simulator of Bitbucket Cloud</h1>\n<p>It answers like Bitbucket Cloud at "
                       "<code>/site/oauth2/authorize</code>, <code>/site/oauth2/access_token</code> and "
                       "<code>/2.0/...</code>. The accounts need no password.</p>\n<h2>Accounts</h2>\n<table>";
    for (account const& who : world.accounts)
        if (!who.handle.starts_with("load-")) body += row_of(who.handle, who.note);
    body += "</table>\n<h2>OAuth consumers</h2>\n<table>";
    for (consumer const& client : world.consumers) body += row_of(client.key + " / " + client.secret, client.note);
    body += "</table>\n<h2>Switches</h2><p><code>POST /_faults {\"pkce\":\"ignored\"}</code></p>\n<table>";
    for (auto const& [name, text] : switch_help()) body += row_of(name, text);
    body += "</table>\n<h2>Faults</h2><p><code>POST /_faults "
            "{\"endpoint\":\"token\",\"fault\":\"cut\",\"times\":1}</code>. "
            "Members: <code>endpoint</code>, <code>fault</code>, <code>times</code> (1; 0: always), <code>after</code> "
            "(0: requests let through first), and those named below. <code>GET /_faults</code> shows them, "
            "<code>DELETE /_faults</code> ends them. Endpoints:";
    for (std::string_view const name : endpoint_names()) body += " <code>" + std::string(name) + "</code>";
    body += "</p>\n<table>";
    for (auto const& [name, text] : fault_help()) body += row_of(name, text);
    body +=
        "</table>\n<h2>Requests seen</h2><p><code>GET /_log</code>, <code>DELETE /_log</code>. Secrets and tokens are "
        "not "
        "in it; what Bitbucket's rules forbid is listed as <code>violations</code>.</p>\n<h2>More accounts</h2><p>"
        "<code>POST /_accounts {\"count\":200}</code> makes load-1 to load-200; <code>{\"handle\":\"nadia\","
        "\"username\":\"new\"}</code> changes or adds one (<code>username nickname display_name account_status type "
        "emails workspaces</code>); <code>GET /_accounts</code> lists them.</p>";
    return page("Simulator", body, true);
}

std::string account_page(state const& world, consumer const& client, std::string_view query) {
    std::string body = "<div class=\"card\"><h1>Choose an account</h1><p>to continue to <strong>" +
                       html_escape(client.key) + "</strong></p>" + form_start(query);
    for (account const& who : world.accounts) {
        if (who.handle.starts_with("load-")) continue;
        body += "<button class=\"account\" name=\"account\" value=\"" + html_escape(who.handle) +
                "\"><img alt=\"\" src=\"/avatars/" + html_escape(who.handle) + ".png\"><span>" +
                html_escape(shown_name(who)) + "<small>" + html_escape(who.note) + "</small></span></button>\n";
    }
    body += "<div class=\"row\"><button name=\"decision\" value=\"cancel\">Cancel</button></div></form></div>";
    return page("Log in", body);
}

std::string consent_page(account const& who, consumer const& client, std::set<std::string> const& scopes,
                         std::string_view query) {
    std::string body = "<div class=\"card\"><h1>Confirm access to your account</h1><p><strong>" +
                       html_escape(client.key) + "</strong> asks for access to the account of <strong>" +
                       html_escape(shown_name(who)) + "</strong>:</p><ul>";
    for (std::string const& scope : scopes) {
        std::string_view const text = scope == "email"     ? "Read your account's primary email address"
                                      : scope == "account" ? "Read your account information"
                                                           : "Read your workspace memberships";
        body += "<li>" + std::string(text) + " (<code>" + html_escape(scope) + "</code>)</li>";
    }
    body += "</ul>" + form_start(query) + "<input type=\"hidden\" name=\"account\" value=\"" + html_escape(who.handle) +
            "\"><div class=\"row\"><button class=\"main\" name=\"decision\" value=\"grant\">Grant access</button>"
            "<button name=\"decision\" value=\"cancel\">Cancel</button></div></form></div>";
    return page("Confirm access", body);
}

std::string misconfigured_page(std::string_view what) {
    return page(what, "<div class=\"card\"><h1>" + html_escape(what) +
                          "</h1><p>This integration is misconfigured. Contact the vendor for assistance.</p></div>");
}

std::string picture_of(std::string_view text) {
    constexpr std::size_t side = 96, cell = 16, cells = 5, margin = 8;
    std::string const digest = sha256(text);
    auto const filled = [&](std::size_t column, std::size_t line) {
        std::size_t const mirrored = column < 3 ? column : cells - 1 - column;
        return (static_cast<unsigned char>(digest[line * 3 + mirrored]) & 1) != 0;
    };
    std::string pixels;
    for (std::size_t y = 0; y < side; ++y) {
        std::array<char, side / 8> line{};
        for (std::size_t x = margin; x < side - margin && y >= margin && y < side - margin; ++x)
            if (filled((x - margin) / cell, (y - margin) / cell))
                line[x / 8] = static_cast<char>(line[x / 8] | 0x80 >> x % 8);
        pixels += '\0';
        pixels.append(line.data(), line.size());
    }
    std::string header;
    append_big(header, side);
    append_big(header, side);
    header += std::string("\x01\x03\x00\x00\x00", 5);
    std::string palette("\xF0\xF1\xF4", 3);
    for (int i = 0; i < 3; ++i)
        palette += static_cast<char>(40 + (static_cast<unsigned char>(digest[static_cast<std::size_t>(20 + i)]) & 127));
    std::string out("\x89PNG\r\n\x1A\n", 8);
    append_chunk(out, "IHDR", header);
    append_chunk(out, "PLTE", palette);
    append_chunk(out, "IDAT", stored_zlib(pixels));
    append_chunk(out, "IEND", {});
    return out;
}

} // namespace simulator
