// SPDX-License-Identifier: BSL-1.0
// One table of attribute paths for the compiler (path.cpp) and for the running program (attribute_path.cpp).
#pragma once

#include "authmod/mapping/path.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace authmod_test {

using authmod::path_errc;
using authmod::path_error;
using namespace std::string_view_literals;

struct malformed_row {
    std::string_view text;
    path_error expected;
};

inline constexpr auto segments_33 = "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/"
                                    "31/32/33"sv;
inline constexpr auto alternatives_17 = "1?:2?:3?:4?:5?:6?:7?:8?:9?:10?:11?:12?:13?:14?:15?:16?:17"sv;

/// `N` times the same character.
template <std::size_t N>
inline constexpr auto long_name = [] {
    std::array<char, N> text{};
    text.fill('a');
    return text;
}();
inline constexpr std::string_view bytes_1024(long_name<1024>.data(), 1024);
inline constexpr std::string_view bytes_1025(long_name<1025>.data(), 1025);

inline constexpr malformed_row malformed[] = {
    {"", {path_errc::empty_path, 0}},
    {" \t ", {path_errc::empty_path, 0}},

    {"?:", {path_errc::empty_alternative, 0}},
    {" ?:a", {path_errc::empty_alternative, 1}},
    {"a?:", {path_errc::empty_alternative, 3}},
    {"a ?: ", {path_errc::empty_alternative, 5}},
    {"a?:?:b", {path_errc::empty_alternative, 3}},
    {"a ?:  ?: b", {path_errc::empty_alternative, 6}},

    {"/a", {path_errc::empty_segment, 0}},
    {"a/", {path_errc::empty_segment, 2}},
    {"a//b", {path_errc::empty_segment, 2}},
    {"/", {path_errc::empty_segment, 0}},
    {"a/?:b", {path_errc::empty_segment, 2}},
    {"a ?: /b", {path_errc::empty_segment, 5}},
    {"values//email", {path_errc::empty_segment, 7}},

    {"a/ b", {path_errc::edge_blank, 2}},
    {"a /b", {path_errc::edge_blank, 1}},
    {"a\t/b", {path_errc::edge_blank, 1}},
    {"a/ ", {path_errc::edge_blank, 2}},
    {"a [b]", {path_errc::edge_blank, 1}},
    {"a[b] /c", {path_errc::edge_blank, 4}},
    {"a[ b]", {path_errc::edge_blank, 2}},
    {"a[b ]", {path_errc::edge_blank, 3}},
    {"a[b =c]", {path_errc::edge_blank, 3}},
    {"a[\"b\" ]", {path_errc::edge_blank, 5}},
    {"a[b=\"c\" ]", {path_errc::edge_blank, 7}},
    {"\"a\" /b", {path_errc::edge_blank, 3}},
    {"* [b]", {path_errc::edge_blank, 1}},

    {"a]", {path_errc::bad_character, 1}},
    {"]", {path_errc::bad_character, 0}},
    {"a*", {path_errc::bad_character, 1}},
    {"*a", {path_errc::bad_character, 1}},
    {"**", {path_errc::bad_character, 1}},
    {"a\"b\"", {path_errc::bad_character, 1}},
    {"a[b]c", {path_errc::bad_character, 4}},
    {"a[b][c]", {path_errc::bad_character, 4}},
    {"a[b/c]", {path_errc::bad_character, 3}},
    {"a[b*]", {path_errc::bad_character, 3}},
    {"a[*]", {path_errc::bad_character, 2}},
    {"a[b[c]]", {path_errc::bad_character, 3}},
    {"a[b?:c]", {path_errc::bad_character, 3}},
    {"a[b=c\"d]", {path_errc::bad_character, 5}},
    {"a[b=c\td]", {path_errc::bad_character, 5}},
    {"a\tb", {path_errc::bad_character, 1}},
    {"a\nb", {path_errc::bad_character, 1}},
    {"a\x7f", {path_errc::bad_character, 1}},
    {"a\0b"sv, {path_errc::bad_character, 1}},
    {"\"a\nb\"", {path_errc::bad_character, 2}},
    {"\xc3\xa9\xff", {path_errc::bad_character, 2}},
    {"a/\xed\xa0\x80", {path_errc::bad_character, 2}},
    {"\"\xc0\xaf\"", {path_errc::bad_character, 1}},
    {"a[b=\xf5]", {path_errc::bad_character, 4}},

    {"\"\\x\"", {path_errc::bad_escape, 1}},
    {"\"a\\u12g4\"", {path_errc::bad_escape, 2}},
    {"\"\\u12\"", {path_errc::bad_escape, 1}},
    {"\"\\u0000\"", {path_errc::bad_escape, 1}},
    {"\"\\ud800\"", {path_errc::bad_escape, 1}},
    {"\"\\ud800\\u0041\"", {path_errc::bad_escape, 1}},
    {"\"\\udc00\"", {path_errc::bad_escape, 1}},
    {"\"\\ud83d\\ud83d\"", {path_errc::bad_escape, 1}},
    {"a[\"\\'\"]", {path_errc::bad_escape, 3}},

    {"\"a", {path_errc::unclosed_quote, 0}},
    {"a/\"", {path_errc::unclosed_quote, 2}},
    {"\"a\\", {path_errc::unclosed_quote, 0}},
    {"\"a\\\"", {path_errc::unclosed_quote, 0}},
    {"a[b=\"c]", {path_errc::unclosed_quote, 4}},

    {"a[", {path_errc::unclosed_selector, 1}},
    {"a[b", {path_errc::unclosed_selector, 1}},
    {"a[b=", {path_errc::unclosed_selector, 1}},
    {"a[b=c", {path_errc::unclosed_selector, 1}},
    {"a/[\"b\"", {path_errc::unclosed_selector, 2}},

    {"a[]", {path_errc::empty_selector, 2}},
    {"[]", {path_errc::empty_selector, 1}},
    {"a[=b]", {path_errc::empty_selector, 2}},

    {"\"a\"b", {path_errc::text_after_quote, 3}},
    {"\"a\"\"b\"", {path_errc::text_after_quote, 3}},
    {"\"a\" b", {path_errc::text_after_quote, 4}},
    {"\"a\"*", {path_errc::text_after_quote, 3}},
    {"a[\"b\"c]", {path_errc::text_after_quote, 5}},
    {"a[b=\"c\"d]", {path_errc::text_after_quote, 7}},

    {bytes_1025, {path_errc::too_long, 1024}},
    {alternatives_17, {path_errc::too_many_alternatives, 55}},
    {segments_33, {path_errc::too_many_segments, 87}},
};

