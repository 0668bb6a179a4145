// SPDX-License-Identifier: BSL-1.0
// A real server on a loopback address for tests: blocking sockets, OpenSSL, a thread per connection, and certificates
// made when they are needed. Stays away from Asio on purpose: it is the other side.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace authmod_test {

using namespace std::chrono_literals;

/// A certificate with its key, and what issued it.
struct identity {
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> certificate;
};

/// What to write into a certificate.
struct certificate_text {
    std::string common_name = "authmod test";
    std::string alternative_names; ///< `DNS:localhost,IP:127.0.0.1`; empty: none
    bool authority = false;
    std::chrono::seconds from = -1h;
    std::chrono::seconds until = 24h;
};

/// Makes a certificate signed by `issuer`, or by itself. P-256: a fresh key costs nothing.
inline identity make_identity(certificate_text const& text, identity const* issuer = nullptr) {
    identity out;
    out.key.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
    out.certificate.reset(X509_new(), X509_free);
    X509* const x = out.certificate.get();
    static std::atomic<long> serial{1};
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), static_cast<long>(text.from.count()));
    X509_gmtime_adj(X509_getm_notAfter(x), static_cast<long>(text.until.count()));
    X509_set_pubkey(x, out.key.get());
    auto const* name = reinterpret_cast<unsigned char const*>(text.common_name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, name, -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer->certificate.get() : x));
    auto extend = [&](int nid, std::string const& value) {
        X509V3_CTX context;
        X509V3_set_ctx(&context, issuer ? issuer->certificate.get() : x, x, nullptr, nullptr, 0);
        auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
        if (extension == nullptr) throw std::runtime_error("bad certificate extension " + value);
        X509_add_ext(x, extension, -1);
        X509_EXTENSION_free(extension);
    };
    extend(NID_basic_constraints, text.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!text.alternative_names.empty()) extend(NID_subject_alt_name, text.alternative_names);
    X509_sign(x, issuer ? issuer->key.get() : out.key.get(), EVP_sha256());
    return out;
}

/// The authority that the tests trust, and its certificate in a file.
class authority {
public:
    authority() {
        certificate_text text;
        text.common_name = "authmod test authority";
        text.authority = true;
        self_ = make_identity(text);
        char name[] = "/tmp/authmod-ca-XXXXXX";
        int const fd = mkstemp(name);
        if (fd < 0) throw std::runtime_error("no temporary file");
        file_ = name;
        auto* out = fdopen(fd, "w");
        PEM_write_X509(out, self_.certificate.get());
        std::fclose(out);
    }
    ~authority() { std::filesystem::remove(file_); }
    authority(authority const&) = delete;
    authority& operator=(authority const&) = delete;

    [[nodiscard]] std::string const& file() const noexcept { return file_; }
    [[nodiscard]] identity issue(certificate_text const& text) const { return make_identity(text, &self_); }
    [[nodiscard]] identity issue(std::string names) const {
        certificate_text text;
        text.alternative_names = std::move(names);
        return issue(text);
    }

private:
    identity self_;
    std::string file_;
};

/// One connection as the server's behaviour sees it.
class peer {
public:
    peer(int fd, SSL_CTX* context, std::atomic<bool> const& stopping) : fd_(fd), stopping_(stopping) {
        if (context != nullptr) {
            ssl_ = SSL_new(context);
            SSL_set_fd(ssl_, fd);
        }
    }
    ~peer() {
        SSL_free(ssl_);
        if (fd_ >= 0) ::close(fd_);
    }
    peer(peer const&) = delete;
    peer& operator=(peer const&) = delete;

    [[nodiscard]] bool shake_hands() {
        bool const ok = ssl_ == nullptr || SSL_accept(ssl_) == 1;
        ERR_clear_error();
        return ok;
    }
    [[nodiscard]] bool resumed() const { return ssl_ != nullptr && SSL_session_reused(ssl_) == 1; }

