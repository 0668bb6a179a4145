// SPDX-License-Identifier: BSL-1.0
#include "service.hpp"

#include "parts.hpp"

#include "authmod/module/login_engine.hpp"
#include "authmod/module/policies.hpp"
#include "authmod/module/seal_renewal.hpp"
#include "authmod/provider/all.hpp"
#include "authmod/server/admin_handlers.hpp"
#include "authmod/server/admin_pages.hpp"
#include "authmod/server/http_server.hpp"
#include "authmod/server/log.hpp"
#include "authmod/server/login_handlers.hpp"
#include "authmod/server/metrics_registry.hpp"
#include "authmod/server/scim_handlers.hpp"
#include "authmod/server/token_handlers.hpp"
#include "authmod/storage/memory_store.hpp"
#include "authmod/storage/postgres_store.hpp"
#include "authmod/storage/sqlite_store.hpp"
#include "authmod/transport/beast_transport.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <memory>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace login_server {

namespace {

namespace asio = boost::asio;
using authmod::result;
using tcp = asio::ip::tcp;

/// One event a line; the pattern of the logger adds time and level.
class spdlog_log final : public authmod::service_log {
public:
    void open(std::string_view format) {
        json_ = format == "json";
        auto logger = spdlog::stderr_logger_mt("login_server");
        logger->set_pattern(json_ ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                  : "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v",
                            spdlog::pattern_time_type::utc);
        spdlog::set_default_logger(std::move(logger));
    }

    void write(authmod::log_level level, authmod::log_event const& event) noexcept override {
        constexpr spdlog::level::level_enum levels[] = {spdlog::level::info, spdlog::level::warn, spdlog::level::err};
        spdlog::log(levels[static_cast<std::size_t>(level)], "{}", json_ ? event.to_json_members() : event.to_logfmt());
    }

private:
    bool json_ = false;
};

using authmod::log_event;
using authmod::log_level;

/// REST and pages of administrators are theirs, the token endpoint is for services, SCIM for identity providers,
/// metrics for whoever watches, everything else for people.
class site final : public authmod::request_handler {
public:
    void mount(authmod::request_handler& people, authmod::request_handler& administrators,
               authmod::request_handler& pages, authmod::request_handler& services, authmod::request_handler& metrics,
               authmod::request_handler& provisioners) {
        people_ = &people;
        administrators_ = &administrators;
        pages_ = &pages;
        services_ = &services;
        metrics_ = &metrics;
        provisioners_ = &provisioners;
    }

