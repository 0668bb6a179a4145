// A service that keeps the tokens of an OpenID provider. It takes one order a line and answers each with one line:
// `login` gives the address to open, `callback URL` finishes the login and gives who it is, `tokens N` asks for the tokens
// N times at once and gives the different access tokens, `logout` gives the address to open.
// Arguments: issuer, CA file.
#include "authmod/authmod.hpp"
#include "authmod/provider/oidc.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <iostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace authmod;
using bag = policies<beast_transport>;

/// The words of a failure, for the test's eyes.
std::string told(failure const& why) {
    return "failed " + std::string(to_word(why.code)) + " " + why.details.step + " " + why.details.provider_said;
}

class service {
public:
    service(std::string issuer, std::string ca_file)
        : parts_(beast_transport(trusting(std::move(ca_file)))),
          module_(parts_, credentials("keeper", "the secret of this client", "http://127.0.0.1:1/callback"), at(std::move(issuer)),
                  keeping()) {}

    std::string answer(std::string const& order) {
        auto const blank = order.find(' ');
        std::string const verb = order.substr(0, blank), rest = blank == order.npos ? "" : order.substr(blank + 1);
        if (verb == "login") return log_in();
        if (verb == "callback") return finish(rest);
        if (verb == "tokens") return tokens(std::stoi(rest));
        auto const location = wait(module_.log_out(session_));
        return location ? *location : std::string(to_word(location.error()));
    }

private:
    static transport_options trusting(std::string ca_file) {
        transport_options options;
        options.ca_file = std::move(ca_file);
        return options;
    }

    static settings at(std::string issuer) {
        settings text = default_settings<oidc>();
        text.issuer = std::move(issuer);
        text.scopes = "openid profile offline_access";
        return text;
    }

    static service_options keeping() {
        service_options options;
        options.allow_loopback_http = true;
        options.keep_tokens = true;
        return options;
    }

    template <class T>
    T wait(asio::awaitable<T> call) {
        asio::io_context context;
        auto done = asio::co_spawn(context, std::move(call), asio::use_future);
        context.run();
        return done.get();
    }

    std::string log_in() {
        auto start = wait(module_.begin_login("/"));
        if (!start) return told(start.error());
        attempt_ = start->attempt;
        return start->location;
    }

    std::string finish(std::string const& url) {
        auto login = wait(module_.finish_login(url, attempt_));
        if (!login) return told(login.error());
        session_ = login->session_id.expose();
        return login->user.username;
    }

    std::string tokens(int count) {
        asio::io_context context;
        std::vector<std::future<result<kept_tokens, failure>>> calls;
        for (int i = 0; i != count; ++i)
            calls.push_back(asio::co_spawn(context, module_.provider_tokens(session_), asio::use_future));
        context.run();
        std::set<std::string> different;
        for (auto& call : calls) {
            auto const given = call.get();
            different.insert(given ? std::string(given->access_token.expose()) : told(given.error()));
        }
        std::string line;
        for (auto const& one : different) line.append(line.empty() ? "" : "\t").append(one);
        return line;
    }

    bag parts_;
    auth_module<oidc, bag> module_;
    std::string attempt_, session_;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    service keeper(argv[1], argv[2]);
    for (std::string order; std::getline(std::cin, order);) std::cout << keeper.answer(order) << std::endl;
}
