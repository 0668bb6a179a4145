// SPDX-License-Identifier: BSL-1.0
#include "authmod/policy/http_transport.hpp"

#include <boost/test/unit_test.hpp>

#include "authmod/testing/recorded_transport.hpp"

using namespace authmod;

namespace {

struct smallest {
    asio::awaitable<result<http_response>> send(http_request const&, timeouts);
};
struct by_value { // takes what it is given its own way
    asio::awaitable<result<http_response>> send(http_request, timeouts const&);
};
struct no_send {};
struct other_name {
    asio::awaitable<result<http_response>> request(http_request const&, timeouts);
};
struct no_limit {
    asio::awaitable<result<http_response>> send(http_request const&);
};
struct blocking {
    result<http_response> send(http_request const&, timeouts);
};
struct throwing { // has no place for an error
    asio::awaitable<http_response> send(http_request const&, timeouts);
};
struct changing { // wants to change the request of its caller
    asio::awaitable<result<http_response>> send(http_request&, timeouts);
};
class hidden {
    asio::awaitable<result<http_response>> send(http_request const&, timeouts);
};

} // namespace

BOOST_AUTO_TEST_SUITE(policy_http_transport)

BOOST_AUTO_TEST_CASE(models_are_accepted) {
    BOOST_TEST(http_transport<smallest>);
    BOOST_TEST(http_transport<by_value>);
    BOOST_TEST(http_transport<recorded_transport>);
}

BOOST_AUTO_TEST_CASE(everything_else_is_rejected) {
    BOOST_TEST(!http_transport<no_send>);
    BOOST_TEST(!http_transport<other_name>);
    BOOST_TEST(!http_transport<no_limit>);
    BOOST_TEST(!http_transport<blocking>);
    BOOST_TEST(!http_transport<throwing>);
    BOOST_TEST(!http_transport<changing>);
    BOOST_TEST(!http_transport<hidden>);
    BOOST_TEST(!http_transport<smallest const>);
    BOOST_TEST(!http_transport<int>);
}

BOOST_AUTO_TEST_CASE(what_goes_through_an_awaitable_may_be_a_temporary) {
    BOOST_TEST(!std::is_aggregate_v<http_request>);
    BOOST_TEST(!std::is_aggregate_v<http_response>);
    BOOST_TEST(!std::is_aggregate_v<http_header>);
    BOOST_TEST(std::is_trivially_destructible_v<timeouts>);
}

BOOST_AUTO_TEST_CASE(limits_start_as_the_settings_say) {
    BOOST_TEST(timeouts{}.connect.count() == 5000);
    BOOST_TEST(timeouts{}.read.count() == 5000);
    BOOST_TEST(timeouts{}.total.count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