/// `steps` as `describe` writes them.
struct well_formed_row {
    std::string_view text;
    std::string_view steps;
};

inline constexpr well_formed_row well_formed[] = {
    {"uuid", "'uuid'"},
    {"username?:nickname", "'username' ?: 'nickname'"},
    {"username ?: nickname", "'username' ?: 'nickname'"},
    {" \ta\t ?:\tb ", "'a' ?: 'b'"},
    {"links/avatar/href", "'links'/'avatar'/'href'"},
    {"values[is_primary]/email", "'values'[is_primary]/'email'"},
    {"values/*/workspace/slug", "'values'/*/'workspace'/'slug'"},
    {"[primary]/email", ".[primary]/'email'"},
    {"\"https://example.com/roles\"/0", "'https://example.com/roles'/#0"},
    {"*", "*"},
    {"*[a=b]/0", "*[a=b]/#0"},
    {"0[a]", "#0[a]"},
    {"10/0/99999999999999999999", "#10/#0/#99999999999999999999"},
    {"01/-1/1a/\"0\"/0x", "'01'/'-1'/'1a'/'0'/'0x'"},
    {"a b/c  d", "'a b'/'c  d'"},
    {"a??:b", "'a?' ?: 'b'"},
    {"a?b/:c/?d:", "'a?b'/':c'/'?d:'"},
    {"a=b", "'a=b'"},
    {"a,b{c}", "'a,b{c}'"},
    {"a ?:a", "'a' ?: 'a'"},
    {"\"\"", "''"},
    {"\"\"/\"?: / [x] *\"", "''/'?: / [x] *'"},
    {"\" a \"", "' a '"},
    {R"("\"\\\/\b\f\n\r\t")", "'\"\\/\b\f\n\r\t'"},
    {R"("\u0041\u00e9\u20AC\ud83d\ude00")", "'A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'"},
    {"\"\x7f\"", "'\x7f'"},
    {"\xc3\xa9/\xf0\x9f\x98\x80", "'\xc3\xa9'/'\xf0\x9f\x98\x80'"},
    {"a[k=v]", "'a'[k=v]"},
    {"a[k=]", "'a'[k=]"},
    {"a[k=\"\"]", "'a'[k=]"},
    {"a[k= v w ]", "'a'[k= v w ]"},
    {"a[k=x/y*[=?:z]/b", "'a'[k=x/y*[=?:z]/'b'"},
    {"a[\"k=]\"=\"v]\"] ?: b", "'a'[k=]=v]] ?: 'b'"},
    {"a[\"\"]", "'a'[]"},
    {"a[0]", "'a'[0]"},
    {"\"a\"[b]/c", "'a'[b]/'c'"},
    {"a[b c]", "'a'[b c]"},
    {segments_33.substr(0, 86),
     "#1/#2/#3/#4/#5/#6/#7/#8/#9/#10/#11/#12/#13/#14/#15/#16/#17/#18/#19/#20/#21/#22/#23/#24/"
     "#25/#26/#27/#28/#29/#30/#31/#32"},
    {alternatives_17.substr(0, 53), "#1 ?: #2 ?: #3 ?: #4 ?: #5 ?: #6 ?: #7 ?: #8 ?: #9 ?: #10 ?: #11 ?: #12 ?: #13 ?: "
                                    "#14 ?: #15 ?: #16"},
};

/// Steps as text, in a form that the path's own spelling does not show through.
class description {
public:
    constexpr description() = default;

    constexpr description(authmod::path_view path) {
        for (auto const& step : path.steps) add(path.text, step);
    }

    constexpr void add(std::string_view path, authmod::path_step const& step) {
        using authmod::hop_kind, authmod::selector_kind;
        if (size_ != 0) put(ended_ ? " ?: " : "/");
        ended_ = step.ends_alternative;
        if (step.hop == hop_kind::self) put(".");
        if (step.hop == hop_kind::any) put("*");
        if (step.hop == hop_kind::index) put("#");
        if (step.hop == hop_kind::name) put("'");
        put(path, step.name);
        if (step.hop == hop_kind::name) put("'");
        if (step.selector == selector_kind::none) return;
        put("[");
        put(path, step.selector_name);
        if (step.selector == selector_kind::equal) put("="), put(path, step.selector_value);
        put("]");
    }

    [[nodiscard]] constexpr std::string_view view() const { return {text_.data(), size_}; }

    /// Whether the last step ended an alternative, as it must.
    [[nodiscard]] constexpr bool ended() const { return ended_; }

private:
    constexpr void put(std::string_view text) {
        for (char c : text) text_[size_++] = c;
    }

    constexpr void put(std::string_view path, authmod::text_range range) {
        size_ += authmod::unescape(path, range, text_.data() + size_);
    }

    std::array<char, 256> text_{};
    std::size_t size_ = 0;
    bool ended_ = true;
};

} // namespace authmod_test
