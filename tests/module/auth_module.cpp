// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/auth_module.hpp>

#include "support/bitbucket_login.hpp"

#include <authmod/module/login_engine.hpp>

#include <boost/asio/use_future.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <sstream>
#include <type_traits>

using namespace authmod;
using namespace authmod_test;

namespace {

/// g++ 12 destroys some temporaries of a full expression with co_await twice (GCC bugs 99576, 104031 and relatives). Types
/// for which this holds are safe to pass as temporaries.
template <class T>
inline constexpr bool safe_temporary = !std::is_aggregate_v<T> || std::is_trivially_destructible_v<T>;

static_assert(safe_temporary<std::string> && safe_temporary<credentials> && safe_temporary<settings> &&
              safe_temporary<service_options> && safe_temporary<login_callback> && safe_temporary<login_start> &&
              safe_temporary<login_finish> && safe_temporary<change_author> && safe_temporary<secret> &&
              safe_temporary<http_request> && safe_temporary<http_response> && safe_temporary<timeouts> &&
              safe_temporary<module_record> && safe_temporary<audit_row> && safe_temporary<login_candidate> &&
              safe_temporary<account> && safe_temporary<group> && safe_temporary<audit_filter> && safe_temporary<session_limits>);

} // namespace

BOOST_AUTO_TEST_SUITE(auth_module_suite)

BOOST_AUTO_TEST_CASE(the_api_is_called_with_temporaries_the_way_users_write_it) {
    auto script = bitbucket_script();
    for (std::size_t i = 0; i != script.size(); ++i) script[i].times(3);
    login_bench bench(script);
    auto const all = [&]() -> asio::awaitable<std::string> {
        auth_module<bitbucket_cloud, login_bench::bag> bitbucket{
            bench.policies, credentials("key", "secret", "https://service.example/callback/bitbucket_cloud"),
            service_options("https://service.example")};
        auto start = (co_await bitbucket.begin_login("/x")).value();
        auto login = (co_await bitbucket.finish_login(login_bench::callback(start), start.attempt)).value();
        auto session = (co_await bitbucket.check_session(std::string(login.session_id.expose()))).value();
        (co_await bitbucket.end_session(std::string(login.session_id.expose()))).value();

        auto& engine = bitbucket.engine();
        auto again = (co_await bitbucket.begin_login()).value();
        auto second = (co_await engine.finish_login("bitbucket_cloud", login_callback(login_bench::callback(again), again.attempt))).value();
        std::string const third_location = (co_await bitbucket.begin_login(std::string("/") + "y")).value().location;
        if (!(co_await bitbucket.finish_login("https://service.example/?state=x", "")).has_value()) co_return session->user.username + second.user.full_name;
        co_return third_location;
    };
    BOOST_TEST(run(all()) == "nferroNadia Ferro");
}

BOOST_AUTO_TEST_CASE(futures_and_callbacks_work_as_well_as_coroutines) {
    login_bench bench;
    asio::thread_pool pool(1);
    auto future = asio::co_spawn(pool, bench.module.begin_login("/x"), asio::use_future);
    BOOST_TEST(future.get().value().location.starts_with("https://bitbucket.org/"));
    bool called = false;
    asio::co_spawn(pool, bench.module.begin_login("//evil.example"), [&](std::exception_ptr, result<login_start, failure> r) {
        called = r.error().code == errc::return_to_refused;
    });
    pool.join();
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(wrong_settings_of_the_program_throw_at_construction_and_name_the_field) {
    login_bench bench;
    auto wrong = default_settings<bitbucket_cloud>();
    wrong.token_url = "http://bitbucket.org/token";
    try {
        auth_module<bitbucket_cloud, login_bench::bag> module{bench.policies, credentials("key", "secret", "https://service.example/cb"), wrong};
        BOOST_ERROR("an http token URL was accepted");
    } catch (boost::system::system_error const& e) {
        BOOST_TEST((e.code() == errc::setting_refused));
        BOOST_TEST(std::string(e.what()).find("token_url") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(an_empty_client_id_and_a_bad_redirect_uri_are_refused) {
    login_bench bench;
    using module = login_bench::module_type;
    BOOST_CHECK_THROW(module(bench.policies, credentials("", "secret", "https://service.example/cb")), boost::system::system_error);
    BOOST_CHECK_THROW(module(bench.policies, credentials("key", "", "https://service.example/cb")), boost::system::system_error);
    BOOST_CHECK_THROW(module(bench.policies, credentials("key", "secret", "http://service.example/cb")), boost::system::system_error);
    BOOST_CHECK_THROW(module(bench.policies, credentials("key", "secret", "service.example/cb")), boost::system::system_error);
    BOOST_CHECK_NO_THROW(module(bench.policies, credentials("key", "secret", "http://localhost:8080/cb")));
}

BOOST_AUTO_TEST_CASE(changed_settings_serve_the_very_next_login) {
    login_bench bench;
    auto changed = bench.module.current();
    changed.scopes = "account email team";
    BOOST_REQUIRE(bench.module.change(changed).has_value());
    BOOST_TEST(parameter(bench.begin().location, "scope") == "account email team");
}

BOOST_AUTO_TEST_CASE(E5_the_mapping_is_the_one_in_force_when_the_person_comes_back) {
    login_bench bench;
    auto const start = bench.begin();
    auto changed = bench.module.current();
    changed.full_name = "missing?:username";
    BOOST_REQUIRE(bench.module.change(changed).has_value());
    BOOST_TEST(bench.finish(start).value().user.full_name == "nferro");
}

BOOST_AUTO_TEST_SUITE_END()
