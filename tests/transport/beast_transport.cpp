// SPDX-License-Identifier: BSL-1.0
#include "authmod/transport/beast_transport.hpp"

#include <boost/test/unit_test.hpp>

#include "support/tls_server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <dlfcn.h>
#include <map>
#include <netdb.h>
#include <random>

using namespace authmod;
using namespace authmod_test;
using namespace std::string_view_literals;

namespace {

/// What names of the domain `.test` resolve to. Each look-up takes the next list; the last one stays.
class fake_names {
public:
    void set(std::string const& name, std::vector<std::vector<std::string>> answers) {
        std::lock_guard lock(mutex_);
        answers_[name] = std::move(answers);
        look_ups_[name] = 0;
    }

    int look_ups(std::string const& name) {
        std::lock_guard lock(mutex_);
        return look_ups_[name];
    }

    std::optional<std::vector<std::string>> take(std::string const& name) {
        std::lock_guard lock(mutex_);
        auto const found = answers_.find(name);
        if (found == answers_.end()) return std::nullopt;
        auto const n = static_cast<std::size_t>(look_ups_[name]++);
        return found->second[std::min(n, found->second.size() - 1)];
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::vector<std::vector<std::string>>> answers_;
    std::map<std::string, int> look_ups_;
};

fake_names names;

/// Holds up the look-ups of `waits.test` while one of these lives.
class held_name {
public:
    held_name() { mutex.lock(); }

    ~held_name() { mutex.unlock(); }

    held_name(held_name const&) = delete;
    held_name& operator=(held_name const&) = delete;

    inline static std::mutex mutex;
};

} // namespace

// Takes the place of the system's function in this program.
extern "C" int getaddrinfo(char const* node, char const* service, addrinfo const* hints, addrinfo** out) {
    using function = int (*)(char const*, char const*, addrinfo const*, addrinfo**);
    static auto const real = reinterpret_cast<function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    std::string const name = node != nullptr ? node : "";
    if (name == "hangs.test") {
        std::this_thread::sleep_for(900ms);
        return EAI_AGAIN;
    }
    if (name == "waits.test") {
        std::lock_guard const wait(held_name::mutex);
        return EAI_AGAIN;
    }
    if (!name.ends_with(".test")) return real(node, service, hints, out);
    auto const addresses = names.take(name);
    if (!addresses) return EAI_NONAME;
    *out = nullptr;
    for (auto const& a : *addresses) {
        if (int const bad = real(a.c_str(), service, hints, out); bad != 0) return bad;
        if (addrinfo* last = *out) {
            while (last->ai_next != nullptr) last = last->ai_next;
            out = &last->ai_next;
        }
    }
    return 0;
}

namespace {

authority const& ca() {
    static authority const one;
    return one;
}

identity const& good() {
    static identity const one = ca().issue("DNS:localhost,IP:127.0.0.1,DNS:*.p.test");
    return one;
}

server_options secure(identity const& who = good()) {
    server_options out;
    out.who = who;
    return out;
}

transport_options trusting() {
    transport_options out;
    out.ca_file = ca().file();
    return out;
}

timeouts limits(long connect, long read, long total = 0) {
    return timeouts{milliseconds(connect), milliseconds(read), milliseconds(total)};
}

http_request get(std::string_view url) { return http_request("GET", url); }

http_request code_post(std::string_view url) {
    http_request out("POST", url);
    out.body = "grant_type=authorization_code&code=c1";
    out.single_use = true;
    return out;
}

/// A transport with an execution context.
struct client {
    asio::io_context io;
    beast_transport transport;
    std::chrono::milliseconds took{};

    explicit client(transport_options options = trusting()) : transport(std::move(options)) {}

    result<http_response> send(http_request const& request, timeouts limit = timeouts{}) {
        std::optional<result<http_response>> got;
        auto const start = std::chrono::steady_clock::now();
        asio::co_spawn(io, transport.send(request, limit), [&](std::exception_ptr e, result<http_response> r) {
            BOOST_TEST(!e);
            got.emplace(std::move(r));
        });
        io.restart();
        while (!got && io.run_one() != 0) {
        }
        took = std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
        BOOST_REQUIRE(got.has_value());
        return std::move(*got);
    }

