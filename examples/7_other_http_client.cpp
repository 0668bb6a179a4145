// 7: another framework's HTTP client, here cpp-httplib. It blocks, so blocking_transport gives it threads, a checked
// address and a deadline. Neither Beast nor our TLS is compiled. Where it keeps less than the concept promises:
// cpp-httplib bounds a header line, not their sum; only the first address is tried; looking up a name takes as long as
// the system lets it.
#include <authmod/module/auth_module.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/transport/blocking_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <httplib.h>
#include <iostream>

using authmod::errc;
using httplib::Error;

struct httplib_exchange {
    std::string ca_file = "/etc/ssl/certs/ca-certificates.crt";

    authmod::result<authmod::http_response> operator()(authmod::outbound_peer const& peer,
                                                       authmod::http_request const& request, authmod::timeouts limit,
                                                       std::stop_token late) const {
        if (!peer.https) return errc::address_refused;
        httplib::SSLClient client(peer.host, peer.port);
        client.set_hostname_addr_map({{peer.host, peer.address.to_string()}});
        client.set_ca_cert_path(ca_file);
        client.set_decompress(false);
        client.set_connection_timeout(limit.whole());
        std::stop_callback const cut(late, [&] { client.stop(); });

        httplib::Request asked;
        asked.method = request.method;
        asked.path = peer.target;
        asked.body = request.body;
        for (auto const& h : request.headers) asked.set_header(h.name, h.value);
        authmod::http_response out;
        bool begun = false, large = false;
        asked.response_handler = [&](httplib::Response const&) { return begun = true; };
        asked.content_receiver = [&](char const* data, std::size_t size, std::uint64_t, std::uint64_t) {
            large = out.body.size() + size > request.max_body;
            if (!large) out.body.append(data, size);
            return !large && !late.stop_requested();
        };

        auto const got = client.send(asked);
        if (large) return errc::response_too_large;
        if (!got) return meaning(got.error(), begun);
        out.status = got->status;
        for (auto const& [name, value] : got->headers) out.headers.emplace_back(name, value);
        return out;
    }

    static errc meaning(Error error, bool begun) {
        if (error == Error::ConnectionTimeout) return errc::timed_out;
        if (error == Error::Connection) return errc::provider_unreachable;
        if (error >= Error::SSLConnection && error <= Error::SSLServerVerification) return errc::tls_failed;
        return begun ? errc::response_cut : errc::no_response;
    }
};

using httplib_transport = authmod::blocking_transport<httplib_exchange>;
static_assert(authmod::http_transport<httplib_transport>);

int main() {
    authmod::policies<httplib_transport> policies;
    authmod::auth_module<authmod::bitbucket_cloud, decltype(policies)> bitbucket{policies,
                                                                                 authmod::environment("BITBUCKET_")};
    boost::asio::io_context context;
    boost::asio::co_spawn(context, bitbucket.begin_login("/"), [](std::exception_ptr, auto start) {
        std::cout << "Open " << start.value().location << '\n'; // and then finish_login, as in the first program
    });
    context.run();
}
