// SPDX-License-Identifier: BSL-1.0
// Layer 5. The bodies of beast_transport.hpp. Performs one exchange: take or open a connection, one write, reads into
// one buffer, Beast's parser fed by hand (which compiles in less than half the time of its stream algorithms).
#pragma once

#include "authmod/core/append_all.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/transport/beast_transport.hpp"
#include "authmod/transport/detail/beast_exchange.hpp"
#include "authmod/transport/name_lookups.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <new>
#include <optional>
#include <thread>

namespace authmod {
namespace detail {
inline namespace AUTHMOD_ABI {

AUTHMOD_DECL transport_state::transport_state(transport_options in_options)
    : options(std::move(in_options)), gate(options.allow_loopback_http, options.allow_networks),
      idle(std::make_shared<pool>(options.idle)), places(options.places), circuits(options.circuit) {
    tls.set_verify_mode(broken("J1") ? asio::ssl::verify_none : asio::ssl::verify_peer);
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_mode(tls.native_handle(), SSL_MODE_RELEASE_BUFFERS); // an idle connection needs no buffers
    if (options.ca_file.empty())
        tls.set_default_verify_paths();
    else
        tls.load_verify_file(options.ca_file);
}

/// The whole request as text, or nothing if a header would break out of its line.
[[nodiscard]] inline result<secret> write_request(exchange const& x) {
    auto const& r = x.request;
    auto broken = [](std::string_view s) {
        auto const has = [s](char c) { return s.find(c) != s.npos; };
        return has('\r') || has('\n') || has('\0');
    };
    bool bad = r.method.empty() || r.method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != r.method.npos;
    std::size_t size = 256 + r.url.size() + x.state->options.user_agent.size() + r.body.size();
    for (auto const& h : r.headers) {
        bad = bad || broken(h.name) || broken(h.value);
        size += h.name.size() + h.value.size() + 4;
    }
    if (bad) return errc::response_malformed;

    std::string text;
    text.reserve(size); // never grows: no copy of a secret is left behind
    append_all(text, r.method, x.url.target.starts_with('/') ? " " : " /", x.url.target, " HTTP/1.1\r\nHost: ",
               x.url.host);
    if (x.url.port != (x.url.https ? 443 : 80)) append_all(text, ":", std::to_string(x.url.port));
    append_all(text, "\r\nUser-Agent: ", x.state->options.user_agent,
               "\r\nAccept-Encoding: identity\r\nConnection: keep-alive\r\n");
    for (auto const& h : r.headers) append_all(text, h.name, ": ", h.value, "\r\n");
    if (!r.body.empty() || r.method == "POST" || r.method == "PUT" || r.method == "PATCH")
        append_all(text, "Content-Length: ", std::to_string(r.body.size()), "\r\n");
    append_all(text, "\r\n", r.body);
    return secret(std::move(text));
}

/// What a look-up has found; written in the exchange's strand.
struct name_answer {
    std::optional<name_lookups::answer> found;
};

/** The coroutines of one execution context that wait for a name. A look-up may outlast the context: then it finds
   nobody here. While somebody is here the context lives, since its `shutdown` comes here first.
*/
class lookup_service : public asio::execution_context::service {
public:
    using key_type = lookup_service;
    inline static asio::execution_context::id id;

    struct call {
        asio::any_io_executor executor;
        std::shared_ptr<name_answer> answer;
        std::shared_ptr<watchdog> dog;
    };

    /// What the threads of the look-ups hold on to.
    struct calls {
        std::mutex mutex;
        std::map<std::uint64_t, call> all;
        std::uint64_t last = 0;

        std::uint64_t add(call c) {
            std::lock_guard const lock(mutex);
            all.emplace(++last, std::move(c));
            return last;
        }

        void drop(std::uint64_t number) noexcept {
            std::lock_guard const lock(mutex);
            all.erase(number);
        }

        void answer(std::uint64_t number, name_lookups::answer const& found) noexcept {
            std::lock_guard const lock(mutex);
            auto const at = all.find(number);
            if (at == all.end()) return;
            try {
                call const& waits = at->second;
                asio::post(waits.executor, [found, answer = waits.answer, dog = waits.dog] {
                    answer->found = found;
                    dog->timer.cancel();
                });
            } catch (std::bad_alloc const&) { // it ends when its time is over
            }
            all.erase(at);
        }
    };

    explicit lookup_service(asio::execution_context& context) : service(context) {}

    [[nodiscard]] std::shared_ptr<calls> const& waiting() const noexcept { return calls_; }

private:
    void shutdown() override {
        std::lock_guard const lock(calls_->mutex);
        calls_->all.clear();
    }

    std::shared_ptr<calls> calls_ = std::make_shared<calls>();
};

/// The addresses of the host that the gate allows. Ends at `until` although the look-up itself cannot be stopped.
AUTHMOD_DECL asio::awaitable<result<std::vector<asio::ip::address>>> look_up(exchange& x, steady_time until) {
    std::vector<asio::ip::address> found;
    std::string const host(without_brackets(x.url.host));
    error_code ec;
    auto const literal = asio::ip::make_address(host, ec);
    if (!ec) {
        found.push_back(literal);
    } else {
        // The exchange's timer ends by itself or is cancelled by the answer.
        auto const calls = asio::use_service<lookup_service>(x.context).waiting();
        auto const answer = std::make_shared<name_answer>();
        x.dog->timer.expires_at(until);
        auto const number = calls->add({x.executor, answer, x.dog});
        x.state->names.ask(host, [calls, number](name_lookups::answer const& got) { calls->answer(number, got); });
        co_await x.dog->timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        calls->drop(number);
        if (!answer->found) co_return errc::timed_out;
        if (!*answer->found) co_return answer->found->error();
        found = std::move(**answer->found);
    }
    std::erase_if(found, [&](auto const& a) { return !x.state->gate.allows(x.url, x.request.origin, a); });
    if (found.empty()) co_return errc::address_refused;
    co_return found;
}

/// Waits while the origin answers nobody. False: `until` has come first, or somebody has cancelled.
AUTHMOD_DECL asio::awaitable<bool> wait_for_turn(exchange& x, origin_places::place& place, steady_time until) {
    error_code ec;
    for (auto now = std::chrono::steady_clock::now(); now < until; now = std::chrono::steady_clock::now()) {
        x.dog->timer.expires_at(std::min(until, now + look_again));
        co_await x.dog->timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        if (ec) co_return false;
        if (place.may_open(std::chrono::steady_clock::now())) co_return true;
    }
    x.no_turn = true;
    co_return false;
}

/// Waits for its turn, resolves, connects and shakes hands within the connect limit.
AUTHMOD_DECL asio::awaitable<result<std::unique_ptr<connection>>> open_connection(exchange& x,
                                                                                  origin_places::place& place) {
    auto const begun = std::chrono::steady_clock::now();
    auto const until = std::min(x.end, deadline(begun, x.limit.connect));
    if (!place.may_open(begun) && !co_await wait_for_turn(x, place, until)) co_return errc::timed_out;
    if (broken("K3")) std::this_thread::sleep_for(std::chrono::seconds(2));
    auto const addresses = co_await look_up(x, until);
    if (!addresses) co_return addresses.error();

    auto c = std::make_unique<connection>(x.executor, x.state->tls, x.url.https);
    error_code ec = asio::error::host_unreachable;
    for (std::size_t i = 0; i != addresses->size() && ec; ++i) {
        auto const now = std::chrono::steady_clock::now();
        auto const share =
            until == steady_time::max() ? until : now + (until - now) / static_cast<long>(addresses->size() - i);
        tcp::endpoint const peer((*addresses)[i], x.url.port);
        watch const guard(*x.dog, c->socket(), share);
        co_await c->socket().async_connect(peer, asio::redirect_error(asio::use_awaitable, ec));
        bool const cancelled = ec == asio::error::operation_aborted && !x.dog->bitten();
        if (cancelled || passed(until)) co_return errc::timed_out;
        if (ec) {
            error_code ignored;
            c->socket().close(ignored);
        }
    }
    if (ec) co_return x.dog->bitten() ? errc::timed_out : errc::provider_unreachable;
    c->socket().set_option(tcp::no_delay(true), ec);
    c->socket().non_blocking(true, ec); // for alive(); asynchronous operations do not care
    if (c->tls) {
        watch const guard(*x.dog, c->socket(), until);
        ec = co_await start_tls(x, *c);
        if (ec) co_return ec;
    }
    asio::use_service<pool_service>(x.context).attach(x.state->idle);
    co_return c;
}

/// Verifies chain and host. OpenSSL's own host check does it: no partial wildcards, no common name.
AUTHMOD_DECL asio::awaitable<error_code> start_tls(exchange& x, connection& c) {
    std::string const host(without_brackets(x.url.host));
    SSL* const ssl = c.stream.native_handle();
    bool const literal = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
    ERR_clear_error(); // a name is no address: no error
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (!literal && (SSL_set1_host(ssl, host.c_str()) != 1 || SSL_set_tlsext_host_name(ssl, host.c_str()) != 1))
        co_return errc::tls_failed;
    if (auto const session = x.state->idle->find_session(x.origin))
        SSL_set_session(ssl, static_cast<SSL_SESSION*>(session.get()));

    error_code ec;
    co_await c.stream.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, ec));
    if (x.dog->bitten() || ec == asio::error::operation_aborted) co_return errc::timed_out;
    if (!ec) co_return ec;
    // A peer that hangs up without a word of TLS has other worries than certificates.
    bool const hung_up = ec.category() == asio::error::get_system_category() || ec == asio::error::eof ||
                         ec == asio::ssl::error::stream_truncated;
    co_return hung_up ? errc::provider_unreachable : errc::tls_failed;
}

/// Remembers the TLS session once there is one to resume: with TLS 1.3 it comes along with the first answer.
inline void keep_session(exchange const& x, connection& c) {
    if (!c.tls || c.session_kept) return;
    c.session_kept = true;
    std::shared_ptr<SSL_SESSION> session(SSL_get1_session(c.stream.native_handle()), SSL_SESSION_free);
    if (session && SSL_SESSION_is_resumable(session.get()) == 1)
        x.state->idle->keep_session(x.origin, std::move(session));
}

using response_parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

/// Whether the header leaves one reading only of where the body ends, and the body is as it was written.
[[nodiscard]] inline bool is_plain(response_parser const& parser) {
    namespace http = boost::beast::http;
    int lengths = 0, encodings = 0;
    for (auto const& field : parser.get()) {
        std::string_view const value(field.value().data(), field.value().size());
        if (field.name() == http::field::content_length) {
            ++lengths;
            if (value.find_first_not_of("0123456789") != value.npos) return false; // "5, 5"
        }
        if (field.name() == http::field::transfer_encoding) {
            ++encodings;
            if (!equal_ignoring_case(value, "chunked") || parser.get().version() != 11) return false;
        }
        if (field.name() == http::field::content_encoding && !equal_ignoring_case(value, "identity")) return false;
    }
    auto const status = parser.get().result_int();
    return lengths + encodings <= 1 && status >= 100 && status <= 599 && status != 101;
}

[[nodiscard]] inline http_response take_response(response_parser& parser) {
    http_response out;
    out.status = static_cast<int>(parser.get().result_int());
    out.headers.reserve(static_cast<std::size_t>(std::distance(parser.get().begin(), parser.get().end())));
    for (auto const& field : parser.get())
        out.headers.emplace_back(std::string_view(field.name_string().data(), field.name_string().size()),
                                 std::string_view(field.value().data(), field.value().size()));
    out.body = std::move(parser.get().body());
    return out;
}

/// Feeds a parser with what was read and skips interim answers.
class response_reader {
public:
    explicit response_reader(http_request const& request) : request_(request) { restart(); }

