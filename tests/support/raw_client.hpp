// SPDX-License-Identifier: BSL-1.0
// A client that sends bytes as they are and shows what comes back: no HTTP library would send what these tests send.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace authmod_test {

class raw_client {
public:
    explicit raw_client(boost::asio::ip::tcp::endpoint server) : socket_(context_) { socket_.connect(server); }

    /// False: the server has closed the connection already.
    bool send(std::string_view bytes) {
        boost::system::error_code error;
        boost::asio::write(socket_, boost::asio::buffer(bytes), error);
        return !error;
    }

    /// Everything until the server closes the connection, or until nothing comes for `patience`.
    std::string read_all(std::chrono::milliseconds patience = std::chrono::milliseconds(5000)) {
        while (read_some(patience)) {
        }
        return take(received_.size());
    }

    /// One answer: its head and as much body as Content-Length says (none after HEAD).
    std::string read_answer(bool head_only = false,
                            std::chrono::milliseconds patience = std::chrono::milliseconds(5000)) {
        std::size_t end;
        while ((end = received_.find("\r\n\r\n")) == std::string::npos)
            if (!read_some(patience)) return take(received_.size());
        std::size_t size = end + 4;
        constexpr std::string_view field = "Content-Length: ";
        auto const length = received_.find(field);
        if (length < end && !head_only) size += std::stoul(received_.substr(length + field.size()));
        while (received_.size() < size)
            if (!read_some(patience)) break;
        return take(size);
    }

    [[nodiscard]] bool closed() const { return closed_; }

    /// Sends no more, but still reads.
    void end_sending() { socket_.shutdown(boost::asio::socket_base::shutdown_send); }

private:
    bool read_some(std::chrono::milliseconds patience) {
        bool got = false;
        char bytes[4096];
        context_.restart();
        socket_.async_read_some(boost::asio::buffer(bytes), [&](boost::system::error_code error, std::size_t n) {
            received_.append(bytes, n);
            got = !error;
            closed_ = error && error != boost::asio::error::operation_aborted;
        });
        context_.run_for(patience);
        if (!context_.stopped()) {
            socket_.cancel();
            context_.run();
        }
        return got;
    }

    std::string take(std::size_t n) {
        std::string text = received_.substr(0, n);
        received_.erase(0, n);
        return text;
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_;
    std::string received_;
    bool closed_ = false;
};

} // namespace authmod_test
