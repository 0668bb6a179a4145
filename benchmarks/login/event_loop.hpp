// SPDX-License-Identifier: BSL-1.0
// What provider and browsers of the benchmark share: one thread, epoll, and as little as can be between the kernel and the
// service that is measured. For loopback only: what they read is trusted.
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace login_benchmark {

[[noreturn]] inline void die(char const* what) {
    std::perror(what);
    std::exit(1);
}

inline int must(int value, char const* what) {
    if (value < 0) die(what);
    return value;
}

inline sockaddr_in loopback(unsigned short port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return to;
}

inline void no_delay(int fd) {
    int const on = 1;
    must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
}

/// A listening socket on a free port, which it gives.
inline int listen_on_free_port(unsigned short& port) {
    int const fd = must(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    sockaddr_in at = loopback(0);
    socklen_t size = sizeof at;
    must(bind(fd, reinterpret_cast<sockaddr*>(&at), size), "bind");
    must(listen(fd, 1024), "listen");
    must(getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size), "getsockname");
    port = ntohs(at.sin_port);
    return fd;
}

inline int connect_to(unsigned short port) {
    int const fd = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    sockaddr_in const to = loopback(port);
    must(connect(fd, reinterpret_cast<sockaddr const*>(&to), sizeof to), "connect");
    no_delay(fd);
    return fd;
}

inline void watch(int loop, int fd, void* tag) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    event.data.ptr = tag;
    must(epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

/// The value of a header field, empty when it is not there. `name` ends in a colon and is as the peer spells it.
inline std::string_view field(std::string_view head, std::string_view name) {
    for (std::size_t at = 0; (at = head.find("\r\n", at)) != head.npos;) {
        at += 2;
        if (strncasecmp(head.data() + at, name.data(), name.size()) != 0) continue;
        auto value = head.substr(at + name.size());
        value = value.substr(0, value.find("\r\n"));
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
        return value;
    }
    return {};
}

/// Size of the first whole message in `in`, 0 while it is unfinished.
inline std::size_t message_size(std::string_view in) {
    auto const end = in.find("\r\n\r\n");
    if (end == in.npos) return 0;
    auto const head = in.substr(0, end + 2);
    if (auto const length = field(head, "Content-Length:"); !length.empty()) {
        auto const size = end + 4 + std::strtoul(std::string(length).c_str(), nullptr, 10);
        return in.size() >= size ? size : 0;
    }
    if (field(head, "Transfer-Encoding:").empty()) return end + 4;
    auto const last = in.find("\r\n0\r\n\r\n", end + 2);
    return last == in.npos ? 0 : last + 7;
}

/// The argument behind `--name`.
inline std::string option(int argc, char** argv, std::string_view name, std::string fallback = {}) {
    for (int i = 1; i + 1 < argc; ++i)
        if (argv[i] == name) return argv[i + 1];
    return fallback;
}

inline long number(int argc, char** argv, std::string_view name, long fallback) {
    auto const text = option(argc, argv, name);
    return text.empty() ? fallback : std::strtol(text.c_str(), nullptr, 10);
}

} // namespace login_benchmark