    /// The name that the other side announced (SNI), or null.
    [[nodiscard]] char const* server_name() const { return SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name); }

    /// Reads some bytes; empty when the other side has gone.
    std::string read_some() {
        char bytes[16384];
        long n = ssl_ != nullptr ? SSL_read(ssl_, bytes, sizeof bytes) : ::recv(fd_, bytes, sizeof bytes, 0);
        ERR_clear_error();
        if (n <= 0) return {};
        received_ += static_cast<std::size_t>(n);
        return std::string(bytes, static_cast<std::size_t>(n));
    }

    /// Reads a request with its body; nothing when the other side has gone.
    std::optional<std::string> read_request() {
        std::size_t head = std::string::npos, size = 0;
        while (true) {
            if (head == std::string::npos && (head = pending_.find("\r\n\r\n")) != std::string::npos) {
                head += 4;
                size = head;
                auto const at = pending_.find("Content-Length: ");
                std::size_t body = 0;
                if (at < head) std::from_chars(pending_.data() + at + 16, pending_.data() + head, body);
                size += body;
            }
            if (head != std::string::npos && pending_.size() >= size) {
                std::string out = pending_.substr(0, size);
                pending_.erase(0, size);
                return out;
            }
            auto more = read_some();
            if (more.empty()) return std::nullopt;
            pending_ += more;
        }
    }

    bool write(std::string_view text) {
        while (!text.empty()) {
            long const n = ssl_ != nullptr ? SSL_write(ssl_, text.data(), static_cast<int>(text.size()))
                                           : ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
            ERR_clear_error();
            if (n <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }

    /// Waits for `time`; ends early, with `false`, when the server stops or the other side goes.
    bool wait(std::chrono::milliseconds time) {
        auto const end = std::chrono::steady_clock::now() + time;
        while (std::chrono::steady_clock::now() < end) {
            pollfd p{fd_, POLLRDHUP, 0};
            ::poll(&p, 1, static_cast<int>(std::min<long>(20, time.count())));
            if (stopping_ || p.revents != 0) return false;
        }
        return true;
    }
    /// Does nothing until the other side gives up.
    void hang() { wait(1h); }

    /// Ends TLS and the connection in order.
    void finish() {
        if (ssl_ != nullptr) SSL_shutdown(ssl_);
        ERR_clear_error();
        ::shutdown(fd_, SHUT_RDWR);
    }
    /// Ends the connection without a word of TLS.
    void drop() { ::shutdown(fd_, SHUT_RDWR); }
    /// Ends the connection with a TCP reset.
    void reset() {
        linger const now{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        ::close(std::exchange(fd_, -1));
    }

    [[nodiscard]] std::size_t received() const noexcept { return received_; }
    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    int fd_;
    SSL* ssl_ = nullptr;
    std::atomic<bool> const& stopping_;
    std::string pending_;
    std::size_t received_ = 0;
};

/// A body with the header it needs.
inline std::string ok(std::string_view body, std::string_view more_headers = {}) {
    std::string out = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    out.append(more_headers).append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
    return out.append(body);
}

/// How a server is set up.
struct server_options {
    std::string address = "127.0.0.1";
    unsigned short port = 0;     ///< 0: any
    std::optional<identity> who; ///< none: plain HTTP
    int newest_tls = TLS1_3_VERSION;
};

/** Runs `behaviour` in a thread for each connection, after the handshake.

    Counters may be read at any time. The destructor waits for all threads.
*/
class tls_server {
public:
    using behaviour = std::function<void(peer&)>;

    tls_server(server_options options, behaviour what) : options_(std::move(options)), behaviour_(std::move(what)) {
        std::signal(SIGPIPE, SIG_IGN); // SSL_write knows no MSG_NOSIGNAL
        if (options_.who) {
            context_.reset(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
            SSL_CTX_set_security_level(context_.get(), 0); // or it would not even offer old versions
            SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
            SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
            SSL_CTX_set_max_proto_version(context_.get(), options_.newest_tls);
            SSL_CTX_use_certificate(context_.get(), options_.who->certificate.get());
            SSL_CTX_use_PrivateKey(context_.get(), options_.who->key.get());
        }
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in a{};
        a.sin_family = AF_INET;
        a.sin_port = htons(options_.port);
        ::inet_pton(AF_INET, options_.address.c_str(), &a.sin_addr);
        socklen_t size = sizeof a;
        int const on = 1;
        ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&a), size) != 0 || ::listen(listener_, 128) != 0)
            throw std::runtime_error("cannot listen on " + options_.address);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&a), &size);
        port_ = ntohs(a.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    ~tls_server() {
        stopping_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        ::close(listener_);
        {
            std::lock_guard lock(mutex_);
            for (int fd : open_) ::shutdown(fd, SHUT_RDWR);
        }
        for (auto& t : threads_) t.join();
    }
    tls_server(tls_server const&) = delete;
    tls_server& operator=(tls_server const&) = delete;

    [[nodiscard]] unsigned short port() const noexcept { return port_; }
    [[nodiscard]] std::string url(std::string_view path = "/", std::string_view host = "localhost") const {
        std::string out = options_.who ? "https://" : "http://";
        return out.append(host).append(":").append(std::to_string(port_)).append(path);
    }

    [[nodiscard]] int connections() const noexcept { return connections_; }
    [[nodiscard]] int handshakes() const noexcept { return handshakes_; }
    [[nodiscard]] int resumed() const noexcept { return resumed_; }
    /// Bytes that came after the handshake, of connections that are over.
    [[nodiscard]] std::size_t http_bytes() const noexcept { return http_bytes_; }
    /// Connections that are over.
    [[nodiscard]] int ended() const noexcept { return ended_; }

private:
    void accept_all() {
        while (true) {
            int const fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) return;
            ++connections_;
            int const on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            std::lock_guard lock(mutex_);
            open_.push_back(fd);
            if (stopping_) ::shutdown(fd, SHUT_RDWR);
            threads_.emplace_back([this, fd] { serve(fd); });
        }
    }
    void serve(int fd) {
        auto p = std::make_unique<peer>(fd, context_.get(), stopping_);
        if (p->shake_hands()) {
            if (options_.who) ++handshakes_;
            if (p->resumed()) ++resumed_;
            behaviour_(*p);
        }
        http_bytes_ += p->received();
        std::lock_guard lock(mutex_);
        open_.remove(fd);
        p.reset();
        ++ended_;
    }

    server_options options_;
    behaviour behaviour_;
    std::shared_ptr<SSL_CTX> context_;
    int listener_ = -1;
    unsigned short port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<int> connections_{0}, handshakes_{0}, resumed_{0}, ended_{0};
    std::atomic<std::size_t> http_bytes_{0};
    std::mutex mutex_;
    std::list<int> open_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

/// Answers every request with what `answer` makes of it, and keeps the connection.
inline tls_server::behaviour answering(std::function<std::string(std::string const&)> answer) {
    return [answer = std::move(answer)](peer& p) {
        while (auto request = p.read_request())
            if (!p.write(answer(*request))) return;
    };
}

/// A port at which connecting neither succeeds nor fails: its queue is full, and nobody accepts.
class black_hole {
public:
    black_hole() {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in a{};
        a.sin_family = AF_INET;
        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof a;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&a), size) != 0 || ::listen(listener_, 0) != 0)
            throw std::runtime_error("cannot listen");
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&a), &size);
        port_ = ntohs(a.sin_port);
        for (int& fd : fillers_) {
            fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            (void)::connect(fd, reinterpret_cast<sockaddr*>(&a), size);
        }
        std::this_thread::sleep_for(20ms);
    }
    ~black_hole() {
        for (int fd : fillers_) ::close(fd);
        ::close(listener_);
    }
    black_hole(black_hole const&) = delete;
    black_hole& operator=(black_hole const&) = delete;

    [[nodiscard]] unsigned short port() const noexcept { return port_; }

private:
    int listener_ = -1;
    unsigned short port_ = 0;
    int fillers_[4]{};
};

} // namespace authmod_test