    asio::awaitable<authmod::outgoing_reply> handle(authmod::incoming_request const& request) override {
        auto* chosen = people_;
        if (authmod::admin_pages::serves(request)) chosen = pages_;
        if (authmod::admin_handlers::serves(request)) chosen = administrators_;
        if (authmod::token_handlers::serves(request)) chosen = services_;
        if (authmod::metrics_handler::serves(request)) chosen = metrics_;
        if (authmod::scim_handlers::serves(request)) chosen = provisioners_;
        return chosen->handle(request);
    }

private:
    authmod::request_handler* people_ = nullptr;
    authmod::request_handler* administrators_ = nullptr;
    authmod::request_handler* pages_ = nullptr;
    authmod::request_handler* services_ = nullptr;
    authmod::request_handler* metrics_ = nullptr;
    authmod::request_handler* provisioners_ = nullptr;
};

template <class Store>
using bag = authmod::policies<authmod::beast_transport, Store, authmod::system_clock, authmod::os_random,
                              authmod::key_ring, authmod::metrics_registry>;

/// Seals with the newest key of the key file what an older one has sealed. True: nothing needs an older one any more.
asio::awaitable<bool> renew_seals(authmod::login_engine& engine, authmod::service_log& log, bool const& ending) {
    authmod::seal_renewal renewal(engine);
    result<void> step;
    while (step && !renewal.done() && !ending) step = co_await renewal.step();
    auto const& counts = renewal.counts();
    bool const done = renewal.done() && counts.busy == 0;
    log_event event(done ? "seals_renewed" : "seal_renewal_unfinished");
    event.add("renewed", std::to_string(counts.renewed)).add("busy", std::to_string(counts.busy));
    event.add("lost", std::to_string(counts.lost));
    if (!step) event.add("error", authmod::to_word(step.error()));
    if (counts.lost != 0) event.add("cure", authmod::cure(authmod::errc::seal_broken));
    log.write(done && counts.lost == 0 ? log_level::info : log_level::warning, event);
    co_return done;
}

/// Removes what is over, once a minute; at the start, and until it has succeeded, renews seals.
asio::awaitable<void> keep_house(authmod::login_engine& engine, authmod::service_log& log, asio::steady_timer& timer,
                                 bool const& ending) {
    for (bool renewed = false; !ending;) {
        if (!renewed) renewed = co_await renew_seals(engine, log, ending);
        if (ending) co_return;
        boost::system::error_code ignored;
        timer.expires_after(std::chrono::minutes(1));
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        for (long long removed = 1000; removed >= 1000 && !ending;) {
            auto const now = engine.parts().time->now();
            auto swept = co_await engine.parts().data->sweep(now, engine.options().sessions);
            log_event failed("sweep_failed");
            if (!swept) log.write(log_level::warning, failed.add("reason", authmod::to_word(swept.error())));
            removed = swept ? *swept : 0;
        }
    }
}

/// Puts into force what other nodes change in the settings: at once when the store tells, within half a second if not.
asio::awaitable<void> follow(authmod::login_engine& engine, authmod::service_log& log, bool const& ending) {
    bool failing = false;
    long long seen = 0;
    while (!ending) {
        auto version = co_await engine.catalog().follow(seen, authmod::milliseconds(500));
        if (version) seen = *version;
        if (!version && !failing)
            log.write(log_level::warning, log_event("follow_failed").add("error", authmod::to_word(version.error())));
        failing = !version;
        if (!failing) continue;
        asio::steady_timer pause(co_await asio::this_coro::executor, authmod::milliseconds(100));
        co_await pause.async_wait(asio::use_awaitable);
    }
}

/// Reads the modules before anybody is served.
void load_modules(authmod::login_engine& engine) {
    asio::io_context start_up;
    result<void> loaded;
    auto load = [&]() -> asio::awaitable<void> { loaded = co_await engine.catalog().reload(); };
    asio::co_spawn(start_up, load, [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    start_up.run();
    if (!loaded) throw start_error("the store cannot be read: " + loaded.error().message());
}

/// Takes as many descriptors as the system lets this process have, and gives how many of them clients may hold: logins
/// under way, files and idle connections to providers need some too.
std::size_t raise_connection_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return authmod::server_options().max_connections;
    rlimit const most{limit.rlim_max, limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &most) == 0) limit = most;
    constexpr rlim_t enough = 16'000; // open and idle they take some 100 MiB
    return static_cast<std::size_t>(std::min(limit.rlim_cur / 4 * 3, enough));
}

void run(settings const& chosen, authmod::ports parts, spdlog_log& log, authmod::metrics_registry const& metrics) {
    authmod::secret const admin_token = read_admin_token(chosen.admin_token_file);
    unsigned const threads = chosen.threads != 0 ? chosen.threads : std::max(1u, std::thread::hardware_concurrency());

    // Each thread has a context of its own, so no connection needs a strand.
    std::vector<std::unique_ptr<asio::io_context>> contexts;
    std::vector<asio::executor_work_guard<asio::io_context::executor_type>> open;
    for (unsigned i = 0; i < threads; ++i) {
        contexts.push_back(std::make_unique<asio::io_context>(1));
        open.push_back(asio::make_work_guard(*contexts.back()));
    }
    asio::io_context& context = *contexts.front();
    authmod::server_options limits;
    limits.loopback_http = chosen.allow_loopback_http;
    limits.trusted_proxies = read_networks(chosen.trusted_proxies, "--trusted-proxy");
    limits.metrics = parts.metrics;
    limits.max_connections = raise_connection_limit();
    for (auto const& own : contexts) limits.workers.push_back(own.get());
    site whole;
    authmod::http_server server(context, whole, limits);
    auto const wanted = read_address(chosen.listen);
    auto const bound = server.listen(wanted); // nobody is served until the contexts run
    if (!bound) throw start_error("--listen: " + chosen.listen + ": " + bound.error().message());

    authmod::service_options options(check_base_url(chosen.base_url, *bound));
    options.allow_loopback_http = chosen.allow_loopback_http;
    options.sessions.idle = std::chrono::seconds(chosen.session_idle_s);
    options.sessions.absolute = std::chrono::seconds(chosen.session_max_s);
    authmod::login_engine engine(parts, authmod::all_providers(), options);
    load_modules(engine);

    authmod::login_handlers people(engine, log);
    authmod::scim_requests provisioned; // the last of them, for the administrators' page
    authmod::admin_handlers administrators(engine, log, admin_token, &provisioned);
    authmod::admin_pages pages(!admin_token.empty(), chosen.allow_loopback_http);
    authmod::token_handlers services(engine, log);
    authmod::scim_handlers provisioners(engine, log, &provisioned);
    authmod::metrics_handler counts(metrics);
    whole.mount(people, administrators, pages, services, counts, provisioners);

    // The housekeeping and the signals share a thread, so `ending` needs no lock.
    auto const control = context.get_executor();
    bool ending = false;
    asio::steady_timer timer(control);
    asio::co_spawn(control, keep_house(engine, log, timer, ending), asio::detached);
    if (engine.parts().data->is_shared()) asio::co_spawn(control, follow(engine, log, ending), asio::detached);
    asio::steady_timer leaving(control);
    asio::signal_set signals(control, SIGTERM, SIGINT);
    signals.async_wait([&](boost::system::error_code const& error, int signal) {
        if (error) return;
        log.write(log_level::info, log_event("stopping").add("signal", std::to_string(signal)));
        ending = true;
        timer.cancel();
        people.leave();
        leaving.expires_after(authmod::milliseconds(chosen.leave_ms)); // for the proxy in front to see it
        leaving.async_wait([&](boost::system::error_code const&) {
            server.stop();
            open.clear(); // the contexts end with their last connection
        });
        // A second signal ends without waiting.
        std::signal(SIGTERM, SIG_DFL);
        std::signal(SIGINT, SIG_DFL);
    });

    if (admin_token.empty())
        log.write(log_level::warning,
                  log_event("no_admin_token")
                      .add("cure", "only members of authmod-admins administrate; set --admin-token-file"));
    log_event started("started");
    started.add("version", authmod::version).add("base_url", options.base_url);
    started.add("store", chosen.store.substr(0, chosen.store.find(':')));
    log.write(log_level::info, started.add("modules", std::to_string(engine.modules()->all.size())));
    std::cout << "listening on " << url_of(*bound) << std::endl;

    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([own = contexts[i].get()] { own->run(); });
    context.run();
    others.clear(); // joins
    log.write(log_level::info, log_event("ended"));
}

} // namespace

