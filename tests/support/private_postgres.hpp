// SPDX-License-Identifier: BSL-1.0
// A PostgreSQL server of the test's own (tests/support/postgres), and a wire to it that can be cut at any packet.
#pragma once

#include "support/scratch.hpp"
#include "test_paths.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace authmod_test {

class private_postgres {
public:
    private_postgres() {
        auto const said = run("start");
        if (installed_ && said.empty()) throw std::runtime_error("the private PostgreSQL does not start");
        address_ = said.substr(0, said.find('\n'));
    }

    ~private_postgres() { run("stop"); }

    private_postgres(private_postgres const&) = delete;
    private_postgres& operator=(private_postgres const&) = delete;

    /// Whether PostgreSQL is on this machine at all.
    [[nodiscard]] bool is_there() const noexcept { return installed_; }

    /// Of the database `name`, with `host` instead of `localhost`.
    [[nodiscard]] std::string address(std::string const& name = "postgres",
                                      std::string const& host = "localhost") const {
        auto text = address_.substr(0, address_.rfind('/') + 1) + name;
        return text.replace(text.find("localhost"), 9, host);
    }

    /// The same server by another port.
    [[nodiscard]] std::string address_at(int port, std::string const& name) const {
        auto text = address(name, "127.0.0.1");
        auto const colon = text.rfind(':');
        return text.replace(colon + 1, text.rfind('/') - colon - 1, std::to_string(port));
    }

    [[nodiscard]] int port() const {
        auto const colon = address_.rfind(':');
        return std::stoi(address_.substr(colon + 1));
    }

    [[nodiscard]] std::string certificate() const { return folder_ / "server.crt"; }

    void halt() { run("halt"); }

    void resume() { run("resume"); }

    void freeze() { run("freeze"); }

    void thaw() { run("thaw"); }

private:
    std::string run(char const* command) {
        auto const line = std::string("bash '") + AUTHMOD_SOURCE_DIR "/tests/support/postgres' " + command + " '" +
                          folder_.path() + '\'';
        std::FILE* const pipe = ::popen(line.c_str(), "r");
        if (!pipe) throw std::runtime_error("no shell");
        std::string said;
        char buffer[512];
        while (std::fgets(buffer, sizeof buffer, pipe)) said += buffer;
        int const status = ::pclose(pipe);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) installed_ = false;
        return said;
    }

    scratch folder_; // `stop` empties it
    std::string address_;
    bool installed_ = true;
};

/// Passes bytes on between clients and a server on this machine, until `cut` says about what a client sent: no more.
class cuttable_wire {
public:
    enum class verdict { pass, cut_before, cut_after };

    cuttable_wire(int server_port, std::function<verdict(std::string_view sent)> judge)
        : server_port_(server_port), judge_(std::move(judge)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        auto address = loopback(0);
        socklen_t size = sizeof address;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("no port for the wire");
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }

    ~cuttable_wire() {
        stopping_ = true;
        acceptor_.join();
        for (auto& wire : wires_) wire.join();
        ::close(listener_);
    }

    [[nodiscard]] int port() const noexcept { return port_; }

private:
    static sockaddr_in loopback(int port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        return address;
    }

    void accept_all() {
        while (!stopping_) {
            pollfd ready{listener_, POLLIN, 0};
            if (::poll(&ready, 1, 20) != 1) continue;
            int const client = ::accept(listener_, nullptr, nullptr);
            if (client >= 0) wires_.emplace_back([this, client] { pass_on(client); });
        }
    }

    void pass_on(int client) {
        int const server = ::socket(AF_INET, SOCK_STREAM, 0);
        auto const address = loopback(server_port_);
        bool open = ::connect(server, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
        char buffer[65536];
        while (open && !stopping_) {
            pollfd ready[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            if (::poll(ready, 2, 20) <= 0) continue;
            for (int i = 0; open && i < 2; ++i) {
                if (ready[i].revents == 0) continue;
                auto const n = ::recv(ready[i].fd, buffer, sizeof buffer, 0);
                open = n > 0;
                if (!open) break;
                auto const size = static_cast<std::size_t>(n);
                auto what = verdict::pass;
                if (i == 0) {
                    std::lock_guard lock(mutex_);
                    what = judge_({buffer, size});
                }
                if (what != verdict::cut_before) open = ::send(ready[1 - i].fd, buffer, size, MSG_NOSIGNAL) == n;
                if (what != verdict::pass) open = false;
            }
        }
        // The server hears of it when it has done what was sent.
        ::shutdown(server, SHUT_WR);
        ::close(client);
        while (!stopping_ && ::recv(server, buffer, sizeof buffer, 0) > 0) {
        }
        ::close(server);
    }

    int const server_port_;
    std::function<verdict(std::string_view)> const judge_;
    int const listener_;
    int port_ = 0;
    std::mutex mutex_;
    std::atomic<bool> stopping_{false};
    std::list<std::thread> wires_;
    std::thread acceptor_;
};

} // namespace authmod_test
