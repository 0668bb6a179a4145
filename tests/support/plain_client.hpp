// SPDX-License-Identifier: BSL-1.0
// A client for plain HTTP on this machine, for programs that run as they stand.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <string>
#include <thread>

namespace authmod_test {

/// One request on a connection of its own; gives the whole answer.
inline std::string ask(unsigned short port, std::string const& target, std::string const& cookies = {}) {
    boost::asio::io_context context;
    boost::asio::ip::tcp::socket socket(context);
    boost::system::error_code error;
    for (int tries = 0; tries != 200; ++tries) { // the server may not listen yet
        socket.close();
        socket.connect({boost::asio::ip::make_address("127.0.0.1"), port}, error);
        if (!error) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    boost::asio::write(socket, boost::asio::buffer("GET " + target +
                                                   " HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n" +
                                                   cookies + "\r\n"));
    std::string answer;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), error);
    return answer;
}

inline std::string header(std::string const& answer, std::string const& name) {
    auto const at = answer.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    auto const begin = at + name.size() + 4;
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

inline unsigned short free_port() {
    boost::asio::io_context context;
    return boost::asio::ip::tcp::acceptor(context, {boost::asio::ip::make_address("127.0.0.1"), 0})
        .local_endpoint()
        .port();
}

} // namespace authmod_test
