// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/trace_context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>

using namespace authmod;

namespace {

constexpr std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"; // the recommendation's own

constexpr std::array<std::byte, trace_context::random_bytes> some_random() {
    std::array<std::byte, trace_context::random_bytes> bytes{};
    for (std::size_t i = 0; i != bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i + 1);
    return bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_context_suite)

BOOST_AUTO_TEST_CASE(a_good_header_comes_back_as_it_was) {
    auto const read = trace_context::parse(good);
    BOOST_REQUIRE(read);
    BOOST_TEST(read->to_header() == good);
    BOOST_TEST(read->trace_id() == "4bf92f3577b34da6a3ce929d0e0e4736");
    // Other flags are not ours to hand on; a later version may say more behind another dash.
    std::string later(good);
    later.replace(0, 2, "cc");
    later.replace(53, 2, "fe");
    BOOST_TEST(trace_context::parse(later).value().to_header() == std::string(good.substr(0, 53)) + "00");
    BOOST_TEST(trace_context::parse(later + "-more").has_value());
}

BOOST_AUTO_TEST_CASE(everything_else_is_no_trace) {
    auto const changed = [](std::size_t at, std::string_view with) {
        return std::string(good).replace(at, with.size(), with);
    };
    for (std::string const& bad :
         {std::string(), std::string("00"), std::string(good.substr(0, 54)), std::string(good) + "-x", changed(0, "ff"),
          changed(0, "0g"), changed(2, "_"), changed(35, "_"), changed(52, "_"), changed(3, "4BF9"),
          changed(36, "00F0"), changed(3, "00000000000000000000000000000000"), changed(36, "0000000000000000"),
          changed(53, "0x"), changed(0, "01") + "x", " " + std::string(good), std::string(10'000, '0')})
        BOOST_TEST(!trace_context::parse(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(a_step_of_its_own_stays_in_the_callers_trace) {
    constexpr auto random = some_random();
    auto const own = trace_context::next(good, random);
    BOOST_TEST(own.to_header() == "00-4bf92f3577b34da6a3ce929d0e0e4736-0102030405060708-01");
    auto const fresh = trace_context::next("nonsense", random);
    BOOST_TEST(fresh.to_header() == "00-090a0b0c0d0e0f101112131415161718-0102030405060708-00");
}

BOOST_AUTO_TEST_CASE(no_trace_has_no_header) {
    BOOST_TEST(!trace_context());
    BOOST_TEST(trace_context().to_header() == "");
    BOOST_TEST(trace_context().trace_id() == "");
    std::array<std::byte, trace_context::random_bytes> const zeros{};
    BOOST_TEST(!trace_context::next("", zeros));
    static_assert(!std::is_aggregate_v<trace_context>); // a parameter of coroutines: g++ 12
}

BOOST_AUTO_TEST_SUITE_END()
