// SPDX-License-Identifier: BSL-1.0
// An identity provider that costs nothing: token, user and emails of as many people as there are codes, over HTTP and TLS on
// kept-alive connections. Only the benchmark's services talk to it.
//
//   provider --cert FILE --key FILE [--close-after-ms MEAN]
//
// GET /counts tells what has happened so far. With --close-after-ms it closes connections that are idle, at random. From
// GET /hang on it takes requests and answers none, until GET /answer. To a code with a nonce behind a dot it is an OpenID
// provider: the answer has an ID token too, signed with the client's secret, and GET /userinfo tells the user with `sub`. Its
// metadata is where OpenID Connect Discovery puts it.
#include "event_loop.hpp"

#include <chrono>
#include <csignal>
#include <ctime>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#include <random>
#include <unordered_set>

using namespace login_benchmark;

namespace {

using steady = std::chrono::steady_clock;

struct connection {
    int fd = -1;
    SSL* tls = nullptr;
    bool ready = true;
    std::string in;
    steady::time_point close_at = steady::time_point::max();
};

struct {
    long connections = 0, handshakes = 0, resumed = 0, requests = 0, tokens = 0, closed = 0;
} counts;

long close_after_ms = 0;
bool hangs = false;
std::mt19937 random_bits(7); // NOLINT: the same moments in every run

std::string message(std::string_view body, std::string_view status = "200 OK") {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Type: application/json; charset=utf-8\r\nServer: benchmark\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

/// About 1 KB, as Bitbucket sends it.
std::string user(std::string const& n) {
    std::string const uuid = "{5b1f6a0e-93c4-4f0d-8f57-" + std::string(12 - std::min<std::size_t>(n.size(), 12), '0') + n + "}";
    std::string const api = "https://api.bitbucket.org/2.0/users/%7B5b1f6a0e-93c4-4f0d-8f57-20c1d4b7e6aa%7D";
    return R"({"display_name":"Tom Vlk )" + n + R"(","links":{"self":{"href":")" + api +
           R"("},"avatar":{"href":"https://avatars.example/initials/TV-3.png?size=128&d=https%3A%2F%2Fp.example%2FTV"},)" +
           R"("repositories":{"href":")" + api + R"(/r"},"snippets":{"href":")" + api + R"(/s"},"html":{"href":")" + api +
           R"(/h"},"hooks":{"href":")" + api + R"(/w"}},"created_on":"2020-11-02T08:15:30.120045+00:00","type":"user",)" +
           R"("uuid":")" + uuid + R"(","has_2fa_enabled":null,"username":"tvlk)" + n +
           R"(","is_staff":false,"location":null,"website":"https://tomvlk.example/","account_status":"active",)" +
           R"("nickname":"Tom V","account_id":"712020:9d3e5c1b-7a44-4f6e-b1d0-55a2c8e0f713"})";
}

std::string emails(std::string const& n) {
    return R"({"pagelen":10,"values":[{"type":"email","is_primary":false,"is_confirmed":true,"email":"old)" + n +
           R"(@vlk.example"},{"type":"email","is_primary":true,"is_confirmed":true,"email":"tom)" + n +
           R"(@vlk.example"}],"page":1,"size":2})";
}

std::string base64url(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0'); // the function ends it with a zero
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<unsigned char const*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    text.resize((4 * bytes.size() + 2) / 3); // without the filling
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

/// Signed by the secret of the client of every service here.
std::string id_token(std::string const& n, std::string const& nonce) {
    auto const now = static_cast<long>(std::time(nullptr));
    std::string token = base64url(R"({"alg":"HS256"})") + '.' +
                        base64url(R"({"iss":"https://provider.example","sub":")" + n + R"(","aud":"key","iat":)" + std::to_string(now) +
                                  R"(,"exp":)" + std::to_string(now + 300) + R"(,"nonce":")" + nonce + R"("})");
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), "secret", 6, reinterpret_cast<unsigned char const*>(token.data()), token.size(), mac, &size);
    return token + '.' + base64url({reinterpret_cast<char const*>(mac), size});
}

std::string metadata(std::string_view host) {
    std::string const at = (host.starts_with("localhost") ? "https://" : "http://") + std::string(host);
    return R"({"issuer":"https://provider.example","authorization_endpoint":"https://bitbucket.org/site/oauth2/authorize",)"
           R"("token_endpoint":")" + at + R"(/token","userinfo_endpoint":")" + at + R"(/userinfo","response_types_supported":["code"],)"
           R"("subject_types_supported":["public"],"id_token_signing_alg_values_supported":["HS256"]})";
}

/// The number of the person whose bearer token this is.
std::string person(std::string_view head) {
    auto const token = field(head, "Authorization:");
    auto const at = token.find("at-");
    return at == token.npos ? "0" : std::string(token.substr(at + 3));
}