    /// Parses `data`, gives the number of bytes used. `done()` or an error may follow.
    result<std::size_t> put(std::string_view data) {
        namespace http = boost::beast::http;
        std::size_t used = 0;
        while (used != data.size() && !done_) {
            auto part = data.substr(used);
            if (!parser_->is_header_done()) {
                // A header is parsed in one piece: Beast's limit does not add up over several.
                auto const end = part.find("\r\n\r\n", searched_);
                if ((end == part.npos ? part.size() + 1 : end + 4) > max_http1_head) return errc::response_too_large;
                searched_ = part.size() < 3 ? 0 : part.size() - 3;
                if (end == part.npos) break;
                part = part.substr(0, end + 4);
            }
            error_code ec;
            used += parser_->put(asio::buffer(part.data(), part.size()), ec);
            bool const more = ec == http::error::need_more;
            if (ec && !more) {
                bool const large = ec == http::error::header_limit || ec == http::error::body_limit;
                return large ? errc::response_too_large : errc::response_malformed;
            }
            if (!is_plain(*parser_)) return errc::response_malformed;
            if (parser_->is_done()) {
                if (parser_->get().result_int() >= 200)
                    done_ = true;
                else if (++interim_ > interim_limit)
                    return errc::response_malformed;
                else
                    restart();
            } else if (more) {
                break;
            }
        }
        return used;
    }

