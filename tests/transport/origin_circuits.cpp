// SPDX-License-Identifier: BSL-1.0
#include "authmod/transport/origin_circuits.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace authmod;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

std::string const hung = "https hung.example 443", other = "https other.example 443";
constexpr std::chrono::steady_clock::time_point start{std::chrono::hours(1)};

/// So many exchanges that begin at `begun` and are waited for in vain for five seconds.
void hang(origin_circuits& circuits, int times, std::chrono::steady_clock::time_point begun = start) {
    for (int i = 0; i != times; ++i) circuits.hung(hung, begun, begun + seconds(5));
}

} // namespace

BOOST_AUTO_TEST_SUITE(circuits_of_origins)

BOOST_AUTO_TEST_CASE(K3_an_origin_that_hangs_is_asked_once_a_second_and_others_as_ever) {
    origin_circuits circuits;
    hang(circuits, 9);
    BOOST_TEST(circuits.may_begin(hung, start + seconds(5)));
    hang(circuits, 1);
    int begun = 0;
    for (auto t = start + seconds(5); t < start + seconds(15); t += milliseconds(10)) {
        if (circuits.may_begin(hung, t)) ++begun;
        BOOST_TEST(circuits.may_begin(other, t));
    }
    BOOST_TEST(begun == 10);
}

BOOST_AUTO_TEST_CASE(an_answer_ends_it_and_those_that_began_before_tell_nothing) {
    origin_circuits circuits;
    hang(circuits, 10);
    BOOST_TEST(circuits.may_begin(hung, start + seconds(5)));
    BOOST_TEST(!circuits.may_begin(hung, start + seconds(5)));
    circuits.answered(hung, start + seconds(6));
    hang(circuits, 100, start + seconds(6)); // they were under way
    BOOST_TEST(circuits.may_begin(hung, start + seconds(11)));
    BOOST_TEST(circuits.may_begin(hung, start + seconds(11)));
    hang(circuits, 10, start + seconds(7));
    BOOST_TEST(circuits.may_begin(hung, start + seconds(12)));
    BOOST_TEST(!circuits.may_begin(hung, start + seconds(12)));
}

BOOST_AUTO_TEST_CASE(answers_between_keep_an_origin_well) {
    origin_circuits circuits;
    for (int i = 0; i != 100; ++i) {
        hang(circuits, 9, start + seconds(10 * i));
        circuits.answered(hung, start + seconds(10 * i + 5));
        BOOST_TEST(circuits.may_begin(hung, start + seconds(10 * i + 5)));
    }
}

BOOST_AUTO_TEST_CASE(short_waits_tell_nothing) {
    origin_circuits circuits;
    for (int i = 0; i != 100; ++i) circuits.hung(hung, start, start + milliseconds(999));
    for (int i = 0; i != 2; ++i) BOOST_TEST(circuits.may_begin(hung, start + seconds(1)));
}

BOOST_AUTO_TEST_CASE(it_is_forgotten_after_half_a_minute) {
    origin_circuits circuits;
    hang(circuits, 10);
    BOOST_TEST(circuits.may_begin(hung, start + seconds(34)));
    BOOST_TEST(!circuits.may_begin(hung, start + seconds(34)));
    for (int i = 0; i != 3; ++i) BOOST_TEST(circuits.may_begin(hung, start + seconds(35)));
    hang(circuits, 9, start + seconds(31)); // it counts from the beginning again
    for (int i = 0; i != 3; ++i) BOOST_TEST(circuits.may_begin(hung, start + seconds(36)));
}

BOOST_AUTO_TEST_CASE(none_is_needed) {
    circuit_limits never;
    never.in_a_row = 0;
    origin_circuits circuits(never);
    hang(circuits, 100);
    for (int i = 0; i != 3; ++i) BOOST_TEST(circuits.may_begin(hung, start + seconds(5)));
}

BOOST_AUTO_TEST_CASE(many_origins_take_no_more_memory_than_some) {
    origin_circuits circuits;
    hang(circuits, 10);
    for (std::size_t i = 0; i != origin_circuits::max_origins; ++i)
        circuits.hung(std::to_string(i), start, start + seconds(5));
    for (int i = 0; i != 2; ++i) BOOST_TEST(circuits.may_begin(hung, start + seconds(5))); // forgotten
}

BOOST_AUTO_TEST_SUITE_END()
