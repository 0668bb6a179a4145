// SPDX-License-Identifier: BSL-1.0
#include <authmod/transport/blocking_transport.hpp>

#include "support/run.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>

using namespace authmod;

namespace {

/// Answers at once, or hangs until it is told to stop.
struct exchange {
    bool hangs = false;
    std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);

    result<http_response> operator()(outbound_peer const& peer, http_request const& request, timeouts,
                                     std::stop_token late) const {
        ++*calls;
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any stopped;
        if (hangs) stopped.wait(lock, late, [] { return false; });
        return http_response(200, request.method + ' ' + peer.authority() + peer.target);
    }
};

static_assert(http_transport<blocking_transport<exchange>>);

result<http_response> ask(blocking_transport<exchange>& transport, http_request const& request, int total_ms = 0) {
    timeouts limit;
    limit.total = milliseconds(total_ms);
    return authmod_test::run(transport.send(request, limit));
}

} // namespace

BOOST_AUTO_TEST_SUITE(blocking_transport_suite)

BOOST_AUTO_TEST_CASE(an_exchange_gets_a_checked_peer_and_its_answer_comes_back) {
    blocking_transport<exchange> transport;
    BOOST_TEST(ask(transport, http_request("GET", "https://127.0.0.1:444/x")).value().body == "GET 127.0.0.1:444/x");
}

BOOST_AUTO_TEST_CASE(j2_an_address_that_is_refused_is_never_given_to_it) {
    exchange const one;
    blocking_transport<exchange> transport(one);
    http_request request("GET", "https://127.0.0.1/");
    request.origin = url_origin::provider;
    BOOST_TEST((ask(transport, request).error() == errc::address_refused));
    BOOST_TEST(*one.calls == 0);
}

BOOST_AUTO_TEST_CASE(the_deadline_rings_while_every_thread_is_busy) {
    exchange const one{true};
    blocking_transport<exchange> transport(one, outbound_gate(), 1);
    BOOST_TEST((ask(transport, http_request("GET", "https://127.0.0.1/"), 500).error() == errc::timed_out));
    BOOST_TEST(*one.calls == 1);
    BOOST_TEST((ask(transport, http_request("GET", "https://127.0.0.1/"), -1).error() == errc::timed_out));
}

BOOST_AUTO_TEST_SUITE_END()
