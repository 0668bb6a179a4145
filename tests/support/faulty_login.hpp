// SPDX-License-Identifier: BSL-1.0
// A visit of a person (log in, look at the session, log out) whose operations can be made to fail one by one, and what
// must be true whatever failed.
#pragma once

#include "authmod/provider/registry.hpp"
#include "support/bitbucket_login.hpp"
#include "support/run.hpp"

#include <authmod/module/login_engine.hpp>
#include <authmod/module/policies.hpp>
#include <authmod/testing/fault_store.hpp>
#include <authmod/testing/fault_transport.hpp>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace authmod_test {

template <authmod::store Store>
class faulty_login {
public:
    using bag = authmod::policies<authmod::fault_transport<authmod::recorded_transport>, authmod::fault_store<Store>,
                                  authmod::fixed_clock, authmod::counting_random>;

    faulty_login() { add_module(); }

    explicit faulty_login(Store data) {
        parts.data.inside = std::move(data);
        add_module();
    }

    /// Whether the whole visit went well. Faults come out as errors, memory exhaustion as `std::bad_alloc`.
    bool visit() {
        callback_.clear();
        auto const start = run(engine.begin_login(module, "/"));
        if (!start) return false;
        code_ = "c-" + std::to_string(++visits_);
        callback_ = "state=" + start->state + "&code=" + code_;
        attempt_ = start->attempt;
        finished_ = false;
        auto const finish = come_back();
        if (!finish || finish->restart) return false;
        finished_ = true;
        std::string const id(finish->session_id.expose());
        auto const session = run(engine.check_session(id));
        if (!session) return false;
        return run(engine.end_session(id, "192.0.2.1")).has_value();
    }

    /// What must hold after a visit that failed. Faults are off from here on.
    void check_what_is_left() {
        turn_faults_off();
        check_nothing_is_half_made();
        // The same callback again never signs in a second time, and the code has not been sent twice.
        if (!callback_.empty()) {
            auto const again = come_back();
            BOOST_TEST(!(finished_ && again && !again->restart));
            BOOST_TEST(times_sent(code_) <= 1);
        }
        BOOST_TEST(visit());
        check_nothing_is_half_made();
        BOOST_TEST(accounts().size() == 1u);
    }

    void turn_faults_off() {
        parts.transport.faults.fail_at(0, authmod::errc::timed_out);
        parts.data.faults.fail_at(0, authmod::errc::store_unavailable);
    }

    /// An account is there with its link and its audit, or not at all.
    void check_nothing_is_half_made() {
        auto const all = accounts();
        BOOST_TEST(all.size() <= 1u);
        for (auto const& one : all) {
            auto const whole = run(parts.data.inside.find_account(one.id)).value();
            BOOST_TEST(whole.links.size() == 1u);
            for (auto const* event : {"account_created", "account_linked", "login"}) {
                authmod::audit_filter about;
                about.target = one.id;
                about.event = event;
                BOOST_TEST(!run(parts.data.inside.list_audit(about)).value().empty(), event << " is not in the audit");
            }
        }
    }

    std::vector<authmod::account> accounts() {
        return run(parts.data.inside.list_accounts(authmod::account_filter())).value();
    }

    authmod::recorded_transport provider = endless_provider();
    bag parts{authmod::fault_transport<authmod::recorded_transport>(provider)};
    authmod::login_engine engine{parts.as_ports(), authmod::registry<authmod::bitbucket_cloud>(),
                                 authmod::service_options("https://service.example")};
    authmod::change_author by{"admin-token", "192.0.2.1"};
    std::string module;

private:
    static authmod::recorded_transport endless_provider() {
        auto script = bitbucket_script();
        for (std::size_t i = 0; i != script.size(); ++i) script[i].times(1000);
        return authmod::recorded_transport(std::move(script));
    }

    void add_module() {
        boost::json::object fields{{"type", "bitbucket_cloud"}, {"name", "Bitbucket"}, {"client_id", "key"}};
        fields["client_secret"] = "secret";
        module = run(engine.catalog().create(std::move(fields), by)).value();
        BOOST_REQUIRE(run(engine.catalog().enable(module, by)).has_value());
    }

    authmod::result<authmod::login_finish, authmod::failure> come_back() {
        authmod::login_callback back(callback_, attempt_);
        return run(engine.finish_login(module, std::move(back)));
    }

    std::size_t times_sent(std::string const& code) {
        auto const sent = provider.requests();
        return static_cast<std::size_t>(std::ranges::count_if(sent, [&](auto const& r) {
            return (r.request.body + '&').find("code=" + code + '&') != std::string::npos;
        }));
    }

    int visits_ = 0;
    bool finished_ = false;
    std::string callback_, attempt_, code_;
};

} // namespace authmod_test
