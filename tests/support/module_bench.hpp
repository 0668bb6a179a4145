// SPDX-License-Identifier: BSL-1.0
// Modules as administrators keep them, on a memory store and a scripted Bitbucket: what changes of settings do to the
// very next login.
#pragma once

#include "authmod/provider/registry.hpp"
#include "support/bitbucket_login.hpp"
#include "support/run.hpp"

#include <authmod/module/login_engine.hpp>
#include <authmod/module/policies.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace authmod_test {

/// The script of a good login, each exchange as often as asked.
inline authmod::recorded_script repeated_bitbucket_script(unsigned times = 1000) {
    auto script = bitbucket_script();
    for (std::size_t i = 0; i != script.size(); ++i) script[i].times(times);
    return script;
}

class module_bench {
public:
    using bag = authmod::policies<authmod::recorded_transport, authmod::memory_store, authmod::fixed_clock,
                                  authmod::counting_random>;
    using object = boost::json::object;

    explicit module_bench(authmod::recorded_script script = repeated_bitbucket_script())
        : transport(std::move(script)), parts(transport),
          engine(parts.as_ports(), authmod::registry<authmod::bitbucket_cloud>(),
                 authmod::service_options("https://service.example")) {
        BOOST_REQUIRE(run(engine.catalog().reload()).has_value());
    }

    /// Makes a module that lacks nothing, disabled; gives its id.
    std::string create(std::string_view name, object more = {}) {
        more["type"] = "bitbucket_cloud";
        more["name"] = name;
        if (!more.contains("client_id")) more["client_id"] = "key";
        more["client_secret"] = "canary-secret";
        auto id = run(engine.catalog().create(std::move(more), by));
        BOOST_REQUIRE_MESSAGE(id, (id ? "" : id.error().code.message()));
        return *id;
    }

    std::string add(std::string_view name, object more = {}) {
        auto const id = create(name, std::move(more));
        BOOST_REQUIRE(run(engine.catalog().enable(id, by)).has_value());
        return id;
    }

    /// Lays `changes` over the module with the revision that it has now.
    authmod::result<void, authmod::settings_refusal> edit(std::string const& id, object changes) {
        changes["revision"] = record(id).revision;
        return run(engine.catalog().update(id, std::move(changes), by));
    }

    /// Makes one field different; it must be taken.
    void set(std::string const& id, std::string_view field, boost::json::value value) {
        object changes;
        changes[field] = std::move(value);
        auto done = edit(id, std::move(changes));
        BOOST_REQUIRE_MESSAGE(done, field << ": " << (done.has_value() || done.error().errors.empty() ? "" : done.error().errors[0].message));
    }

    /// The reason word with which one field is refused; the module must not have changed.
    std::string refusal(std::string const& id, std::string_view field, boost::json::value value) {
        auto const before = engine.modules();
        object changes;
        changes[field] = std::move(value);
        auto const done = edit(id, std::move(changes));
        BOOST_TEST(engine.modules() == before);
        if (done) return "taken";
        if (done.error().errors.empty()) return std::string(authmod::to_word(done.error().code));
        BOOST_TEST(done.error().errors.front().field.starts_with(field));
        return done.error().errors.front().reason;
    }

    authmod::module_record record(std::string const& id) { return engine.modules()->find(id)->record; }

    authmod::login_start begin(std::string const& id) { return run(engine.begin_login(id, "/")).value(); }

    static std::string callback(authmod::login_start const& start, std::string_view more = "&code=c-1") {
        return parameter(start.location, "redirect_uri") + "?state=" + parameter(start.location, "state") + std::string(more);
    }

    authmod::result<authmod::login_finish, authmod::failure> finish(std::string const& id, authmod::login_start const& start) {
        return run(engine.finish_login(id, authmod::login_callback(callback(start), start.attempt)));
    }

    authmod::result<authmod::login_finish, authmod::failure> log_in(std::string const& id) { return finish(id, begin(id)); }

    /// The newest rows first.
    std::vector<authmod::audit_row> audit() { return run(parts.data.list_audit(authmod::audit_filter())).value(); }

    authmod::recorded_transport transport;
    bag parts;
    authmod::login_engine engine;
    authmod::change_author by{"admin-token", "192.0.2.1"};
};

} // namespace authmod_test
