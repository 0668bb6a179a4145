// SPDX-License-Identifier: BSL-1.0
// The fourth tutorial program as it stands, on the recorded transport.
#include "support/console.hpp"
#include "support/given_environment.hpp"
#include "support/recorded_names.hpp"

namespace edit_settings {
#include "../../examples/4_edit_settings.cpp"
}
#undef main

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(an_edit_acts_on_the_login_under_way_and_a_bad_one_on_none) {
    authmod_test::given_credentials const given;
    authmod_test::login_bench bench;
    authmod_test::console console("http://localhost:8080/callback");
    boost::asio::io_context context;
    boost::asio::co_spawn(context, edit_settings::log_in(bench.policies), [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    context.run();
    BOOST_TEST(console.printed().find("Refused: full_name: ") != std::string::npos);
    BOOST_TEST(console.printed().ends_with("Hello, nadia, kind: user\n"));
}
