// SPDX-License-Identifier: BSL-1.0
// The first tutorial program as it stands, on the recorded transport.
#include "support/console.hpp"
#include "support/given_environment.hpp"
#include "support/recorded_names.hpp"

namespace hello_login {
#include "../../examples/1_hello_login.cpp"
}
#undef main

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(the_smallest_program_greets_the_person) {
    authmod_test::given_credentials const given;
    authmod_test::login_bench bench;
    authmod_test::console console("http://localhost:8080/callback");
    boost::asio::io_context context;
    boost::asio::co_spawn(context, hello_login::log_in(bench.policies), [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    context.run();
    BOOST_TEST(console.printed().ends_with("Hello, Nadia Ferro\n"));
}
