// SPDX-License-Identifier: BSL-1.0
// The fifth tutorial program as it stands: its store against the contract, and a login on the recorded transport.
#include "support/console.hpp"
#include "support/given_environment.hpp"

#include <authmod/authmod.hpp>
#include <authmod/testing/store_contract.hpp>
#include <boost/asio/co_spawn.hpp>
#include <iostream>
#include <mutex>

#define main example_main
#define beast_transport recorded_transport
#pragma GCC diagnostic ignored "-Wreturn-type" // a main under another name
namespace own_store {
#include "../../examples/5_own_store.cpp"
}
#undef main
#undef beast_transport

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(a_store_of_ones_own_keeps_the_contract) {
    std::ostream nowhere(nullptr);
    own_store::telling_store store(nowhere);
    for (auto const& f : authmod::check_store_contract(store).failures) BOOST_ERROR(f.check + ": expected " + f.what);
}

BOOST_AUTO_TEST_CASE(a_login_is_told_once_it_is_kept) {
    authmod::recorded_transport const transport(authmod_test::bitbucket_script());
    authmod_test::given_credentials const given;
    own_store::own_policies policies(transport);
    authmod_test::console console("http://localhost:8080/callback");
    boost::asio::io_context context;
    boost::asio::co_spawn(context, own_store::log_in(policies), [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    context.run();
    BOOST_TEST(console.printed().ends_with("nferro is in\nHello, Nadia Ferro\n"));
}
