// SPDX-License-Identifier: BSL-1.0
#include "http.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <memory>
#include <type_traits>

namespace simulator {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

namespace {

constexpr auto idle_limit = std::chrono::seconds(60);
constexpr auto write_limit = std::chrono::seconds(30);

using plain_stream = beast::tcp_stream;
using tls_stream = beast::ssl_stream<beast::tcp_stream>;

template <class Stream>
asio::awaitable<bool> send_piece(Stream& stream, piece const& part) {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    asio::steady_timer timer(stream.get_executor());
    if (part.pause.count() > 0) {
        timer.expires_after(part.pause);
        co_await timer.async_wait(token);
    }
    std::size_t const step = part.each.count() > 0 ? 1 : part.bytes.size();
    for (std::size_t at = 0; at < part.bytes.size(); at += step) {
        beast::get_lowest_layer(stream).expires_after(write_limit);
        auto const buffer = asio::buffer(part.bytes.data() + at, step);
        co_await asio::async_write(stream, buffer, token);
        if (failed) co_return false;
        if (part.each.count() > 0) {
            timer.expires_after(part.each);
            co_await timer.async_wait(token);
        }
    }
    co_return true;
}

request to_request(http::request<http::string_body>&& from, std::string scheme) {
    request out;
    out.scheme = std::move(scheme);
    out.method = std::string(from.method_string());
    std::string const target(from.target());
    auto const mark = target.find('?');
    out.path = target.substr(0, mark);
    if (mark != std::string::npos) out.query = target.substr(mark + 1);
    for (auto const& field : from)
        out.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    out.body = std::move(from.body());
    return out;
}

/// Answers one request after the other until either side has enough. `stream` is ours.
template <class Stream>
asio::awaitable<void> converse(Stream& stream, handler const& answer) {
    constexpr bool secure = std::is_same_v<Stream, tls_stream>;
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    auto& lowest = beast::get_lowest_layer(stream);
    lowest.socket().set_option(asio::ip::tcp::no_delay(true), failed);
    beast::flat_buffer buffer;
    bool open = true;
    while (open) {
        http::request_parser<http::string_body> parser;
        parser.header_limit(64 * 1024);
        parser.body_limit(1024 * 1024);
        lowest.expires_after(idle_limit);
        co_await http::async_read(stream, buffer, parser, token);
        if (failed) break;
        bool const keep = parser.keep_alive();
        request const asked = to_request(parser.release(), secure ? "https" : "http");
        delivery const sent = answer(asked);
        for (piece const& part : sent.pieces) {
            open = co_await send_piece(stream, part);
            if (!open) break;
        }
        if (!open) break;
        if (sent.end == ending::cut) co_return;
        if (sent.end == ending::stall) {
            lowest.expires_never();
            char unused = 0;
            auto const space = asio::buffer(&unused, 1);
            co_await stream.async_read_some(space, token); // ends when the client hangs up
            break;
        }
        open = keep && sent.end == ending::keep;
    }
    lowest.expires_after(std::chrono::seconds(2));
    if constexpr (secure) {
        co_await stream.async_shutdown(token);
    } else {
        lowest.socket().shutdown(asio::ip::tcp::socket::shutdown_send, failed);
    }
}

asio::awaitable<void> accept_plain(asio::ip::tcp::socket socket, std::shared_ptr<handler const> answer) {
    plain_stream stream(std::move(socket));
    co_await converse(stream, *answer);
}

asio::awaitable<void> accept_tls(asio::ip::tcp::socket socket, asio::ssl::context& tls,
                                 std::shared_ptr<handler const> answer) {
    tls_stream stream(std::move(socket), tls);
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(10));
    co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    if (!failed) co_await converse(stream, *answer);
}

asio::awaitable<void> listen(asio::ip::tcp::acceptor acceptor, asio::ssl::context* tls,
                             std::shared_ptr<handler const> answer) {
    asio::any_io_executor const shared = acceptor.get_executor();
    asio::steady_timer rest(shared);
    for (;;) {
        error_code failed;
        auto token = asio::redirect_error(asio::use_awaitable, failed);
        asio::any_io_executor const own = asio::make_strand(shared);
        asio::ip::tcp::socket socket = co_await acceptor.async_accept(own, token);
        if (failed) { // out of descriptors, say: the ones in use will come back
            rest.expires_after(std::chrono::milliseconds(20));
            co_await rest.async_wait(token);
        } else if (tls) {
            asio::co_spawn(own, accept_tls(std::move(socket), *tls, answer), asio::detached);
        } else {
            asio::co_spawn(own, accept_plain(std::move(socket), answer), asio::detached);
        }
    }
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decode(std::string_view text, bool plus_is_blank) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

} // namespace

std::string_view request::header(std::string_view name) const {
    for (auto const& [key, value] : headers)
        if (beast::iequals(key, name)) return value;
    return {};
}

std::string request::origin() const { return scheme + "://" + std::string(header("host")); }

std::string head_of(reply const& answer) {
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + ' ';
    head += std::string_view(http::obsolete_reason(static_cast<http::status>(answer.status)));
    head += "\r\n";
    bool framed = answer.status == 204 || answer.status == 304;
    for (auto const& [name, value] : answer.headers) {
        head += name + ": " + value + "\r\n";
        framed = framed || beast::iequals(name, "Content-Length") || beast::iequals(name, "Transfer-Encoding");
    }
    if (!framed) head += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    return head + "\r\n";
}

delivery in_order(reply const& answer) {
    delivery out;
    out.pieces.push_back({head_of(answer) + answer.body});
    return out;
}

std::vector<name_value> parse_form(std::string_view text) {
    std::vector<name_value> out;
    while (!text.empty()) {
        auto const end = text.find('&');
        std::string_view const part = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (part.empty()) continue;
        auto const sign = part.find('=');
        out.emplace_back(decode(part.substr(0, sign), true),
                         sign == std::string_view::npos ? std::string() : decode(part.substr(sign + 1), true));
    }
    return out;
}

std::string percent_decode(std::string_view text) { return decode(text, false); }

std::string percent_encode(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        bool const kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                          c == '.' || c == '_' || c == '~';
        if (kept) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

asio::ip::tcp::endpoint serve(asio::io_context& context, asio::ip::tcp::endpoint on, asio::ssl::context* tls,
                              handler answer) {
    asio::ip::tcp::acceptor acceptor(context, on);
    auto const bound = acceptor.local_endpoint();
    auto shared = std::make_shared<handler const>(std::move(answer));
    asio::co_spawn(context, listen(std::move(acceptor), tls, std::move(shared)), asio::detached);
    return bound;
}

} // namespace simulator