    /// The peer has ended the connection: for some answers that is their end.
    [[nodiscard]] bool put_eof() {
        error_code ec;
        if (parser_->is_header_done()) parser_->put_eof(ec);
        done_ = parser_->is_done() && !ec;
        return done_;
    }

    [[nodiscard]] bool done() const noexcept { return done_; }

    [[nodiscard]] bool keep_alive() const { return parser_->keep_alive(); }

    [[nodiscard]] http_response take() { return take_response(*parser_); }

private:
    void restart() {
        searched_ = 0;
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(max_http1_head));
        parser_->body_limit(broken("K2") ? request_.max_body * 64 : request_.max_body);
        parser_->eager(true);
        if (request_.method == "HEAD") parser_->skip(true);
    }

    http_request const& request_;
    std::optional<response_parser> parser_;
    std::size_t searched_ = 0; // bytes of an unfinished header that hold no end of it
    int interim_ = 0;
    bool done_ = false;
};

/// Sends `text` and reads the answer within the read limit. `clean`: the connection can be used again.
AUTHMOD_DECL asio::awaitable<result<http_response>> talk(exchange& x, connection& c, std::string_view text,
                                                         bool& clean) {
    watch const guard(*x.dog, c.socket(), std::min(x.end, deadline(std::chrono::steady_clock::now(), x.limit.read)));
    error_code ec;
    while (!text.empty() && !ec) { // in one go, but for long texts; asio::async_write would cost a second of compiling
        auto const out = asio::buffer(text.data(), text.size());
        std::size_t n = 0;
        if (c.tls) {
            n = co_await c.stream.async_write_some(out, asio::redirect_error(asio::use_awaitable, ec));
        } else {
            n = c.socket().write_some(out, ec); // the socket is non-blocking and nearly always takes it all
            if (ec == asio::error::would_block)
                n = co_await c.socket().async_write_some(out, asio::redirect_error(asio::use_awaitable, ec));
        }
        text.remove_prefix(n);
    }
    if (ec == asio::error::operation_aborted) co_return errc::timed_out;

    // Any other failed write is no end yet: a peer that refuses a request early closes after it has answered.
    response_reader reader(x.request);
    std::size_t have = 0, received = 0;
    // One-byte chunks take six bytes each.
    std::size_t const most = 16 * max_http1_head + 8 * std::min(x.request.max_body, std::size_t{1} << 40);
    while (!reader.done()) {
        auto const in = asio::buffer(c.buffer.data() + have, c.buffer.size() - have);
        std::size_t n = 0;
        if (c.tls)
            n = co_await c.stream.async_read_some(in, asio::redirect_error(asio::use_awaitable, ec));
        else
            n = co_await c.socket().async_read_some(in, asio::redirect_error(asio::use_awaitable, ec));
        if (x.dog->bitten() || ec == asio::error::operation_aborted) co_return errc::timed_out;
        if (ec) {
            if (ec.category() == asio::error::get_ssl_category()) co_return errc::tls_failed;
            if (received == 0) co_return errc::no_response;
            if (ec == asio::error::eof && reader.put_eof()) co_return reader.take();
            co_return errc::response_cut;
        }
        have += n;
        received += n;
        if (received > most) co_return errc::response_too_large;
        auto const used = reader.put(std::string_view(c.buffer.data(), have));
        if (!used) co_return used.error();
        have -= *used;
        std::memmove(c.buffer.data(), c.buffer.data() + *used, have);
        if (have == c.buffer.size()) co_return errc::response_too_large; // a line without end
    }
    clean = reader.keep_alive() && have == 0;
    co_return reader.take();
}