std::string answer(std::string_view request) {
    auto const head = request.substr(0, request.find("\r\n\r\n") + 2);
    ++counts.requests;
    if (request.starts_with("POST /token")) {
        ++counts.tokens;
        auto const body = request.substr(head.size() + 2);
        auto const at = body.find("code=");
        auto code = std::string(body.substr(at + 5, body.find('&', at) - at - 5));
        std::string openid;
        if (auto const dot = code.find('.'); dot != code.npos) {
            auto const nonce = code.substr(dot + 1);
            code.resize(dot);
            openid = R"(,"id_token":")" + id_token(code, nonce) + '"';
        }
        return message(R"({"access_token":"at-)" + code + R"(","scopes":"account email","expires_in":7200,"refresh_token":"rt-)" +
                       code + R"(","token_type":"bearer","state":"authorization_code")" + openid + "}");
    }
    if (request.starts_with("GET /user/emails")) return message(emails(person(head)));
    if (request.starts_with("GET /.well-known/openid-configuration")) return message(metadata(field(head, "Host:")));
    if (request.starts_with("GET /userinfo")) return message(R"({"sub":")" + person(head) + R"(",)" + user(person(head)).substr(1));
    if (request.starts_with("GET /user")) return message(user(person(head)));
    if (request.starts_with("GET /hang") || request.starts_with("GET /answer")) {
        hangs = request.starts_with("GET /hang");
        return message("{}");
    }
    if (request.starts_with("GET /counts"))
        return message(R"({"connections":)" + std::to_string(counts.connections) + R"(,"handshakes":)" +
                       std::to_string(counts.handshakes) + R"(,"resumed":)" + std::to_string(counts.resumed) +
                       R"(,"requests":)" + std::to_string(counts.requests) + R"(,"tokens":)" + std::to_string(counts.tokens) +
                       R"(,"closed":)" + std::to_string(counts.closed) + "}");
    return message("{}", "404 Not Found");
}

class provider {
public:
    explicit provider(SSL_CTX* context) : context_(context) {}

    void run() {
        unsigned short plain = 0, tls = 0;
        int const plain_listener = listen_on_free_port(plain), tls_listener = listen_on_free_port(tls);
        watch(loop_, plain_listener, &plain_tag_);
        watch(loop_, tls_listener, &tls_tag_);
        std::printf("listening on http://127.0.0.1:%d\nlistening on https://localhost:%d\n", plain, tls);
        std::fflush(stdout);
        epoll_event events[256];
        for (;;) {
            int const n = epoll_wait(loop_, events, 256, close_after_ms > 0 ? 1 : -1);
            for (int i = 0; i < n; ++i) {
                void* const tag = events[i].data.ptr;
                if (tag == &plain_tag_)
                    accept_all(plain_listener, false);
                else if (tag == &tls_tag_)
                    accept_all(tls_listener, true);
                else if (auto* c = static_cast<connection*>(tag); open_.contains(c) && !serve(*c))
                    drop(c);
            }
            if (close_after_ms > 0) close_idle();
        }
    }

private:
    void accept_all(int listener, bool tls) {
        for (int fd; (fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
            no_delay(fd);
            auto* c = new connection;
            c->fd = fd;
            ++counts.connections;
            if (tls) {
                c->tls = SSL_new(context_);
                c->ready = false;
                SSL_set_fd(c->tls, fd);
                SSL_set_accept_state(c->tls);
            }
            open_.insert(c);
            watch(loop_, fd, c);
        }
    }

    /// False: the connection is over.
    bool serve(connection& c) {
        ERR_clear_error(); // what another connection left would be taken for this one's
        if (!c.ready) {
            int const done = SSL_do_handshake(c.tls);
            if (done != 1) return SSL_get_error(c.tls, done) == SSL_ERROR_WANT_READ;
            c.ready = true;
            ++counts.handshakes;
            if (SSL_session_reused(c.tls) == 1) ++counts.resumed;
        }
        char bytes[16384];
        for (;;) {
            long const n = c.tls ? SSL_read(c.tls, bytes, sizeof bytes) : read(c.fd, bytes, sizeof bytes);
            if (n <= 0) {
                bool const later = c.tls ? SSL_get_error(c.tls, static_cast<int>(n)) == SSL_ERROR_WANT_READ
                                         : n < 0 && errno == EAGAIN;
                if (!later) return false;
                break;
            }
            c.in.append(bytes, static_cast<std::size_t>(n));
            if (!c.tls && n < static_cast<long>(sizeof bytes)) break;
        }
        while (auto const size = message_size(c.in)) {
            auto const out = answer(std::string_view(c.in).substr(0, size));
            bool const order = c.in.starts_with("GET /hang") || c.in.starts_with("GET /answer");
            c.in.erase(0, size);
            if (hangs && !order) continue;
            long const sent = c.tls ? SSL_write(c.tls, out.data(), static_cast<int>(out.size())) : write(c.fd, out.data(), out.size());
            if (sent != static_cast<long>(out.size())) return false;
        }
        if (close_after_ms > 0) {
            std::exponential_distribution<double> wait(1.0 / static_cast<double>(close_after_ms));
            c.close_at = steady::now() + std::chrono::microseconds(static_cast<long>(wait(random_bits) * 1000));
        }
        return true;
    }

    void close_idle() {
        auto const now = steady::now();
        for (auto at = open_.begin(); at != open_.end();) {
            auto* const c = *at++;
            if (now < c->close_at) continue;
            if (c->tls) SSL_shutdown(c->tls);
            ++counts.closed;
            drop(c);
        }
    }

    void drop(connection* c) {
        open_.erase(c);
        if (c->tls) SSL_free(c->tls);
        close(c->fd);
        delete c;
    }

    SSL_CTX* context_;
    int loop_ = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    int plain_tag_ = 0, tls_tag_ = 0;
    std::unordered_set<connection*> open_;
};

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    close_after_ms = number(argc, argv, "--close-after-ms", 0);
    SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
    auto const certificate = option(argc, argv, "--cert"), key = option(argc, argv, "--key");
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        std::fprintf(stderr, "provider: --cert and --key must be PEM files that belong together\n");
        return 1;
    }
    SSL_CTX_set_session_id_context(context, reinterpret_cast<unsigned char const*>("benchmark"), 9);
    provider(context).run();
}
