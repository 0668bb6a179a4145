// SPDX-License-Identifier: BSL-1.0
// The HTTP server of the Bitbucket Cloud simulator: requests in, bytes out. Replies are written byte for byte by us,
// not by Beast, because a simulator must also be able to send answers that no correct server would send.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulator {

namespace asio = boost::asio;

using name_value = std::pair<std::string, std::string>;

/// One request, whole.
struct request {
    std::string scheme; ///< `http` or `https`, by the listener it came to
    std::string method;
    std::string path;  ///< as sent, not decoded
    std::string query; ///< as sent, without the question mark
    std::vector<name_value> headers;
    std::string body;

    /// The first value of a header, empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    /// The address by which the request came: links in answers start with it.
    [[nodiscard]] std::string origin() const;
};

/// One answer, before a fault has its way with it. `Content-Length`, `Date` and `Server` are added when it is sent.
struct reply {
    unsigned status = 200;
    std::vector<name_value> headers;
    std::string body;
};

/// A part of what goes over the wire: `pause`, then `bytes`; with `each` above zero one byte at a time, `each` apart.
struct piece {
    std::string bytes;
    std::chrono::milliseconds pause{0};
    std::chrono::milliseconds each{0};
};

/// What happens to the connection after the last piece.
enum class ending {
    keep,  ///< as the client wishes
    close, ///< an orderly end
    cut,   ///< an end without TLS close_notify
    stall  ///< nothing more is sent until the client gives up
};

/// What is really sent.
struct delivery {
    std::vector<piece> pieces;
    ending end = ending::keep;
};

/// The status line and the headers, with the blank line.
[[nodiscard]] std::string head_of(reply const& answer);
/// The answer as a correct server sends it.
[[nodiscard]] delivery in_order(reply const& answer);

/// `name=value&...`, percent-decoded, plus signs as blanks.
[[nodiscard]] std::vector<name_value> parse_form(std::string_view text);
[[nodiscard]] std::string percent_decode(std::string_view text);
/// Everything but RFC 3986 unreserved characters becomes `%XX`.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// Decides about one request. Called from several threads at once.
using handler = std::function<delivery(request const&)>;

/// Serves `on` until the context stops; with `tls`, over TLS. Gives the address it is bound to.
asio::ip::tcp::endpoint serve(asio::io_context& context, asio::ip::tcp::endpoint on, asio::ssl::context* tls,
                              handler answer);

} // namespace simulator