    errc error(http_request const& request, timeouts limit = timeouts{}) {
        auto const got = send(request, limit);
        BOOST_REQUIRE(!got);
        BOOST_REQUIRE((got.error().category() == category()));
        return static_cast<errc>(got.error().value());
    }
};

/// Waits until `condition` holds, for things that happen in the server's threads.
template <class Condition>
bool soon(Condition condition) {
    for (int i = 0; i != 400; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

std::size_t open_descriptors() {
    std::size_t n = 0;
    for ([[maybe_unused]] auto const& e : std::filesystem::directory_iterator("/proc/self/fd")) ++n;
    return n;
}

#define CHECK_ERRC(actual, expected) BOOST_TEST(to_word(actual) == to_word(expected))

} // namespace

BOOST_AUTO_TEST_SUITE(transport_beast_transport)

BOOST_AUTO_TEST_SUITE(exchange)

BOOST_AUTO_TEST_CASE(a_request_goes_out_as_it_should_and_its_answer_comes_back) {
    std::string seen;
    tls_server server(secure(), answering([&](std::string const& request) {
                          seen = request;
                          return "HTTP/1.1 201 Created\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nok";
                      }));
    client c;
    http_request request("POST", server.url("/a/b?c=d"));
    request.set("Accept", "application/json");
    request.body = "x=1&y=2";
    auto const got = c.send(request);
    BOOST_REQUIRE(got);
    BOOST_TEST(got->status == 201);
    BOOST_TEST(got->body == "ok");
    BOOST_TEST(got->header("X-A") == "1");
    BOOST_TEST(got->headers.size() == 3u);
    BOOST_TEST(seen == "POST /a/b?c=d HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
                           "\r\nUser-Agent: authmod/" + version +
                           "\r\nAccept-Encoding: identity\r\nConnection: keep-alive\r\nAccept: application/json\r\n"
                           "Content-Length: 7\r\n\r\nx=1&y=2");
}

BOOST_AUTO_TEST_CASE(a_get_has_no_body_and_an_empty_path_is_a_slash) {
    std::string seen;
    tls_server server(secure(), answering([&](std::string const& request) {
                          seen = request;
                          return ok("");
                      }));
    client c;
    BOOST_TEST(c.send(get(server.url(""))).has_value());
    BOOST_TEST(seen.starts_with("GET / HTTP/1.1\r\n"));
    BOOST_TEST(seen.find("Content-Length") == seen.npos);
    BOOST_TEST(c.send(get(server.url("?q=1"))).has_value());
    BOOST_TEST(seen.starts_with("GET /?q=1 HTTP/1.1\r\n"));
    http_request post("POST", server.url());
    BOOST_TEST(c.send(post).has_value());
    BOOST_TEST(seen.find("Content-Length: 0\r\n") != seen.npos);
}

BOOST_AUTO_TEST_CASE(requests_may_be_temporaries) { // g++ 12 destroys some of those twice: run it with a sanitizer
    tls_server server(secure(), answering([](std::string const& request) { return ok(request.substr(0, 6)); }));
    client c;
    auto twice = [&]() -> asio::awaitable<void> {
        auto const first = co_await c.transport.send(http_request("GET", server.url("/a")), timeouts{});
        BOOST_TEST(first.value().body == "GET /a");
        auto const second = co_await c.transport.send(get(server.url("/b")), limits(5000, 5000));
        BOOST_TEST(second.value().body == "GET /b");
    };
    bool ended = false;
    asio::co_spawn(c.io, twice(), [&](std::exception_ptr e) { ended = !e; });
    c.io.run();
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(large_bodies_go_both_ways) {
    tls_server server(secure(), answering([&](std::string const& request) {
                          return ok(std::string_view(request).substr(request.find("\r\n\r\n") + 4));
                      }));
    client c;
    http_request post("POST", server.url());
    for (std::size_t i = 0; i != 900'000; ++i) post.body.push_back(static_cast<char>(i * 7));
    auto const got = c.send(post);
    BOOST_REQUIRE(got);
    BOOST_TEST((got->body == post.body));
}

BOOST_AUTO_TEST_CASE(a_header_that_would_become_two_is_not_sent) {
    tls_server server(secure(), answering([](std::string const&) { return ok(""); }));
    client c;
    for (auto value : {"a\r\nX: y"sv, "a\nb"sv, "a\rb"sv, "a\0b"sv}) {
        auto request = get(server.url());
        request.set("Authorization", value);
        CHECK_ERRC(c.error(request), errc::response_malformed);
        auto named = get(server.url());
        named.set(value, "x");
        CHECK_ERRC(c.error(named), errc::response_malformed);
    }
    for (std::string_view method : {"", "GET /x", "get", "G\r\n"})
        CHECK_ERRC(c.error(http_request(method, server.url())), errc::response_malformed);
    BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(C3_a_redirect_is_an_answer_like_any_other) {
    tls_server other(secure(), answering([](std::string const&) { return ok("followed"); }));
    for (int status : {301, 302, 303, 307, 308}) {
        tls_server server(secure(), answering([&](std::string const&) {
                              return "HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\nLocation: " + other.url() +
                                     "\r\nContent-Length: 0\r\n\r\n";
                          }));
        client c;
        auto const got = c.send(get(server.url()));
        BOOST_REQUIRE(got);
        BOOST_TEST(got->status == status);
        BOOST_TEST(got->header("location") == other.url());
        BOOST_TEST(server.connections() == 1);
    }
    BOOST_TEST(other.connections() == 0);
}

BOOST_AUTO_TEST_CASE(answers_without_a_body_keep_the_connection) {
    tls_server server(secure(), answering([](std::string const& r) -> std::string {
                          if (r.starts_with("HEAD")) return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
                          return r.find("/304") != r.npos ? "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"
                                                          : "HTTP/1.1 204 No Content\r\n\r\n";
                      }));
    client c;
    for (std::string_view path : {"/204", "/304", "/204"}) {
        auto const got = c.send(get(server.url(path)));
        BOOST_REQUIRE(got);
        BOOST_TEST(got->body == "");
    }
    auto const head = c.send(http_request("HEAD", server.url()));
    BOOST_REQUIRE(head);
    BOOST_TEST(head->header("Content-Length") == "5");
    BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(J1_a_certificate_that_proves_nothing_gets_no_byte_of_http) {
    authority const stranger;
    certificate_text text;
    text.alternative_names = "DNS:localhost,IP:127.0.0.1";
    auto const self_signed = make_identity(text);
    text.until = -60s;
    text.from = -3600s;
    auto const expired = ca().issue(text);
    text.from = 3600s;
    text.until = 7200s;
    auto const early = ca().issue(text);
    certificate_text only_common_name;
    only_common_name.common_name = "localhost";
    auto const no_names = ca().issue(only_common_name);
    auto const intermediate_is_no_authority = make_identity(
        [] {
            certificate_text t;
            t.alternative_names = "DNS:localhost";
            return t;
        }(),
        &good());

    struct row {
        std::string_view what;
        identity who;
        int newest_tls = TLS1_3_VERSION;
        std::string_view host = "localhost";
    };

    std::vector<row> const rows = {
        {"expired", expired},
        {"not yet valid", early},
        {"self-signed", self_signed},
        {"unknown authority", stranger.issue("DNS:localhost")},
        {"signed by a certificate that is no authority", intermediate_is_no_authority},
        {"another host", ca().issue("DNS:other.example")},
        {"a longer host", ca().issue("DNS:localhost.example")},
        {"a common name only", no_names},
        {"a wildcard for all", ca().issue("DNS:*")},
        {"a part of a wildcard", ca().issue("DNS:local*")},
        {"a name where an address is asked for", ca().issue("DNS:127.0.0.1"), TLS1_3_VERSION, "127.0.0.1"},
        {"another address", ca().issue("DNS:localhost,IP:127.0.0.2"), TLS1_3_VERSION, "127.0.0.1"},
        {"TLS 1.0", good(), TLS1_VERSION},
        {"TLS 1.1", good(), TLS1_1_VERSION},
    };
    for (auto const& r : rows)
        for (int newest : {TLS1_3_VERSION, TLS1_2_VERSION}) {
            auto options = secure(r.who);
            options.newest_tls = std::min(newest, r.newest_tls);
            tls_server server(options, answering([](std::string const&) { return ok("{}"); }));
            client c;
            BOOST_TEST_CONTEXT(r.what << ", TLS " << std::hex << options.newest_tls) {
                CHECK_ERRC(c.error(code_post(server.url("/", r.host))), errc::tls_failed);
                BOOST_TEST(soon([&] { return server.ended() == server.connections(); }));
                BOOST_TEST(server.connections() == 1);
                BOOST_TEST(server.http_bytes() == 0u);
            }
        }
}

BOOST_AUTO_TEST_CASE(J1_good_certificates_are_taken) {
    struct row {
        identity who;
        int newest_tls;
        std::string_view host;
    };

    names.set("a.p.test", {{"127.0.0.1"}});
    for (auto const& r : std::vector<row>{{good(), TLS1_3_VERSION, "localhost"},
                                          {good(), TLS1_2_VERSION, "localhost"},
                                          {good(), TLS1_3_VERSION, "LocalHost"},
                                          {good(), TLS1_3_VERSION, "127.0.0.1"},
                                          {good(), TLS1_3_VERSION, "a.p.test"}}) {
        auto options = secure(r.who);
        options.newest_tls = r.newest_tls;
        tls_server server(options, answering([](std::string const&) { return ok("{}"); }));
        client c;
        BOOST_TEST_CONTEXT(r.host) BOOST_TEST(c.send(get(server.url("/", r.host))).has_value());
    }
}

BOOST_AUTO_TEST_CASE(J1_the_host_name_is_announced_but_never_an_address) {
    std::mutex mutex;
    std::string announced;
    auto note = [&](peer& p) {
        auto const* name = p.server_name();
        std::lock_guard lock(mutex);
        announced = name ? name : "none";
    };
    tls_server server(secure(), [&](peer& p) {
        note(p);
        while (p.read_request()) p.write(ok(""));
    });
    client c;
    BOOST_TEST(c.send(get(server.url("/", "localhost"))).has_value());
    BOOST_TEST(announced == "localhost");
    BOOST_TEST(c.send(get(server.url("/", "127.0.0.1"))).has_value());
    BOOST_TEST(announced == "none");
}

BOOST_AUTO_TEST_CASE(J1_without_a_ca_file_the_systems_authorities_count) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    client c{transport_options()};
    CHECK_ERRC(c.error(get(server.url())), errc::tls_failed);
    BOOST_TEST(soon([&] { return server.ended() == 1; }));
    BOOST_TEST(server.http_bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(J1_plain_http_needs_the_flag) {
    server_options plain;
    tls_server server(plain, answering([](std::string const&) { return ok("{}"); }));
    client strict;
    CHECK_ERRC(strict.error(get(server.url())), errc::address_refused);
    BOOST_TEST(server.connections() == 0);

    auto options = trusting();
    options.allow_loopback_http = true;
    client lenient(options);
    for (std::string_view host : {"localhost", "127.0.0.1"})
        for (int i = 0; i != 3; ++i) BOOST_TEST(lenient.send(get(server.url("/", host))).value().body == "{}");
    BOOST_TEST(server.connections() == 2);
    CHECK_ERRC(lenient.error(get("http://a.p.test:" + std::to_string(server.port()))), errc::address_refused);
}

BOOST_AUTO_TEST_CASE(a_server_that_speaks_no_tls_is_told_from_one_that_hangs_up) {
    server_options plain;
    tls_server text(plain, [](peer& p) {
        p.write("HTTP/1.1 400 Bad Request\r\n\r\n");
        p.hang();
    });
    tls_server silent(plain, [](peer& p) { p.drop(); });
    client c;
    CHECK_ERRC(c.error(get("https://localhost:" + std::to_string(text.port()))), errc::tls_failed);
    CHECK_ERRC(c.error(get("https://localhost:" + std::to_string(silent.port()))), errc::provider_unreachable);
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_cannot_be_read_is_told_at_once) {
    transport_options options;
    options.ca_file = "/nonexistent/ca.pem";
    BOOST_CHECK_THROW(beast_transport{options}, boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(sessions_are_resumed) {
    for (int newest : {TLS1_3_VERSION, TLS1_2_VERSION}) {
        auto options = secure();
        options.newest_tls = newest;
        tls_server server(options, [](peer& p) {
            if (p.read_request()) p.write(ok("{}", "Connection: close\r\n"));
            p.finish();
        });
        client c;
        for (int i = 0; i != 5; ++i) BOOST_TEST(c.send(get(server.url())).has_value());
        BOOST_TEST(server.handshakes() == 5);
        BOOST_TEST(server.resumed() == 4);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(keep_alive)

BOOST_AUTO_TEST_CASE(steady_state_needs_no_handshake) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    client c;
    for (int i = 0; i != 50; ++i)
        BOOST_TEST(c.send(i % 3 == 0 ? code_post(server.url()) : get(server.url())).has_value());
    BOOST_TEST(server.handshakes() == 1);
}

BOOST_AUTO_TEST_CASE(parallel_requests_share_the_connections_of_the_round_before) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    client c;
    auto const request = get(server.url());
    for (int round = 0; round != 20; ++round) {
        int good_ones = 0;
        for (int i = 0; i != 5; ++i)
            asio::co_spawn(c.io, c.transport.send(request, timeouts{}),
                           [&](std::exception_ptr, result<http_response> r) { good_ones += r.has_value(); });
        c.io.restart();
        c.io.run();
        BOOST_TEST(good_ones == 5);
    }
    BOOST_TEST(server.handshakes() == 5);
}

BOOST_AUTO_TEST_CASE(what_the_peer_says_ends_a_connection) {
    struct row {
        std::string_view what, answer;
    };

    for (auto const& r :
         {row{"asks to close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"},
          row{"speaks HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"},
          row{"sends more than the answer", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n"}}) {
        tls_server server(secure(), answering([&](std::string const&) { return std::string(r.answer); }));
        client c;
        BOOST_TEST_CONTEXT(r.what) {
            BOOST_TEST(c.send(get(server.url())).value().body == "{}");
            BOOST_TEST(c.send(get(server.url())).value().body == "{}");
            BOOST_TEST(server.connections() == 2);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_asked_for_is_not_taken_for_the_next_one) {
    std::atomic<int> served{0};
    tls_server server(secure(), [&](peer& p) {
        while (p.read_request()) {
            p.write(ok("asked"));
            if (served++ == 0) {
                p.wait(20ms);
                p.write(ok("planted"));
            }
        }
    });
    client c;
    BOOST_TEST(c.send(get(server.url())).value().body == "asked");
    std::this_thread::sleep_for(60ms);
    BOOST_TEST(c.send(get(server.url())).value().body == "asked");
    BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(no_request_is_lost_to_a_close_that_came_5_ms_before) {
    std::mutex mutex;
    std::mt19937 random(7);
    tls_server server(secure(), [&](peer& p) {
        while (p.read_request()) {
            int how, delay, often;
            {
                std::lock_guard lock(mutex);
                how = static_cast<int>(random() % 3);
                delay = static_cast<int>(random() % 4);
                often = static_cast<int>(random() % 3);
            }
            p.write(ok("{}"));
            if (often == 0) continue;
            std::this_thread::sleep_for(std::chrono::milliseconds(delay));
            if (how == 0) return p.finish();
            if (how == 1) return p.drop();
            return p.reset();
        }
    });
    client c;
    int lost = 0;
    for (int i = 0; i != 150; ++i) {
        lost += !c.send(i % 2 == 0 ? code_post(server.url()) : get(server.url()));
        std::this_thread::sleep_for(13ms);
    }
    BOOST_TEST(lost == 0);
    BOOST_TEST(server.connections() < 130);
    BOOST_TEST(server.connections() > 70);
}

BOOST_AUTO_TEST_CASE(C2_a_code_is_sent_once_even_when_a_kept_connection_breaks) {
    for (bool post : {true, false})
        for (bool single_use : {true, false}) {
            std::atomic<int> seen{0};
            tls_server server(secure(), [&](peer& p) {
                while (p.read_request()) {
                    if (++seen == 2) return p.drop(); // read and not answered
                    p.write(ok("{}"));
                }
            });
            client c;
            BOOST_TEST(c.send(get(server.url())).has_value());
            http_request request(post ? "POST" : "GET", server.url());
            request.single_use = single_use;
            auto const got = c.send(request);
            BOOST_TEST_CONTEXT((post ? "POST" : "GET") << (single_use ? " once" : "")) {
                if (!post && !single_use) {
                    BOOST_TEST(got.has_value());
                    BOOST_TEST(seen == 3);
                } else {
                    BOOST_REQUIRE(!got);
                    CHECK_ERRC(got.error(), errc::no_response);
                    BOOST_TEST(seen == 2);
                }
            }
        }
}

BOOST_AUTO_TEST_CASE(C2_nothing_is_repeated_on_a_fresh_connection_or_after_a_first_byte_or_twice) {
    std::atomic<int> seen{0};
    tls_server drops(secure(), [&](peer& p) {
        if (p.read_request()) ++seen;
        p.drop();
    });
    client c;
    CHECK_ERRC(c.error(get(drops.url())), errc::no_response);
    BOOST_TEST(seen == 1);

    seen = 0;
    tls_server cuts(secure(), [&](peer& p) {
        while (p.read_request()) {
            if (++seen == 1) {
                p.write(ok("{}"));
            } else {
                p.write("H");
                return p.drop();
            }
        }
    });
    BOOST_TEST(c.send(get(cuts.url())).has_value());
    CHECK_ERRC(c.error(get(cuts.url())), errc::response_cut);
    BOOST_TEST(seen == 2);

    seen = 0;
    tls_server dies(secure(), [&](peer& p) {
        while (p.read_request()) {
            if (++seen != 1) return p.drop();
            p.write(ok("{}"));
        }
    });
    BOOST_TEST(c.send(get(dies.url())).has_value());
    CHECK_ERRC(c.error(get(dies.url())), errc::no_response);
    BOOST_TEST(seen == 3); // the first, the second, the second once more
}

BOOST_AUTO_TEST_CASE(C2_a_code_takes_a_young_connection_only) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    client c;
    BOOST_TEST(c.send(get(server.url())).has_value());
    std::this_thread::sleep_for(1050ms);
    BOOST_TEST(c.send(code_post(server.url())).has_value());
    BOOST_TEST(server.connections() == 2);
    BOOST_TEST(server.resumed() == 1);
    BOOST_TEST(c.send(code_post(server.url())).has_value());
    BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(deadlines)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long grace = 1000; // ms; sanitizers slow everything down
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr long grace = 1000;
#else
constexpr long grace = 250;
#endif
#else
constexpr long grace = 250; // security rule K1
#endif

void check_time(client const& c, long least, long most) {
    BOOST_TEST(c.took.count() >= least - 20);
    BOOST_TEST(c.took.count() <= most + grace);
}

BOOST_AUTO_TEST_CASE(K1_a_black_hole_costs_the_connect_limit) {
    black_hole const hole;
    client c;
    CHECK_ERRC(c.error(get("https://127.0.0.1:" + std::to_string(hole.port())), limits(300, 5000)), errc::timed_out);
    check_time(c, 300, 300);
    CHECK_ERRC(c.error(get("https://127.0.0.1:" + std::to_string(hole.port())), limits(0, 0, 200)), errc::timed_out);
    check_time(c, 200, 200);
}

BOOST_AUTO_TEST_CASE(K1_a_handshake_without_end_costs_the_connect_limit) {
    server_options plain;
    tls_server server(plain, [](peer& p) { p.hang(); });
    client c;
    auto const url = "https://localhost:" + std::to_string(server.port());
    CHECK_ERRC(c.error(get(url), limits(300, 5000)), errc::timed_out);
    check_time(c, 300, 300);
    CHECK_ERRC(c.error(get(url), limits(5000, 5000, 250)), errc::timed_out);
    check_time(c, 250, 250);
}

BOOST_AUTO_TEST_CASE(K1_a_name_server_that_hangs_costs_the_connect_limit) {
    client c;
    CHECK_ERRC(c.error(get("https://hangs.test/"), limits(300, 5000)), errc::timed_out);
    check_time(c, 300, 300);
}

BOOST_AUTO_TEST_CASE(K1_silence_costs_the_read_limit) {
    tls_server server(secure(), [](peer& p) {
        (void)p.read_request();
        p.hang();
    });
    client c;
    CHECK_ERRC(c.error(get(server.url()), limits(5000, 300)), errc::timed_out);
    check_time(c, 300, 300);
    CHECK_ERRC(c.error(get(server.url()), limits(5000, 5000, 300)), errc::timed_out);
    check_time(c, 300, 300);
}

BOOST_AUTO_TEST_CASE(K1_a_peer_that_does_not_read_costs_the_read_limit) {
    tls_server server(secure(), [](peer& p) { p.hang(); });
    client c;
    http_request post("POST", server.url());
    post.body.assign(8 * 1024 * 1024, 'x'); // more than all the buffers between
    CHECK_ERRC(c.error(post, limits(5000, 300)), errc::timed_out);
    check_time(c, 300, 300);
}

BOOST_AUTO_TEST_CASE(K1_one_byte_at_a_time_costs_the_read_limit) {
    struct row {
        std::string_view what, at_once, drop;
    };

    for (auto const& r :
         {row{"header", "", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"},
          row{"body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
          row{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
              "1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n"}}) {
        tls_server server(secure(), [&](peer& p) {
            if (!p.read_request()) return;
            p.write(r.at_once);
            for (char b : r.drop)
                if (!p.write(std::string_view(&b, 1)) || !p.wait(100ms)) return;
        });
        client c;
        BOOST_TEST_CONTEXT(r.what) {
            CHECK_ERRC(c.error(get(server.url()), limits(5000, 500)), errc::timed_out);
            check_time(c, 500, 500);
        }
    }
}

BOOST_AUTO_TEST_CASE(K1_each_limit_holds_for_its_own_part) {
    tls_server server(secure(), [](peer& p) {
        while (p.read_request()) {
            p.wait(250ms);
            p.write(ok("{}"));
        }
    });
    client c;
    BOOST_TEST(c.send(get(server.url()), limits(200, 5000)).has_value()); // fresh: connecting is quick
    BOOST_TEST(c.send(get(server.url()), limits(1, 5000)).has_value());   // kept: nothing to connect
    BOOST_TEST(c.send(get(server.url()), limits(0, 0)).has_value());      // no limit
    CHECK_ERRC(c.error(get(server.url()), limits(0, 0, -1)), errc::timed_out);
    BOOST_TEST(c.took.count() < 100);
    BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(K1_a_timed_out_connection_is_not_used_again) {
    std::atomic<int> seen{0};
    tls_server server(secure(), [&](peer& p) {
        while (p.read_request()) {
            if (++seen == 2) p.wait(400ms);
            p.write(ok(std::to_string(seen)));
        }
    });
    client c;
    BOOST_TEST(c.send(get(server.url())).value().body == "1");
    CHECK_ERRC(c.error(get(server.url()), limits(5000, 200)), errc::timed_out);
    BOOST_TEST(c.send(get(server.url())).value().body == "3");
    BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(every_address_gets_its_share_of_the_time) {
    black_hole const hole;
    auto options = secure();
    options.address = "127.0.0.2";
    options.port = hole.port();
    tls_server server(options, answering([](std::string const&) { return ok("{}"); }));
    names.set("first-is-dead.p.test", {{"127.0.0.1", "127.0.0.2"}});
    client c;
    auto const url = "https://first-is-dead.p.test:" + std::to_string(hole.port());
    BOOST_TEST(c.send(get(url), limits(800, 5000)).has_value());
    check_time(c, 400, 400);
}

BOOST_AUTO_TEST_CASE(K3_a_name_that_hangs_delays_no_other) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    names.set("quick.p.test", {{"127.0.0.1"}});
    client c;
    int ended = 0;
    auto const hanging = get("https://waits.test/");
    {
        held_name const held;
        for (int i = 0; i != 64; ++i)
            asio::co_spawn(c.io, c.transport.send(hanging, timeouts{}),
                           [&](std::exception_ptr, result<http_response> const& r) {
                               CHECK_ERRC(r.error(), errc::provider_unreachable);
                               ++ended;
                           });
        BOOST_TEST(c.send(get("https://quick.p.test:" + std::to_string(server.port()))).has_value());
        BOOST_TEST(ended == 0);
    }
    while (ended != 64 && c.io.run_one() != 0) {
    }
    BOOST_TEST(ended == 64);
}

BOOST_AUTO_TEST_CASE(K3_an_origin_that_hangs_takes_its_own_places_and_no_others) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    black_hole const hole;
    auto options = trusting();
    options.places.each = 8;
    client c(std::move(options));
    std::vector<errc> ended;
    auto const hanging = get("https://127.0.0.1:" + std::to_string(hole.port()));
    for (int i = 0; i != 20; ++i)
        asio::co_spawn(c.io, c.transport.send(hanging, limits(2000, 2000)),
                       [&](std::exception_ptr, result<http_response> const& r) {
                           ended.push_back(static_cast<errc>(r.error().value()));
                       });
    while (ended.size() != 12 && c.io.run_one() != 0) {
    }
    BOOST_TEST(std::ranges::count(ended, errc::provider_unreachable) == 12); // at once, and not one of the 8 that wait
    BOOST_TEST(c.send(get(server.url())).has_value());
    while (ended.size() != 20 && c.io.run_one() != 0) {
    }
    BOOST_TEST(std::ranges::count(ended, errc::timed_out) == 8);
    CHECK_ERRC(c.error(hanging, limits(100, 100)), errc::timed_out); // the places are free again
}

BOOST_AUTO_TEST_CASE(K3_an_origin_that_lets_several_wait_in_vain_is_left_alone_until_it_answers) {
    std::atomic<bool> well{false};
    auto const serve = [&](peer& p) {
        while (p.read_request()) {
            if (!well) return p.hang();
            p.write(ok("{}"));
        }
    };
    tls_server server(secure(), serve), other(secure(), answering([](std::string const&) { return ok("{}"); }));
    auto options = trusting();
    options.circuit.in_a_row = 3;
    options.circuit.wait = std::chrono::milliseconds(50);
    options.circuit.pause = options.circuit.memory = std::chrono::hours(1);
    client left_alone(options);
    for (int i = 0; i != 3; ++i) CHECK_ERRC(left_alone.error(get(server.url()), limits(5000, 100)), errc::timed_out);
    CHECK_ERRC(left_alone.error(get(server.url()), limits(5000, 100)), errc::timed_out); // one tries whether it answers
    BOOST_TEST(server.connections() == 4);
    for (int i = 0; i != 20; ++i) CHECK_ERRC(left_alone.error(get(server.url()), limits(5000, 100)), errc::timed_out);
    BOOST_TEST(server.connections() == 4);
    BOOST_TEST(left_alone.send(get(other.url())).has_value());

    options.circuit.pause = std::chrono::milliseconds(1);
    client again(options);
    for (int i = 0; i != 3; ++i) CHECK_ERRC(again.error(get(server.url()), limits(5000, 100)), errc::timed_out);
    well = true;
    while (!again.send(get(server.url())).has_value()) std::this_thread::yield();
    for (int i = 0; i != 20; ++i) BOOST_TEST(again.send(get(server.url())).has_value());
}

BOOST_AUTO_TEST_CASE(K3_an_origin_that_answers_nobody_gets_few_connections_and_the_others_wait_for_their_turn) {
    std::atomic<bool> well{false};
    tls_server server(secure(), [&](peer& p) {
        while (p.read_request()) {
            if (!well) return p.hang();
            p.write(ok("{}"));
        }
    });
    auto options = trusting();
    options.places.while_quiet = 2;
    options.places.quiet = std::chrono::milliseconds(50);
    client c(options);
    auto const request = get(server.url());
    int in_vain = 0, answered = 0;
    std::size_t connections = 0;
    auto ask = [&](int times, timeouts limit) {
        for (int i = 0; i != times; ++i)
            asio::co_spawn(c.io, c.transport.send(request, limit),
                           [&](std::exception_ptr, result<http_response> const& got) {
                               if (!connections) connections = static_cast<std::size_t>(server.connections());
                               well = true;
                               ++(got ? answered : in_vain);
                           });
    };
    ask(2, limits(5000, 1000));
    c.io.run_for(300ms);
    ask(5, limits(5000, 5000));
    c.io.restart();
    while (in_vain + answered != 7 && c.io.run_one() != 0) {
    }
    BOOST_TEST(connections == 2U); // until the first has waited in vain
    BOOST_TEST(in_vain == 2);
    BOOST_TEST(answered == 5);
}

BOOST_AUTO_TEST_CASE(K1_waiting_for_a_turn_is_part_of_the_connect_limit) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    auto options = trusting();
    options.places.while_quiet = 0;
    options.circuit.in_a_row = 2;
    options.circuit.wait = std::chrono::milliseconds(50);
    options.circuit.pause = std::chrono::hours(1);
    client c(options);
    for (int i = 0; i != 3; ++i) { // the last tries whether it answers again
        CHECK_ERRC(c.error(get(server.url()), limits(300, 5000)), errc::timed_out);
        BOOST_TEST((c.took >= 300ms && c.took < 800ms));
    }
    CHECK_ERRC(c.error(get(server.url()), limits(300, 5000)), errc::timed_out); // it counts as one that hangs
    BOOST_TEST((c.took < 300ms));
    BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(whoever_cancels_gets_an_answer_at_once) {
    tls_server server(secure(), [](peer& p) {
        (void)p.read_request();
        p.hang();
    });
    black_hole const hole;
    auto const in_the_hole = "https://127.0.0.1:" + std::to_string(hole.port());
    std::string const waits_for_its_turn = "https://localhost:" + std::to_string(hole.port());
    for (auto const& url : {server.url(), in_the_hole, std::string("https://hangs.test/"), waits_for_its_turn}) {
        auto options = trusting();
        if (url == waits_for_its_turn) options.places.while_quiet = 0;
        client c(options);
        auto const request = get(url);
        asio::cancellation_signal cancel;
        std::optional<result<http_response>> got;
        asio::co_spawn(c.io, c.transport.send(request, timeouts{}),
                       asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, result<http_response> r) {
                           BOOST_TEST(!e);
                           got.emplace(std::move(r));
                       }));
        asio::steady_timer timer(c.io, 100ms);
        timer.async_wait([&](error_code const&) { cancel.emit(asio::cancellation_type::terminal); });
        auto const start = std::chrono::steady_clock::now();
        while (!got && c.io.run_one() != 0) {
        }
        BOOST_TEST_CONTEXT(url) {
            BOOST_REQUIRE(got.has_value());
            CHECK_ERRC(got->error(), errc::timed_out);
            BOOST_TEST((std::chrono::steady_clock::now() - start < 500ms));
        }
    }
}

BOOST_AUTO_TEST_CASE(K1_limits_and_cancellation_hold_without_a_strand_of_its_own) {
    tls_server server(secure(), [](peer& p) {
        (void)p.read_request();
        p.hang();
    });
    for (bool one_thread : {true, false}) {
        auto options = trusting();
        options.one_thread = one_thread;
        client c(options);
        asio::any_io_executor where = c.io.get_executor();
        if (!one_thread) where = asio::make_strand(c.io); // the caller's
        auto const request = get(server.url());
        result<http_response> late = errc::not_found, cancelled = errc::not_found;
        bool heard = false, throws = false;
        auto calls = [&]() -> asio::awaitable<void> {
            timeouts const little = limits(5000, 200), much;
            late = co_await c.transport.send(request, little);
            throws = co_await asio::this_coro::throw_if_cancelled();
            cancelled = co_await c.transport.send(request, much);
            try {
                co_await asio::post(where, asio::use_awaitable);
            } catch (boost::system::system_error const&) {
                heard = true; // as whoever is cancelled should, also after a call that gave a code instead
            }
        };
        asio::cancellation_signal cancel;
        asio::co_spawn(where, calls, asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr) {}));
        asio::steady_timer timer(c.io, 500ms);
        timer.async_wait([&](error_code const&) {
            asio::post(where, [&] { cancel.emit(asio::cancellation_type::terminal); });
        });
        c.io.run_for(3s);
        BOOST_TEST_CONTEXT(one_thread) {
            CHECK_ERRC(late.error(), errc::timed_out);
            CHECK_ERRC(cancelled.error(), errc::timed_out);
            BOOST_TEST(throws);
            BOOST_TEST(heard);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(answers)

enum class ending { keep, finish, drop, reset };

/// What a transport makes of an answer.
struct outcome {
    std::string word; ///< of the error, or `200 <body>`
    int requests = 0;
};

outcome play(std::string const& answer, ending how, std::size_t max_body = 1024 * 1024) {
    std::atomic<int> requests{0};
    outcome out;
    {
        tls_server server(secure(), [&](peer& p) {
            if (!p.read_request()) return;
            ++requests;
            p.write(answer);
            switch (how) {
            case ending::keep:
                return p.hang();
            case ending::finish:
                return p.finish();
            case ending::drop:
                return p.drop();
            case ending::reset:
                p.wait(20ms);
                return p.reset();
            }
        });
        client c;
        auto request = get(server.url());
        request.max_body = max_body;
        auto const got = c.send(request, limits(5000, 1000));
        out.word = got ? std::to_string(got->status) + " " + got->body : std::string(to_word(got.error()));
    }
    out.requests = requests;
    return out;
}

struct row {
    std::string answer;
    ending how;
    std::string_view expected;
};

void check(std::vector<row> const& rows) {
    for (auto const& r : rows) {
        auto const got = play(r.answer, r.how);
        BOOST_TEST_CONTEXT(r.answer.substr(0, 200) << " / " << static_cast<int>(r.how)) {
            BOOST_TEST(got.word == r.expected);
            BOOST_TEST(got.requests == 1);
        }
    }
}

std::string const head = "HTTP/1.1 200 OK\r\n";

BOOST_AUTO_TEST_CASE(an_answer_that_ends_early_is_told_from_none) {
    using enum ending;
    check({
        {"", finish, "no_response"},
        {"", drop, "no_response"},
        {"", reset, "no_response"},
        {"H", drop, "response_cut"},
        {"H", finish, "response_cut"},
        {head, finish, "response_cut"},
        {head + "Content-Length: 10\r\n\r\n12345", drop, "response_cut"},
        {head + "Content-Length: 10\r\n\r\n12345", finish, "response_cut"},
        {head + "Content-Length: 10\r\n\r\n", reset, "response_cut"},
        {head + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n", finish, "response_cut"},
        {head + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n", drop, "response_cut"},
        {"HTTP/1.1 100 Continue\r\n\r\n", finish, "response_cut"},
        // The end of the connection is the end of the body, if TLS says so.
        {head + "\r\n12345", finish, "200 12345"},
        {head + "\r\n12345", drop, "response_cut"},
        {head + "\r\n12345", reset, "response_cut"},
    });
}

BOOST_AUTO_TEST_CASE(an_answer_with_two_readings_is_refused) {
    using enum ending;
    check({
        {head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", keep, "response_malformed"},
        {head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", keep, "response_malformed"},
        {head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345", keep, "response_malformed"},
        {head + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n12345", keep, "response_malformed"},
        {head + "Content-Length: -1\r\n\r\n", keep, "response_malformed"},
        {head + "Content-Length: +5\r\n\r\n12345", keep, "response_malformed"},
        {head + "Content-Length: 0x5\r\n\r\n12345", keep, "response_malformed"},
        {head + "Content-Length: 5 5\r\n\r\n12345", keep, "response_malformed"},
        {head + "Content-Length: 5, 5\r\n\r\n12345", keep, "response_malformed"},
        {head + "Content-Length: \r\n\r\n", keep, "response_malformed"},
        {head + "Content-Length: 99999999999999999999999\r\n\r\n", keep, "response_malformed"},
        {head + "Transfer-Encoding: gzip\r\n\r\n", finish, "response_malformed"},
        {head + "Transfer-Encoding: identity\r\n\r\n12345", finish, "response_malformed"},
        {head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", keep, "response_malformed"},
        {head + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", keep, "response_malformed"},
        {head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", keep,
         "response_malformed"},
        {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", keep, "response_malformed"},
        {head + "Transfer-Encoding: chunked\r\n\r\nx\r\n", keep, "response_malformed"},
        {head + "Transfer-Encoding: chunked\r\n\r\n-5\r\n12345\r\n0\r\n\r\n", keep, "response_malformed"},
        {head + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345678\r\n0\r\n\r\n", keep, "response_malformed"},
        {head + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", keep, "response_malformed"},
        {head + "Transfer-Encoding: Chunked\r\n\r\n5;a=b\r\n12345\r\n0\r\nX: y\r\n\r\n", keep, "200 12345"},
    });
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_refused) {
    using enum ending;
    check({
        {"<html>hello</html>\r\n\r\n", keep, "response_malformed"},
        {"HTTP/2 200 OK\r\n\r\n", keep, "response_malformed"},
        {"HTTP/1.2 200 OK\r\n\r\n", keep, "response_malformed"},
        {"HTTP/1.1 20 OK\r\n\r\n", keep, "response_malformed"},
        {"HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n", keep, "response_malformed"},
        {"HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n", keep, "response_malformed"},
        {"HTTP/1.1 2000 OK\r\n\r\n", keep, "response_malformed"},
        {head + "no colon\r\n\r\n", keep, "response_malformed"},
        {head + "A b: c\r\n\r\n", keep, "response_malformed"},
        {head + "A : c\r\n\r\n", keep, "response_malformed"},
        {head + std::string("A: \0\r\n\r\n", 8), keep, "response_malformed"},
    });
}

BOOST_AUTO_TEST_CASE(K2_compressed_answers_are_refused) {
    using enum ending;
    for (std::string_view coding : {"gzip", "deflate", "br", "GZIP", "identity, gzip"})
        check({{head + "Content-Encoding: " + std::string(coding) + "\r\nContent-Length: 2\r\n\r\n\x1f\x8b", keep,
                "response_malformed"}});
    check({{head + "Content-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}", keep, "200 {}"}});
}

BOOST_AUTO_TEST_CASE(K2_interim_answers_are_skipped_up_to_eight) {
    using enum ending;
    std::string interim;
    for (int i = 0; i != 8; ++i)
        interim += i % 2 == 0 ? "HTTP/1.1 100 Continue\r\n\r\n" : "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n";
    check({
        {interim + ok("{}"), keep, "200 {}"},
        {interim + "HTTP/1.1 100 Continue\r\n\r\n" + ok("{}"), keep, "response_malformed"},
        {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n" + ok("{}"), keep, "response_malformed"},
    });
}

BOOST_AUTO_TEST_CASE(K2_a_header_has_at_most_16_kib) {
    using enum ending;
    auto with = [](std::size_t bytes) { // a whole header of that size
        std::string const start = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: ", end = "\r\n\r\n";
        return start + std::string(bytes - start.size() - end.size(), 'x') + end + "{}";
    };
    check({
        {with(16 * 1024), keep, "200 {}"},
        {with(16 * 1024 + 1), keep, "response_too_large"},
        {with(100 * 1024), keep, "response_too_large"},
        {head + std::string(1024 * 1024, 'x'), keep, "response_too_large"},
        {std::string(1024 * 1024, 'H'), keep, "response_too_large"},
    });
    std::string many = head;
    for (int i = 0; i != 4000; ++i) many += "A: b\r\n";
    check({{many + "\r\n", keep, "response_too_large"},
           {head + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(1024 * 1024, 'x'), keep, "response_too_large"},
           {head + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(1024 * 1024, 'x'), keep,
            "response_too_large"}});
}

BOOST_AUTO_TEST_CASE(K2_a_body_has_at_most_what_was_asked_for) {
    using enum ending;
    std::string const body(1000, 'b');
    auto const chunked = head + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + body + "\r\n0\r\n\r\n";
    BOOST_TEST(play(ok(body), keep, 1000).word == "200 " + body);
    BOOST_TEST(play(ok(body), keep, 999).word == "response_too_large");
    BOOST_TEST(play(chunked, keep, 1000).word == "200 " + body);
    BOOST_TEST(play(chunked, keep, 999).word == "response_too_large");
    BOOST_TEST(play(head + "\r\n" + body, finish, 1000).word == "200 " + body);
    BOOST_TEST(play(head + "\r\n" + body, finish, 999).word == "response_too_large");
    BOOST_TEST(play(head + "Content-Length: 1048577\r\n\r\n", keep).word ==
               "response_too_large"); // before a byte of it
    BOOST_TEST(play(head + "Content-Length: 18446744073709551615\r\n\r\n", keep).word == "response_too_large");
    BOOST_TEST(play(ok(std::string(1024 * 1024, 'x')), keep).word.size() == 1024 * 1024 + 4);
}

BOOST_AUTO_TEST_CASE(K2_an_answer_wrapped_in_endless_chunk_extensions_ends) {
    std::string answer = head + "Transfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i != 100; ++i) answer += "1;" + std::string(8000, 'x') + "\r\na\r\n";
    BOOST_TEST(play(answer + "0\r\n\r\n", ending::keep, 1000).word == "response_too_large");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(addresses)

http_request from_provider(std::string_view url) {
    http_request out("GET", url);
    out.origin = url_origin::provider;
    return out;
}

BOOST_AUTO_TEST_CASE(J2_no_spelling_of_this_machine_in_a_providers_url_is_connected_to) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    auto options = trusting();
    options.allow_loopback_http = true;
    client c(options);
    names.set("to-loopback.test", {{"127.0.0.1"}});
    names.set("to-loopback6.test", {{"::1"}});
    names.set("to-any.test", {{"0.0.0.0"}});
    names.set("to-mapped.test", {{"::ffff:127.0.0.1"}});
    for (std::string_view host : {"localhost",
                                  "LOCALHOST",
                                  "localhost.",
                                  "127.0.0.1",
                                  "127.1",
                                  "127.0.1",
                                  "0x7f.1",
                                  "0x7f000001",
                                  "2130706433",
                                  "017700000001",
                                  "0177.0.0.1",
                                  "127.0.0.01",
                                  "127.255.255.254",
                                  "0.0.0.0",
                                  "0",
                                  "[::]",
                                  "[::1]",
                                  "[0:0:0:0:0:0:0:1]",
                                  "[::ffff:127.0.0.1]",
                                  "[::ffff:7f00:1]",
                                  "[::127.0.0.1]",
                                  "[::ffff:0:127.0.0.1]",
                                  "[64:ff9b::127.0.0.1]",
                                  "[2002:7f00:1::]",
                                  "[::1%25lo]",
                                  "[fe80::1%25lo]",
                                  "10.0.0.1",
                                  "172.16.0.1",
                                  "192.168.0.1",
                                  "169.254.169.254",
                                  "[fd00:ec2::254]",
                                  "[fe80::1]",
                                  "[fc00::1]",
                                  "100.64.0.1",
                                  "100.100.100.200",
                                  "255.255.255.255",
                                  "224.0.0.1",
                                  "user@127.0.0.1",
                                  "127.0.0.1%00.example",
                                  "a.example\\@127.0.0.1",
                                  "to-loopback.test",
                                  "to-loopback6.test",
                                  "to-any.test",
                                  "to-mapped.test"})
        for (std::string_view scheme : {"https://", "http://"}) {
            std::string const url = std::string(scheme) + std::string(host) + ":" + std::to_string(server.port()) + "/";
            BOOST_TEST_CONTEXT(url) CHECK_ERRC(c.error(from_provider(url), limits(500, 500)), errc::address_refused);
        }
    BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(J2_metadata_services_are_refused_to_administrators_too) {
    client c;
    for (std::string_view host : {"169.254.169.254", "169.254.170.2", "[fd00:ec2::254]", "100.100.100.200",
                                  "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]"})
        BOOST_TEST_CONTEXT(host)
    CHECK_ERRC(c.error(get("https://" + std::string(host) + "/"), limits(500, 500)), errc::address_refused);
    BOOST_TEST(c.took.count() < 200);
}

BOOST_AUTO_TEST_CASE(J2_a_name_that_rebinds_leads_nowhere) {
    auto options = secure();
    options.address = "127.0.0.2";
    tls_server open(options, [](peer& p) {
        if (p.read_request()) p.write(ok("{}", "Connection: close\r\n"));
        p.finish();
    });
    options.address = "127.0.0.3";
    options.port = open.port();
    tls_server closed(options, answering([](std::string const&) { return ok("secret"); }));

    auto allowing = trusting();
    allowing.allow_networks = {ip_network::parse("127.0.0.2").value()};
    client c(allowing);
    auto const url = "https://rebinds.p.test:" + std::to_string(open.port());

    // One look-up a connection: the address that was checked is the one that is connected to.
    names.set("rebinds.p.test", {{"127.0.0.2"}, {"127.0.0.3"}});
    BOOST_TEST(c.send(from_provider(url)).value().body == "{}");
    BOOST_TEST(names.look_ups("rebinds.p.test") == 1);
    CHECK_ERRC(c.error(from_provider(url)), errc::address_refused);
    BOOST_TEST(names.look_ups("rebinds.p.test") == 2);

    // Both in one answer: only the allowed one is tried, wherever it stands.
    names.set("rebinds.p.test", {{"127.0.0.3", "127.0.0.2"}, {"127.0.0.2", "127.0.0.3"}});
    BOOST_TEST(c.send(from_provider(url)).value().body == "{}");
    BOOST_TEST(c.send(from_provider(url)).value().body == "{}");
    BOOST_TEST(open.connections() == 3);
    BOOST_TEST(closed.connections() == 0);
}

BOOST_AUTO_TEST_CASE(J2_an_administrators_connection_never_serves_a_providers_url) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    client c;
    BOOST_TEST(c.send(get(server.url())).has_value());
    CHECK_ERRC(c.error(from_provider(server.url())), errc::address_refused);
    BOOST_TEST(c.send(get(server.url())).has_value());
    BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(an_address_that_does_not_answer_is_followed_by_the_next) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    names.set("two.p.test", {{"127.0.0.9", "127.0.0.1"}});
    client c;
    BOOST_TEST(c.send(get(server.url("/", "two.p.test"))).has_value());
}

BOOST_AUTO_TEST_CASE(hosts_and_ports_without_anybody_are_unreachable) {
    unsigned short port = 0;
    {
        tls_server gone(secure(), [](peer&) {});
        port = gone.port();
    }
    client c;
    CHECK_ERRC(c.error(get("https://127.0.0.1:" + std::to_string(port))), errc::provider_unreachable);
    CHECK_ERRC(c.error(get("https://unknown.test/")), errc::provider_unreachable);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lifetimes)

BOOST_AUTO_TEST_CASE(execution_contexts_may_come_and_go) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    beast_transport transport(trusting());
    auto const request = get(server.url());
    for (int round = 0; round != 5; ++round) {
        auto io = std::make_unique<asio::io_context>(); // often at the same place in memory
        for (int i = 0; i != 3; ++i) {
            bool good_one = false;
            asio::co_spawn(*io, transport.send(request, timeouts{}),
                           [&](std::exception_ptr, result<http_response> r) { good_one = r.has_value(); });
            io->restart();
            io->run();
            BOOST_TEST(good_one);
        }
    }
    BOOST_TEST(server.connections() == 5);
    BOOST_TEST(soon([&] { return server.ended() == 5; })); // a context that ends closes what was idle on it
}

BOOST_AUTO_TEST_CASE(a_transport_may_end_before_the_context) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    asio::io_context io;
    auto const request = get(server.url());
    for (int round = 0; round != 3; ++round) {
        beast_transport transport(trusting());
        beast_transport moved(std::move(transport));
        bool good_one = false;
        asio::co_spawn(io, moved.send(request, timeouts{}),
                       [&](std::exception_ptr, result<http_response> r) { good_one = r.has_value(); });
        io.restart();
        io.run();
        BOOST_TEST(good_one);
    }
    BOOST_TEST(soon([&] { return server.ended() == 3; }));
}

BOOST_AUTO_TEST_CASE(a_context_may_end_in_the_middle_of_a_call) {
    tls_server server(secure(), [](peer& p) {
        (void)p.read_request();
        p.hang();
    });
    for (auto const& url : {server.url(), std::string("https://hangs.test/")})
        for (bool transport_first : {false, true}) {
            auto const request = get(url);
            auto transport = std::make_unique<beast_transport>(trusting());
            auto io = std::make_unique<asio::io_context>();
            asio::co_spawn(*io, transport->send(request, timeouts{}), asio::detached);
            io->run_for(50ms);
            if (transport_first) transport.reset();
            io.reset();
        }
    BOOST_TEST(soon([&] { return server.ended() == server.connections(); }));
}

BOOST_AUTO_TEST_CASE(many_threads_may_share_a_transport_and_a_context) {
    tls_server server(secure(), answering([](std::string const&) { return ok("{}"); }));
    beast_transport transport(trusting());
    auto const request = get(server.url());
    std::atomic<int> good_ones{0};
    asio::io_context shared;
    auto one_after_the_other = [&]() -> asio::awaitable<void> {
        for (int i = 0; i != 25; ++i) {
            auto const got = co_await transport.send(request, timeouts{});
            good_ones += got.has_value();
        }
    };
    auto rethrow = [](std::exception_ptr e) { BOOST_TEST(!e); };
    for (int i = 0; i != 8; ++i) asio::co_spawn(shared, one_after_the_other(), rethrow); // no strand
    std::vector<std::thread> threads;
    for (int i = 0; i != 3; ++i) threads.emplace_back([&] { shared.run(); });
    for (int i = 0; i != 2; ++i)
        threads.emplace_back([&] {
            asio::io_context own;
            asio::co_spawn(own, one_after_the_other(), rethrow);
            own.run();
        });
    for (auto& t : threads) t.join();
    BOOST_TEST(good_ones == 250);
    BOOST_TEST(server.connections() <= 10);
}

BOOST_AUTO_TEST_CASE(faults_leave_no_descriptors_behind) {
    std::atomic<unsigned> turn{0};
    tls_server server(secure(), [&](peer& p) {
        auto const n = turn++ % 7;
        if (n == 0) return p.drop();
        if (!p.read_request()) return;
        if (n == 1) return p.reset();
        if (n == 2) p.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12");
        if (n == 3) p.write("nonsense\r\n\r\n");
        if (n == 4) p.write(std::string(40'000, 'x'));
        if (n == 5) p.write(ok("{}"));
        p.finish();
    });
    client c;
    auto round = [&] {
        for (int i = 0; i != 35; ++i) (void)c.send(get(server.url()), limits(1000, 1000));
        c.send(get("https://unknown.test/")).has_error();
        BOOST_TEST(soon([&] { return server.ended() == server.connections(); }));
    };
    round(); // what is opened once, for good
    auto const before = open_descriptors();
    for (int i = 0; i != 5; ++i) round();
    BOOST_TEST(open_descriptors() <= before);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
