// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/utf8.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(utf8)

struct row {
    std::string_view text;
    std::size_t valid;
};

using namespace std::string_view_literals;

// Borders of RFC 3629 4; the number is the length of the valid start.
constexpr row rows[] = {
    {""sv, 0},
    {"a\0b"sv, 3},
    {"\x7f"sv, 1},
    {"\x80"sv, 0},
    {"\xc1\xbf"sv, 0},
    {"\xc2\x80"sv, 2},
    {"\xdf\xbf"sv, 2},
    {"a\xc3"sv, 1},
    {"\xc3z"sv, 0},
    {"\xe0\x9f\xbf"sv, 0},
    {"\xe0\xa0\x80"sv, 3},
    {"\xed\x9f\xbf"sv, 3},
    {"\xed\xa0\x80"sv, 0},
    {"\xee\x80\x80"sv, 3},
    {"\xef\xbf\xbf"sv, 3},
    {"ab\xe2\x82"sv, 2},
    {"\xf0\x8f\xbf\xbf"sv, 0},
    {"\xf0\x90\x80\x80"sv, 4},
    {"\xf4\x8f\xbf\xbf"sv, 4},
    {"\xf4\x90\x80\x80"sv, 0},
    {"\xf5\x80\x80\x80"sv, 0},
    {"\xf0\x9f\x98"sv, 0},
    {"\xf0\x9f\x98z"sv, 0},
    {"\xff"sv, 0},
    {"\xc3\xa9\xf0\x9f\x98\x80\xfe"sv, 6},
};

constexpr bool all_rows_hold() {
    for (auto const& r : rows)
        if (valid_utf8_prefix(r.text) != r.valid || valid_utf8(r.text) != (r.valid == r.text.size())) return false;
    return true;
}

static_assert(all_rows_hold());

BOOST_AUTO_TEST_CASE(run_time_finds_what_the_compiler_finds) {
    for (auto const& r : rows) BOOST_TEST(valid_utf8_prefix(r.text) == r.valid, "row " << &r - rows);
}

// A slow second reader: decodes, then asks whether the shortest form of that number is what was read.
bool slow_valid(std::string_view t) {
    for (std::size_t i = 0; i != t.size();) {
        auto const b = static_cast<unsigned char>(t[i]);
        std::size_t const n = b < 0x80 ? 1 : b >> 5 == 6 ? 2 : b >> 4 == 14 ? 3 : b >> 3 == 30 ? 4 : 0;
        if (n == 0 || t.size() - i < n) return false;
        unsigned long v = n == 1 ? b : b & (0x7fu >> n);
        for (std::size_t k = 1; k != n; ++k) {
            auto const c = static_cast<unsigned char>(t[i + k]);
            if (c >> 6 != 2) return false;
            v = v << 6 | (c & 63);
        }
        unsigned long const least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff)) return false;
        i += n;
    }
    return true;
}

BOOST_AUTO_TEST_CASE(all_texts_of_three_interesting_bytes_agree_with_a_slow_decoder) {
    for (int lead = 0; lead != 256; ++lead)
        for (int second = 0; second != 256; ++second)
            for (int third : {0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xff}) {
                char const text[] = {static_cast<char>(lead), static_cast<char>(second), static_cast<char>(third),
                                     '\x80'};
                for (std::size_t size = 1; size <= 4; ++size)
                    BOOST_REQUIRE(valid_utf8({text, size}) == slow_valid({text, size}));
            }
}

BOOST_AUTO_TEST_CASE(cuts_fall_between_code_points) {
    constexpr std::string_view text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"; // 1 + 2 + 3 + 4 + 1 bytes
    static_assert(code_points(text) == 5);
    static_assert(first_code_points(text, 3) == "a\xc3\xa9\xe2\x82\xac");
    BOOST_TEST(first_code_points(text, 0) == "");
    BOOST_TEST(first_code_points(text, 4).size() == 10u);
    BOOST_TEST(first_code_points(text, 5) == text);
    BOOST_TEST(first_code_points(text, 99) == text);
    std::size_t const expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (std::size_t bytes = 0; bytes != std::size(expected); ++bytes)
        BOOST_TEST(cut_at_bytes(text, bytes).size() == expected[bytes], "at " << bytes);
}

BOOST_AUTO_TEST_SUITE_END()
