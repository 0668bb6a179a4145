// SPDX-License-Identifier: BSL-1.0
#include "authmod/mapping/path.hpp"

#include "support/path_rows.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using authmod_test::description, authmod_test::malformed, authmod_test::well_formed;

namespace {

constexpr path_error error_of(std::string_view text) {
    return parse_path(text, [](path_step const&) {});
}

constexpr bool comes_out_as(std::string_view text, std::string_view steps) {
    description seen;
    auto const error = parse_path(text, [&](path_step const& step) { seen.add(text, step); });
    return error == path_error{} && seen.view() == steps && seen.ended();
}

static_assert(std::ranges::all_of(malformed, [](auto const& row) { return error_of(row.text) == row.expected; }));
static_assert(std::ranges::all_of(well_formed, [](auto const& row) { return comes_out_as(row.text, row.steps); }));
static_assert(error_of(authmod_test::bytes_1024) == path_error{});

} // namespace

BOOST_AUTO_TEST_SUITE(path)

BOOST_AUTO_TEST_CASE(every_malformed_path_has_its_reason_and_offset) {
    for (auto const& row : malformed) BOOST_TEST_CONTEXT(row.text) {
            auto const error = error_of(row.text);
            BOOST_TEST(to_word(error.code) == to_word(row.expected.code));
            BOOST_TEST(error.offset == row.expected.offset);
        }
}

BOOST_AUTO_TEST_CASE(every_reason_is_reached_by_some_path) {
    for (int i = 1; i <= static_cast<int>(path_errc::too_many_segments); ++i) BOOST_TEST_CONTEXT(i)
    BOOST_TEST(std::ranges::count(malformed, static_cast<path_errc>(i),
                                  [](auto const& row) { return row.expected.code; }) != 0);
}

BOOST_AUTO_TEST_CASE(well_formed_paths_give_their_steps) {
    for (auto const& row : well_formed) BOOST_TEST_CONTEXT(row.text) {
            description seen;
            auto const error = parse_path(row.text, [&](path_step const& step) { seen.add(row.text, step); });
            BOOST_TEST(to_word(error.code) == "ok");
            BOOST_TEST(seen.view() == row.steps);
            BOOST_TEST(seen.ended());
        }
}

BOOST_AUTO_TEST_CASE(no_path_has_more_steps_than_half_its_bytes_and_one) {
    for (auto const& row : well_formed) BOOST_TEST_CONTEXT(row.text) {
            std::size_t steps = 0;
            (void)parse_path(row.text, [&](path_step const&) { ++steps; });
            BOOST_TEST(steps <= row.text.size() / 2 + 1);
        }
}

BOOST_AUTO_TEST_CASE(words_and_messages_stand_in_the_order_of_the_reasons) {
    for (int i = 0; i <= static_cast<int>(path_errc::too_many_segments); ++i) {
        auto const code = static_cast<path_errc>(i);
        BOOST_TEST((detail::path_errc_rows[i].code == code));
        BOOST_TEST(!message(code).empty());
    }
    BOOST_TEST(std::size(detail::path_errc_rows) == static_cast<std::size_t>(path_errc::too_many_segments) + 1);
    BOOST_TEST(to_word(path_errc::text_after_quote) == "text_after_quote");
}

BOOST_AUTO_TEST_CASE(no_cut_text_is_read_beyond_its_end) {
    // The sanitizers watch: each text ends at the end of its own memory.
    for (auto const& row : malformed)
        for (std::size_t size = 0; size <= std::min<std::size_t>(row.text.size(), 64); ++size) {
            std::string const cut(row.text.substr(0, size));
            auto const error = error_of(cut);
            BOOST_TEST(error.offset <= size);
        }
}

BOOST_AUTO_TEST_SUITE_END()