int serve(settings const& chosen) {
    std::signal(SIGPIPE, SIG_IGN);
    spdlog_log log;
    log.open(chosen.log_format);
    try {
        std::string_view const store = chosen.store;
        if (store == "memory:") {
            bag<authmod::memory_store> parts(make_transport(chosen));
            parts.sealer = read_keys(chosen);
            run(chosen, parts.as_ports(), log, parts.metrics);
        } else if (store.starts_with("sqlite:") && store.size() > 7) {
            auto keys = read_keys(chosen); // before a file is made
            bag<authmod::sqlite_store> parts(make_transport(chosen), open_sqlite(chosen.store.substr(7)));
            parts.sealer = std::move(keys);
            run(chosen, parts.as_ports(), log, parts.metrics);
        } else if (store.starts_with("postgresql://") || store.starts_with("postgres://")) {
            auto keys = read_keys(chosen);
            bag<authmod::postgres_store> parts(make_transport(chosen), open_postgres(chosen.store));
            parts.sealer = std::move(keys);
            run(chosen, parts.as_ports(), log, parts.metrics);
        } else {
            throw start_error("--store: \"" + chosen.store + "\" is none of memory:, sqlite:FILE and postgresql://...");
        }
        return 0;
    } catch (std::exception const& why) {
        std::cerr << "login_server: " << why.what() << '\n';
        return 1;
    }
}

} // namespace login_server
