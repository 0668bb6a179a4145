// SPDX-License-Identifier: BSL-1.0
// Layer 2. The rules of single settings, each told as {field, reason, offset}. module_plan.hpp applies them.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/mapping/attribute_path.hpp"
#include "authmod/mapping/url_pattern.hpp"
#include "authmod/model/endpoint_url.hpp"
#include "authmod/provider/login_limit.hpp"
#include "authmod/provider/scopes.hpp"
#include "authmod/provider/settings.hpp"
#include "authmod/provider/url_template.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

/// Collects what is wrong with settings, field by field.
class settings_check {
public:
    explicit settings_check(plan_options options) : options_(options) {}

    void text(std::string_view field, std::string_view value, std::size_t max_bytes) {
        if (value.size() > max_bytes) return fail(field, "too_long", max_bytes, at_most(max_bytes, "bytes"));
        std::size_t const valid = valid_utf8_prefix(value);
        auto const control = std::ranges::find_if(value, ascii::is_control) - value.begin();
        if (auto const bad = std::min(valid, static_cast<std::size_t>(control)); bad != value.size())
            fail(field, "bad_character", bad, "control characters and bytes that are not UTF-8 are not allowed");
    }

    void name(std::string_view field, std::string_view value, std::size_t max_bytes) {
        if (value.find_first_not_of(" \t") == value.npos) return fail(field, "empty_name", 0, "this must not be blank");
        text(field, value, max_bytes);
    }

    void printable(std::string_view field, std::string_view value, std::size_t max_bytes) {
        if (value.size() > max_bytes) return fail(field, "too_long", max_bytes, at_most(max_bytes, "bytes"));
        if (auto const bad = std::ranges::find_if_not(value, ascii::is_printable); bad != value.end())
            fail(field, "bad_character", static_cast<std::size_t>(bad - value.begin()),
                 "only printable ASCII characters are allowed");
    }

    void scopes(std::string_view field, std::string_view value) {
        if (value.size() > max_url_bytes)
            return fail(field, "too_long", max_url_bytes, at_most(max_url_bytes, "bytes"));
        if (auto const bad = find_bad_scope_character(value); bad != value.npos)
            fail(field, "bad_character", bad,
                 "scopes are printable ASCII without quotes and backslashes, separated by spaces");
    }

    void url(std::string_view field, std::string_view value) {
        if (value.empty()) return;
        auto const error = check_endpoint_url(value, options_.allow_loopback_http);
        if (error.code != url_errc::ok) fail(field, to_word(error.code), error.offset, message(error.code));
    }

    /// A URL in which settings of this provider may stand.
    void url_template(std::string_view field, std::string_view value, std::span<std::string_view const> places) {
        if (value.empty()) return;
        auto const error = check_url_template(value, places, options_.allow_loopback_http);
        if (error.code != url_errc::ok) fail(field, to_word(error.code), error.offset, message(error.code));
    }

    /// For what would be taken for another URL, or for another part of this one, behind a `?`.
    void no_query(std::string_view field, std::string_view value) {
        if (auto const at = value.find('?'); at != value.npos)
            fail(field, "has_query", at, "the URL must not have a ? part");
    }

    void host(std::string_view field, std::string_view value, std::size_t offset = 0) {
        if (!is_host_name(value))
            fail(field, "bad_host", offset, "this must be the name of a host, such as example.com");
    }

    /// A name that stands as one segment in the path of a URL: nothing in it may end the segment or climb out of it.
    void segment(std::string_view field, std::string_view value) {
        text(field, value, 255);
        if (auto const bad = value.find_first_of("/\\?#%{}"); bad != value.npos)
            fail(field, "bad_character", bad, "this character cannot stand here");
        if (value == "." || value == "..") fail(field, "bad_character", 0, "this must be a name");
    }

    /// Names that a limit lets in: one word each, none twice.
    void words(std::string_view field, std::vector<std::string> const& list) {
        if (!count(field, list.size(), 1'000)) return;
        std::set<std::string_view> seen;
        for (auto const& word : list) {
            if (auto const bad = word.find_first_of(" /,"); bad != word.npos)
                fail(field, "bad_character", bad, "one entry is one name, without blanks, commas and slashes");
            else
                name(field, word, 255);
            if (!seen.insert(word).second) fail(field, "duplicate", 0, "this name is there twice");
        }
    }

    /// Domains between spaces and commas.
    void domains(std::string_view field, std::string_view value) {
        if (value.size() > max_url_bytes)
            return fail(field, "too_long", max_url_bytes, at_most(max_url_bytes, "bytes"));
        auto const all = split_domains(value);
        if (all.empty()) fail(field, "empty_name", 0, "this must not be blank");
        for (std::size_t from = 0; auto const& domain : all) {
            from = value.find(domain, from);
            if (!is_host_name(domain)) return host(field, domain, from);
            from += domain.size();
        }
    }

    /// Any text that a form can carry, but no grant type that the RFCs give a meaning of their own.
    void grant_type(std::string_view field, std::string_view value) {
        constexpr std::string_view taken[] = {"authorization_code",
                                              "refresh_token",
                                              "client_credentials",
                                              "password",
                                              "implicit",
                                              "urn:ietf:params:oauth:grant-type:token-exchange",
                                              "urn:ietf:params:oauth:grant-type:device_code",
                                              "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                              "urn:ietf:params:oauth:grant-type:saml2-bearer",
                                              "urn:openid:params:grant-type:ciba"};
        printable(field, value, 255);
        if (auto const blank = value.find(' '); blank != value.npos)
            fail(field, "bad_character", blank, "blanks are not allowed");
        if (std::ranges::find(taken, value) != std::end(taken))
            fail(field, "reserved_grant_type", 0, "this grant type has a meaning of its own");
    }

    void pattern(std::string_view field, std::string_view value) {
        if (value.empty()) return;
        auto const error = check_url_pattern(value);
        if (error.code != pattern_errc::ok) fail(field, to_word(error.code), error.offset, message(error.code));
    }

    /// An unset path when the text is empty or bad.
    attribute_path path(std::string_view field, std::string_view value) {
        if (value.empty()) return {};
        auto parsed = attribute_path::parse(value);
        if (parsed) return std::move(*parsed);
        fail(field, to_word(parsed.error().code), parsed.error().offset, message(parsed.error().code));
        return {};
    }

    void milliseconds(std::string_view field, int value) {
        constexpr int max = 600'000;
        if (value < 0 || value > max) fail(field, "out_of_range", 0, "the limit must be 0 to 600000 milliseconds");
    }

    /// Whether `size` is within `max`; a longer list is one error and not looked into.
    [[nodiscard]] bool count(std::string_view field, std::size_t size, std::size_t max) {
        if (size > max) fail(field, "too_many", 0, at_most(max, "entries"));
        return size <= max;
    }

    void fail(std::string_view field, std::string_view reason, std::size_t offset, std::string_view why) {
        setting_error error;
        error.field = field;
        error.reason = reason;
        error.offset = offset;
        error.message = why;
        errors.push_back(std::move(error));
    }

    std::vector<setting_error> errors;

private:
    static std::string at_most(std::size_t max, std::string_view what) {
        return "at most " + std::to_string(max) + " " + std::string(what) + " are allowed";
    }

    plan_options options_;
};

} // namespace detail

} // namespace authmod
