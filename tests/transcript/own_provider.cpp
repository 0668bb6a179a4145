// SPDX-License-Identifier: BSL-1.0
// The third tutorial program as it stands, on the recorded transport.
#include "support/console.hpp"
#include "support/given_environment.hpp"
#include "support/recorded_names.hpp"

#include <authmod/module/login_engine.hpp>

namespace own_provider {
#include "../../examples/3_own_provider.cpp"
}
#undef main

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(a_provider_of_ones_own_logs_people_in) {
    authmod::recorded_script script;
    script.expect("POST", "https://forge.example/login/oauth/access_token").with_body("*code_verifier=*").reply(200, R"({"access_token":"t","token_type":"Bearer"})");
    script.expect("GET", "https://forge.example/api/v1/user").reply(200, R"({"id":42,"login":"rae","emails":[{"address":"a@x.example"},{"primary":true,"address":"rae@x.example","verified":true}]})");
    authmod_test::given_credentials const given;
    authmod_test::login_bench bench(script);
    authmod_test::console console("http://localhost:8080/callback");
    boost::asio::io_context context;
    boost::asio::co_spawn(context, own_provider::log_in(bench.policies), [](std::exception_ptr e) { if (e) std::rethrow_exception(e); });
    context.run();
    BOOST_TEST(console.printed().ends_with("Hello, rae <rae@x.example>\n"));
}
