// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/rfc3339.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(rfc3339)

struct good_row {
    std::string_view text;
    long long ms;
};

constexpr good_row good[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01t00:00:00.0019z", 1},
    {"1969-12-31T23:59:59.999Z", -1},
    {"1985-04-12T23:20:50.52Z", 482196050520},
    {"1996-12-19T16:39:57-08:00", 851042397000},
    {"1990-12-31T23:59:60Z", 662688000000},
    {"1937-01-01T12:00:27.87+00:20", -1041337172130},
    {"2019-03-07T12:35:02.900024+00:00", 1551962102900},
    {"2024-02-29T00:00:00.123456789123456789Z", 1709164800123},
    {"0000-01-01T00:00:00Z", -62167219200000},
};

constexpr std::string_view bad[] = {
    "",
    "1970-01-01",
    "1970-01-01T00:00:00",
    "1970-01-01 00:00:00Z",
    "1970-01-01T00:00Z",
    "1970-01-01T00:00:00.Z",
    "1970-01-01T00:00:00,5Z",
    "1970-1-01T00:00:00Z",
    "+970-01-01T00:00:00Z",
    "1970-00-01T00:00:00Z",
    "1970-13-01T00:00:00Z",
    "1970-01-00T00:00:00Z",
    "1970-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "1970-01-01T24:00:00Z",
    "1970-01-01T00:60:00Z",
    "1970-01-01T00:00:61Z",
    "1970-01-01T00:00:00+1:00",
    "1970-01-01T00:00:00+0100",
    "1970-01-01T00:00:00+24:00",
    "1970-01-01T00:00:00+00:60",
    "1970-01-01T00:00:00Z ",
    " 1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00ZZ",
    "1970-01-01T00:00:00+00:00Z",
    "12345-01-01T00:00:00Z",
};

constexpr bool rows_hold() {
    for (auto const& r : good)
        if (parse_rfc3339(r.text) != from_milliseconds(r.ms)) return false;
    for (auto text : bad)
        if (parse_rfc3339(text)) return false;
    return true;
}

static_assert(rows_hold());

BOOST_AUTO_TEST_CASE(date_times_with_a_zone_are_read) {
    for (auto const& r : good) BOOST_TEST(to_milliseconds(parse_rfc3339(r.text).value()) == r.ms, r.text);
}

BOOST_AUTO_TEST_CASE(everything_else_is_refused) {
    for (auto text : bad) BOOST_TEST(!parse_rfc3339(text), "accepted: " << text);
    // No text that was cut is a date-time, wherever the cut is.
    std::string_view const whole = "2019-03-07T12:35:02.900+00:00";
    for (std::size_t n = 0; n != whole.size(); ++n) BOOST_TEST(!parse_rfc3339(whole.substr(0, n)));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
    BOOST_TEST(format_rfc3339(from_milliseconds(0)) == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(format_rfc3339(from_milliseconds(-1)) == "1969-12-31T23:59:59.999Z");
    BOOST_TEST(format_rfc3339(from_milliseconds(1551962102042)) == "2019-03-07T12:35:02.042Z");
    for (long long ms : {-62167219200000ll, -1ll, 1709164800123ll, 253402300799999ll})
        BOOST_TEST(to_milliseconds(parse_rfc3339(format_rfc3339(from_milliseconds(ms))).value()) == ms);
}

BOOST_AUTO_TEST_CASE(times_out_of_range_are_moved_to_its_ends) {
    BOOST_TEST(format_rfc3339(from_milliseconds(253402300800000)) == "9999-12-31T23:59:59.999Z");
    BOOST_TEST(format_rfc3339(time_point::max()) == "9999-12-31T23:59:59.999Z");
    BOOST_TEST(format_rfc3339(time_point::min()) == "0000-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_SUITE_END()