/// Whether what runs on `executor` runs one thing at a time.
[[nodiscard]] inline bool is_lane(asio::any_io_executor const& executor) noexcept {
    return executor.target<asio::strand<asio::io_context::executor_type>>() != nullptr ||
           executor.target<asio::strand<asio::any_io_executor>>() != nullptr;
}

/// An idle connection that the peer has not closed, or nothing.
[[nodiscard]] inline std::unique_ptr<connection> take_alive(exchange& x) {
    while (true) {
        auto idle = x.state->idle->take(&x.context, x.origin, x.request.single_use, std::chrono::steady_clock::now());
        if (!idle) return nullptr;
        x.idle_for = idle->idle_for;
        if (idle->connection->alive()) return std::move(idle->connection);
        x.state->idle->note_close(x.origin, x.idle_for);
    }
}

AUTHMOD_DECL asio::awaitable<result<http_response>> run_exchange(std::shared_ptr<transport_state> state,
                                                                 http_request const& request, timeouts limit) {
    // Cancelled operations then fail by their error codes; nothing throws.
    co_await asio::this_coro::throw_if_cancelled(false);
    auto executor = co_await asio::this_coro::executor;
    exchange x(std::move(state), request, limit, std::move(executor));
    auto const url = x.state->gate.check_url(request.url);
    if (!url) co_return url.error();
    x.url = *url;
    // Whose word the URL is belongs to the key: a connection to an internal address never serves a provider's URL.
    append_all(x.origin, request.origin == url_origin::provider ? "provider " : "administrator ",
               x.url.https ? "https " : "http ", x.url.host, " ", std::to_string(x.url.port));
    auto const text = write_request(x);
    if (!text) co_return text.error();
    auto const begun = std::chrono::steady_clock::now();
    if (!x.state->circuits.may_begin(x.origin, begun)) co_return errc::timed_out;
    auto place = x.state->places.take(x.origin);
    if (!place) co_return errc::provider_unreachable;
    auto const note = [&](error_code const& ended) {
        auto const now = std::chrono::steady_clock::now();
        if (ended != errc::timed_out) {
            place->answered(now);
            x.state->circuits.answered(x.origin, now);
        } else if (x.dog->bitten() || x.no_turn) { // and not because somebody has cancelled it
            x.state->circuits.hung(x.origin, begun, now);
        }
    };

    bool const may_repeat = (request.method == "GET" && !request.single_use) || broken("C2");
    auto c = take_alive(x);
    if (c) place->ask(begun);
    while (true) {
        bool const reused = c != nullptr;
        if (passed(x.end)) co_return errc::timed_out;
        if (!reused) {
            auto opened = co_await open_connection(x, *place);
            if (!opened) {
                note(opened.error());
                co_return opened.error();
            }
            c = std::move(*opened);
        }
        bool clean = false;
        auto got = co_await talk(x, *c, text->expose(), clean);
        note(got ? error_code() : got.error());
        if (got) {
            keep_session(x, *c);
            if (clean) x.state->idle->put(&x.context, x.origin, std::move(c), std::chrono::steady_clock::now());
            co_return got;
        }
        c.reset();
        if (!reused || got.error() != errc::no_response) co_return got;
        x.state->idle->note_close(x.origin, x.idle_for); // its close and our request have crossed
        if (!may_repeat) co_return got;
    }
}

} // namespace AUTHMOD_ABI
} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL beast_transport::beast_transport(transport_options options)
    : state_(std::make_shared<detail::transport_state>(std::move(options))) {}

