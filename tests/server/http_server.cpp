// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/http_server.hpp"

#include "support/raw_client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <cstring>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace authmod;
using namespace std::chrono_literals;
using authmod_test::raw_client;

namespace {

/// Says what it was asked.
class echo final : public request_handler {
public:
    std::atomic<int> calls{0};

    asio::awaitable<outgoing_reply> handle(incoming_request const& request) override {
        ++calls;
        if (request.path == "/slow") {
            auto const here = co_await asio::this_coro::executor;
            asio::steady_timer timer(here, 300ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        if (request.path == "/throw") throw std::runtime_error("a handler must not, but may");
        std::string text(request.method);
        text.append(" ").append(request.path).append("?").append(request.query).append(" ").append(request.body);
        if (auto const trailer = request.header("X-Trailer"); !trailer.empty())
            text.append(" trailer=").append(trailer);
        outgoing_reply reply(200, "text/plain", text);
        reply.set("X-Address", request.address);
        co_return reply;
    }
};

/// Says which thread it runs on.
class where_it_runs final : public request_handler {
public:
    asio::awaitable<outgoing_reply> handle(incoming_request const&) override {
        std::ostringstream id;
        id << std::this_thread::get_id();
        co_return outgoing_reply(200, "text/plain", id.str());
    }
};

/// A server on a free port, with two threads, until the end of the test.
struct running_server {
    explicit running_server(server_options options = server_options(), std::string const& address = "127.0.0.1")
        : server(context, handler, options) {
        auto const bound = server.listen({asio::ip::make_address(address), 0});
        BOOST_REQUIRE(bound.has_value());
        where = *bound;
        for (int i = 0; i != 2; ++i) threads.emplace_back([this] { context.run(); });
    }

    ~running_server() { server.stop(); }

    asio::io_context context;
    echo handler;
    http_server server;
    asio::ip::tcp::endpoint where;
    std::vector<std::jthread> threads;
};

/// An address of this machine that is not loopback; empty: it has none.
std::string outer_address() {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return {};
    std::string found;
    for (auto const* one = all; one; one = one->ifa_next) {
        if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET || (one->ifa_flags & IFF_UP) == 0) continue;
        sockaddr_in in{};
        std::memcpy(&in, one->ifa_addr, sizeof in);
        asio::ip::address_v4 const address(ntohl(in.sin_addr.s_addr));
        if (!address.is_loopback()) found = address.to_string();
    }
    ::freeifaddrs(all);
    return found;
}

server_options quick() {
    server_options options;
    options.head_time = 400ms;
    options.body_time = 400ms;
    options.idle_time = 800ms;
    return options;
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
    return n;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

constexpr std::string_view get = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(http_server_over_sockets)

BOOST_AUTO_TEST_CASE(requests_are_answered_on_one_connection) {
    running_server s;
    raw_client c(s.where);
    for (int i = 0; i != 3; ++i) {
        c.send(get);
        auto const answer = c.read_answer();
        BOOST_TEST(answer.starts_with("HTTP/1.1 200 OK\r\n"));
        BOOST_TEST(answer.ends_with("\r\n\r\nGET /a?b "));
        BOOST_TEST(has(answer, "X-Address: 127.0.0.1\r\n"));
        BOOST_TEST(has(answer, "\r\nDate: "));
        BOOST_TEST(!has(answer, "Server:"));
        BOOST_TEST(!has(answer, "Connection: close"));
    }
    BOOST_TEST(s.server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
    running_server s;
    raw_client c(s.where);
    std::string all;
    for (char n : {'1', '2', '3'})
        all += std::string("POST /") + n + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n" + n;
    c.send(all);
    for (std::string_view n : {"1", "2", "3"}) {
        auto const answer = c.read_answer();
        BOOST_TEST(answer.ends_with("POST /" + std::string(n) + "? " + std::string(n)));
    }
}

BOOST_AUTO_TEST_CASE(bodies_come_by_length_and_in_chunks_in_any_pieces) {
    running_server s;
    std::string const by_length = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world";
    std::string const by_chunks =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    for (auto const& request : {by_length, by_chunks}) {
        raw_client c(s.where);
        c.send(request);
        auto const whole = c.read_answer();
        BOOST_TEST(whole.ends_with("\r\n\r\nPOST /? hello world"));
        for (char byte : request) c.send(std::string_view(&byte, 1));
        auto const piecewise = c.read_answer();
        BOOST_TEST(piecewise.ends_with("\r\n\r\nPOST /? hello world"));
    }
}

BOOST_AUTO_TEST_CASE(a_trailer_is_no_header_field) {
    running_server s;
    raw_client c(s.where);
    c.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Trailer: evil\r\n\r\n");
    auto const answer = c.read_answer();
    BOOST_TEST(answer.ends_with("POST /? x"));
    c.send(get);
    auto const next = c.read_answer();
    BOOST_TEST(next.ends_with("GET /a?b "));
}

BOOST_AUTO_TEST_CASE(I6_smuggled_requests_get_one_400_and_the_end) {
    running_server s;
    std::string const second = "GET /admin HTTP/1.1\r\nHost: x\r\n\r\n";
    std::string const post = "POST / HTTP/1.1\r\nHost: x\r\n";
    std::string const payloads[] = {
        post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n" + second + "0\r\n\r\n",
        post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding: identity\r\n\r\n" + second,
        post +
            "Transfer-Encoding:\x0b"
            "chunked\r\n\r\n0\r\n\r\n" +
            second,
        post + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
        post + "X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
        post + "X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
        post + "Content-Length: 0\r\nContent-Length: 33\r\n\r\n" + second,
        post + "Content-Length: 0,33\r\n\r\n" + second,
        post + "Content-Length: +0\r\n\r\n" + second,
        post + "Host: y\r\n\r\n" + second,
        "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
        "GET / HTTP/1.1\r\n\r\n" + second,
        "GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n" + second,
        "GET / HTTP/1.1\nHost: x\n\n" + second,
        "\r\n" + second,
        "GET /%2e%2e/admin HTTP/1.1\r\nHost: x\r\n\r\n" + second,
        // chunks that two servers cut differently
        post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding: chunked\r\n\r\n+1\r\nx\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\nx\r\n0\r\n\r\n" + second,
        post + "Transfer-Encoding: chunked\r\n\r\n\r\n" + second,
    };
    for (auto const& payload : payloads) BOOST_TEST_CONTEXT(payload) {
            s.handler.calls = 0;
            raw_client c(s.where);
            c.send(payload);
            c.end_sending();
            auto const all = c.read_all();
            BOOST_TEST(c.closed());
            BOOST_TEST(all.starts_with("HTTP/1.1 400 Bad Request\r\n"));
            BOOST_TEST(count(all, "HTTP/1.1 ") == 1u);
            BOOST_TEST(has(all, "\r\nConnection: close\r\n"));
            BOOST_TEST(s.handler.calls == 0);
        }
}

BOOST_AUTO_TEST_CASE(I2_refusals_carry_the_headers_too) {
    running_server s;
    for (std::string_view request : {"nonsense\n", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"}) {
        raw_client c(s.where);
        c.send(request);
        auto const all = c.read_answer();
        for (std::string_view field : {"Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff",
                                       "Referrer-Policy: no-referrer", "Cache-Control: no-store"})
            BOOST_TEST(has(all, field));
    }
}

BOOST_AUTO_TEST_CASE(I5_trace_and_connect_are_refused) {
    running_server s;
    for (std::string_view request :
         {"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n"}) {
        raw_client c(s.where);
        c.send(request);
        auto const all = c.read_answer();
        BOOST_TEST(all.starts_with("HTTP/1.1 405 "));
        BOOST_TEST(has(all, "\r\nAllow: GET, HEAD"));
    }
    BOOST_TEST(s.handler.calls == 0);
}

BOOST_AUTO_TEST_CASE(sizes_are_limited) {
    running_server s;
    auto answer_to = [&](std::string const& request) {
        raw_client c(s.where);
        c.send(request);
        return c.read_answer().substr(9, 3);
    };
    std::string const post = "POST / HTTP/1.1\r\nHost: x\r\n";
    BOOST_TEST(answer_to("GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n") == "414");
    BOOST_TEST(answer_to("GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x')) == "431");
    BOOST_TEST(answer_to(post + "Content-Length: 1048577\r\n\r\n") == "413");
    BOOST_TEST(answer_to(post + "Content-Length: 1048576\r\n\r\n" + std::string(1048576, 'x')) == "200");
    std::string chunks = post + "Transfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i != 17; ++i) chunks += "10000\r\n" + std::string(65536, 'x') + "\r\n";
    BOOST_TEST(answer_to(chunks) == "413");
    BOOST_TEST(answer_to(post + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(40'000, 'x')) == "400");
}

BOOST_AUTO_TEST_CASE(head_gives_the_head_alone) {
    running_server s;
    raw_client c(s.where);
    c.send("HEAD /a?b HTTP/1.1\r\nHost: x\r\n\r\n");
    auto const answer = c.read_answer(true);
    BOOST_TEST(has(answer, "Content-Length: 10\r\n"));
    BOOST_TEST(answer.ends_with("\r\n\r\n"));
    c.send(get);
    auto const next = c.read_answer();
    BOOST_TEST(next.ends_with("GET /a?b "));
}

BOOST_AUTO_TEST_CASE(a_client_may_ask_before_it_sends_a_body) {
    running_server s;
    raw_client c(s.where);
    c.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    auto const go_on = c.read_answer();
    BOOST_TEST(go_on == "HTTP/1.1 100 Continue\r\n\r\n");
    c.send("hi");
    auto const answer = c.read_answer();
    BOOST_TEST(answer.ends_with("POST /? hi"));
}

BOOST_AUTO_TEST_CASE(connections_close_when_either_side_wants) {
    running_server s;
    for (std::string_view request :
         {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\nHost: x\r\n\r\n"}) {
        raw_client c(s.where);
        c.send(request);
        auto const all = c.read_all();
        BOOST_TEST(all.starts_with("HTTP/1.1 200 OK\r\n"));
        BOOST_TEST(has(all, "Connection: close\r\n"));
        BOOST_TEST(c.closed());
    }
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_gives_500_and_the_server_goes_on) {
    running_server s;
    raw_client c(s.where);
    c.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
    auto const answer = c.read_answer();
    BOOST_TEST(answer.starts_with("HTTP/1.1 500 "));
    BOOST_TEST(!has(answer, "must not"));
    c.send(get);
    auto const next = c.read_answer();
    BOOST_TEST(next.starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(slow_clients_lose_their_connection) {
    running_server s(quick());
    std::string_view const beginnings[] = {"", "GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
                                           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"};
    for (auto beginning : beginnings) BOOST_TEST_CONTEXT(beginning) {
            raw_client c(s.where);
            auto const begin = std::chrono::steady_clock::now();
            c.send(beginning);
            auto const all = c.read_all(5s);
            BOOST_TEST(all == "");
            BOOST_TEST(c.closed());
            auto const took = std::chrono::steady_clock::now() - begin;
            BOOST_TEST((took >= 350ms && took < 4s));
        }
    // A byte now and then does not help.
    raw_client c(s.where);
    auto const begin = std::chrono::steady_clock::now();
    std::string const head = "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(500, 'x');
    for (char byte : head) {
        c.send(std::string_view(&byte, 1));
        auto const got = c.read_all(20ms);
        if (c.closed()) break;
    }
    BOOST_TEST(c.closed());
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 4s));
}

BOOST_AUTO_TEST_CASE(idle_connections_end_but_not_before_their_time) {
    running_server s(quick());
    raw_client c(s.where);
    c.send(get);
    c.read_answer();
    auto const begin = std::chrono::steady_clock::now();
    c.read_all(5s);
    auto const took = std::chrono::steady_clock::now() - begin;
    BOOST_TEST(c.closed());
    BOOST_TEST((took >= 700ms && took < 4s));
}

BOOST_AUTO_TEST_CASE(slow_clients_do_not_hold_up_others) {
    running_server s;
    std::vector<std::unique_ptr<raw_client>> slow;
    for (int i = 0; i != 200; ++i) {
        slow.push_back(std::make_unique<raw_client>(s.where));
        slow.back()->send("GET / HTTP/1.1\r\nHo");
    }
    raw_client c(s.where);
    c.send(get);
    auto const answer = c.read_answer();
    BOOST_TEST(answer.starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(one_connection_too_many_is_closed) {
    server_options options;
    options.max_connections = 2;
    running_server s(options);
    raw_client a(s.where), b(s.where);
    for (auto* c : {&a, &b}) {
        c->send(get);
        BOOST_TEST(c->read_answer().starts_with("HTTP/1.1 200 "));
    }
    raw_client too_many(s.where);
    too_many.read_all();
    BOOST_TEST(too_many.closed());
    a.send(get);
    BOOST_TEST(a.read_answer().starts_with("HTTP/1.1 200 "));
}

/// Opens connections until one is closed at once, thirty at the most; gives the good ones.
std::vector<std::unique_ptr<raw_client>> open_many(asio::ip::tcp::endpoint where) {
    std::vector<std::unique_ptr<raw_client>> open;
    while (open.size() != 30) {
        auto c = std::make_unique<raw_client>(where);
        c->send(get);
        if (!c->read_answer().starts_with("HTTP/1.1 200 ")) break;
        open.push_back(std::move(c));
    }
    return open;
}

BOOST_AUTO_TEST_CASE(one_address_holds_so_many_connections_and_gets_new_ones_for_those_that_end) {
    auto const own = outer_address();
    if (own.empty()) {
        BOOST_TEST_MESSAGE("skipped: this machine has no address but loopback, which is not counted");
        return;
    }
    server_options options;
    options.address_connections = 20;
    running_server s(options, own);
    auto open = open_many(s.where);
    BOOST_TEST(open.size() == 20u);
    open.resize(15);
    while (s.server.connections() > 15) std::this_thread::yield();
    BOOST_TEST(open_many(s.where).size() == 5u);

    options.trusted_proxies = {ip_network::parse(own).value()};
    running_server behind_proxy(options, own);
    BOOST_TEST(open_many(behind_proxy.where).size() == 30u);
}

BOOST_AUTO_TEST_CASE(connections_of_this_machine_are_not_counted) {
    server_options options;
    options.address_connections = 20;
    running_server s(options);
    BOOST_TEST(open_many(s.where).size() == 30u);
}

BOOST_AUTO_TEST_CASE(stopping_finishes_what_runs_and_closes_what_idles) {
    running_server s;
    raw_client idle(s.where), busy(s.where);
    idle.send(get);
    idle.read_answer();
    busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    while (s.handler.calls < 2) std::this_thread::yield();
    s.server.stop();
    auto const begin = std::chrono::steady_clock::now();
    auto const answer = busy.read_all();
    BOOST_TEST(answer.starts_with("HTTP/1.1 200 OK"));
    BOOST_TEST(has(answer, "Connection: close"));
    idle.read_all();
    BOOST_TEST(idle.closed());
    s.threads.clear(); // the context ran out of work
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 4s));
    BOOST_TEST(s.server.connections() == 0u);
    boost::asio::io_context other;
    asio::ip::tcp::socket late(other);
    error_code error;
    late.connect(s.where, error);
    BOOST_TEST(error.failed());
}

BOOST_AUTO_TEST_CASE(workers_take_connections_in_turn_and_end_when_it_stops) {
    asio::io_context first(1), second(1);
    auto open_first = asio::make_work_guard(first), open_second = asio::make_work_guard(second);
    server_options options;
    options.workers = {&first, &second};
    where_it_runs handler;
    http_server server(first, handler, options);
    auto const bound = server.listen({asio::ip::make_address("127.0.0.1"), 0});
    BOOST_REQUIRE(bound.has_value());
    std::jthread one([&] { first.run(); }), two([&] { second.run(); });
    std::set<std::string> answered_by;
    raw_client a(*bound), b(*bound);
    for (auto* c : {&a, &b, &a, &b}) {
        c->send(get);
        auto const answer = c->read_answer();
        answered_by.insert(answer.substr(answer.find("\r\n\r\n")));
    }
    BOOST_TEST(answered_by.size() == 2u);
    server.stop();
    open_first.reset();
    open_second.reset();
    one.join();
    two.join();
    BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_an_error) {
    running_server s;
    asio::io_context context;
    echo handler;
    http_server second(context, handler);
    auto const bound = second.listen(s.where);
    BOOST_TEST(!bound.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