AUTHMOD_DECL beast_transport& beast_transport::operator=(beast_transport&& other) noexcept {
    if (this != &other) {
        close();
        state_ = std::move(other.state_);
    }
    return *this;
}

AUTHMOD_DECL beast_transport::~beast_transport() { close(); }

AUTHMOD_DECL void beast_transport::close() noexcept {
    if (state_) state_->idle->close();
}

AUTHMOD_DECL asio::awaitable<result<http_response>> beast_transport::send(http_request const& request, timeouts limit) {
    asio::any_io_executor const own = co_await asio::this_coro::executor;
    auto exchange = detail::run_exchange(state_, request, limit);
    if (state_->options.one_thread || detail::is_lane(own)) { // a strand of its own would cost 8,000 instructions
        bool const throws = co_await asio::this_coro::throw_if_cancelled();
        // Cancelled operations then fail by their error codes; nothing throws.
        co_await asio::this_coro::throw_if_cancelled(false);
        auto answer = co_await std::move(exchange);
        co_await asio::this_coro::throw_if_cancelled(throws);
        co_return answer;
    }
    asio::any_io_executor const strand = asio::make_strand(own);
    co_return co_await asio::co_spawn(strand, std::move(exchange), asio::use_awaitable);
}

} // namespace AUTHMOD_ABI
} // namespace authmod
