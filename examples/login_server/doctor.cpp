// SPDX-License-Identifier: BSL-1.0
#include "doctor.hpp"

#include "parts.hpp"

#include "authmod/module/login_engine.hpp"
#include "authmod/module/policies.hpp"
#include "authmod/protocol/token_request.hpp"
#include "authmod/protocol/token_response.hpp"
#include "authmod/protocol/user_info.hpp"
#include "authmod/provider/all.hpp"
#include "authmod/provider/scopes.hpp"
#include "authmod/server/log.hpp"
#include "authmod/storage/memory_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace login_server {

namespace {

namespace asio = boost::asio;
using authmod::errc;
using authmod::failure;

/// A failure in one line.
std::string told(failure const& why) {
    std::string text(authmod::to_word(why.code));
    text.append(": ").append(why.code.message());
    if (why.details.status != 0) text.append(", HTTP status ").append(std::to_string(why.details.status));
    if (!why.details.provider_said.empty())
        text.append(", the provider said ").append(authmod::log_text(why.details.provider_said));
    return text;
}

/// The lines, as they are found.
class findings {
public:
    findings() : colour_(isatty(STDOUT_FILENO) == 1) {}

    void good(std::string_view what, std::string_view text) { line("ok  ", "32", what, text, {}); }

    void bad(std::string_view what, std::string_view text, std::string_view cure) {
        failed_ = true;
        line("FAIL", "31", what, text, cure);
    }

    void bad(std::string_view what, failure const& why) { bad(what, told(why), authmod::cure(why.code)); }

    void skip(std::string_view what, std::string_view text) { line("skip", "33", what, text, {}); }

    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    void line(std::string_view verdict, std::string_view colour, std::string_view what, std::string_view text,
              std::string_view cure) {
        if (colour_) std::cout << "\033[" << colour << 'm';
        std::cout << verdict;
        if (colour_) std::cout << "\033[0m";
        std::cout << "  " << what << ": " << text;
        if (!cure.empty()) std::cout << " -> " << cure;
        std::cout << std::endl;
    }

    bool colour_;
    bool failed_ = false;
};

/// Runs one check of the flags; what it throws is the finding.
template <class Check>
bool look(findings& out, std::string_view what, Check check) {
    try {
        out.good(what, check());
        return true;
    } catch (start_error const& why) {
        out.bad(what, why.problem, why.cure);
    }
    return false;
}

template <authmod::provider... P>
std::string_view email_scope_of(authmod::registry<P...> const&, std::string_view id) {
    std::string_view found;
    ((id == P::id ? static_cast<void>(found = P::email_scope) : void()), ...);
    return found;
}

/// The moment that a Date header names (RFC 9110 5.6.7, the one form that is written today).
std::optional<std::time_t> read_http_date(std::string const& text) {
    std::tm parts{};
    char const* const end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (!end || *end != '\0') return std::nullopt;
    return timegm(&parts);
}

/// Everything about one module that can be seen without a person logging in.
class module_check {
public:
    module_check(findings& out, authmod::login_engine& engine, authmod::running_module const& module)
        : out_(out), engine_(engine), module_(module), name_(authmod::log_text(module.record.name) + ' ') {}

    asio::awaitable<void> run() {
        if (!settings_are_whole()) co_return;
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
        auto plan = co_await engine_.documents().plan_of(module_, deadline);
        if (!plan) {
            bad("issuer", plan.error());
            co_return;
        }
        plan_ = *plan;
        if (auto const why = engine_.documents().metadata_trouble(*plan_))
            skip("issuer", "its metadata is not used, logins go by the settings alone: " + told(*why));
        else if (module_.plan->reads_metadata())
            good("issuer", "its metadata is usable");
        scopes();
        co_await authorization();
        co_await credentials();
        authmod::settings const& text = plan_->text;
        co_await document("profile", text.user_info_url, "check the user data URL");
        co_await document("email", text.email_url, "check the email URL");
        co_await document("groups", text.groups_url, "check the groups URL");
        if (plan_->is_openid()) co_await keys(deadline);
        clock();
    }

private:
    void good(std::string_view what, std::string_view text) { out_.good(name_ + std::string(what), text); }

    void bad(std::string_view what, failure const& why) { out_.bad(name_ + std::string(what), why); }

    void bad(std::string_view what, std::string_view text, std::string_view cure) {
        out_.bad(name_ + std::string(what), text, cure);
    }

    void skip(std::string_view what, std::string_view text) { out_.skip(name_ + std::string(what), text); }

    bool settings_are_whole() {
        if (!module_.record.sealed_secret.empty() && module_.client_secret.empty()) {
            bad("client secret", failure(errc::seal_broken));
            return false;
        }
        if (!module_.plan && module_.missing.empty()) {
            bad("settings", "setting_refused: a setting fails its rule",
                "open the module at /admin/ and save it; the page names the field");
            return false;
        }
        if (!module_.missing.empty()) {
            std::string fields;
            for (auto const& field : module_.missing) fields.append(fields.empty() ? "" : ", ").append(field);
            bad("settings", "module_incomplete: empty are " + fields, "fill them in at /admin/");
            return false;
        }
        good("settings", module_.record.enabled ? "whole, enabled" : "whole, not enabled");
        return true;
    }

    void scopes() {
        authmod::settings const& text = plan_->text;
        auto const needed = email_scope_of(authmod::all_providers(), module_.record.type);
        bool const email = !text.email.empty() || !text.email_url.empty();
        if (email && !needed.empty() && !authmod::contains_scope(text.scopes, needed))
            bad("scopes", "without `" + std::string(needed) + "` the provider gives no email",
                "add `" + std::string(needed) + "` to the scopes, here and at the provider");
        else
            good("scopes", text.scopes.empty() ? std::string("none asked for") : text.scopes);
    }

    /// What a browser would be told at the beginning of a login.
    asio::awaitable<void> authorization() {
        auto begun = co_await engine_.begin_test_login(module_.record.id, "doctor");
        if (!begun) {
            bad("authorization", begun.error());
            co_return;
        }
        authmod::http_request request("GET", begun->location);
        request.set("Accept", "text/html");
        auto answer = co_await send(request);
        std::string const back = module_.redirect_uri;
        if (!answer && answer.error() != errc::response_too_large) {
            bad("authorization", failure(answer.error()));
        } else if (answer && answer->status >= 400) {
            bad("redirect URI", "authorization_refused: HTTP status " + std::to_string(answer->status),
                "register this callback URL at the provider, byte for byte, and compare the client id: " + back);
        } else if (answer && answer->header("Location").find("error=invalid_scope") != std::string_view::npos) {
            bad("scopes", "authorization_refused: the provider says invalid_scope",
                "allow the client these scopes at the provider, or take them out here: " + plan_->text.scopes);
        } else if (answer && answer->header("Location").find("error=") != std::string_view::npos) {
            bad("redirect URI", "authorization_refused: the provider refuses the request",
                "check client id, scopes and redirect URI at the provider: " + back);
        } else {
            good("redirect URI", back + ": the provider goes on to its login page");
        }
    }

    /// A code that nobody has issued: whoever knows the client says that the code is bad.
    asio::awaitable<void> credentials() {
        authmod::settings const& text = plan_->text;
        authmod::client_credentials const client(text.client_id, module_.client_secret, text.client_authentication);
        std::string verifier;
        if (text.pkce != authmod::pkce_mode::off) verifier.assign(43, 'd');
        authmod::secret const code("authmod-doctor"), proof(std::move(verifier));
        auto const request = authmod::token_request_for_code(client, text.token_url, code, module_.redirect_uri, proof);
        auto answer = co_await send(request);
        if (!answer) {
            bad("token", failure(answer.error()));
            co_return;
        }
        auto const judged = authmod::read_token_response(*answer);
        std::string const said = judged ? std::string() : judged.error().details.provider_said;
        bool const only_the_code = !judged && (judged.error().code == errc::code_refused ||
                                               said.starts_with("bad_verification_code")); // GitHub's word
        if (only_the_code) {
            good("client id and secret", "accepted; the made-up code was refused, as it must be");
        } else if (judged) {
            bad("token", "the provider gave a token for a made-up code", "check that the token URL is the right one");
        } else if (said.starts_with("incorrect_client_credentials")) { // GitHub's
            bad("client id and secret", failure(errc::client_refused));
        } else if (answer->status == 404 || answer->status == 405 || judged.error().code == errc::token_malformed) {
            bad("token", failure(errc::token_malformed, judged.error().details));
        } else {
            bad(judged.error().code == errc::client_refused ? "client id and secret" : "token", judged.error());
        }
    }

    /// A token that nobody has issued: a document of a person must not be given for it.
    asio::awaitable<void> document(std::string_view what, std::string const& url, std::string_view cure) {
        if (url.empty()) co_return;
        authmod::secret const token("authmod-doctor");
        authmod::http_request const request = authmod::user_info_request(url, token);
        auto answer = co_await send(request);
        if (!answer)
            bad(what, failure(answer.error()));
        else if (answer->status == 400 || answer->status == 401 || answer->status == 403)
            good(what, "there, and closed to strangers");
        else
            bad(what, "HTTP status " + std::to_string(answer->status) + " for a made-up token, not 401", cure);
    }

    asio::awaitable<void> keys(std::chrono::steady_clock::time_point deadline) {
        if (plan_->text.jwks_url.empty()) {
            bad("keys", "the provider names no key set", "set the JWKS URL");
            co_return;
        }
        auto found = co_await engine_.documents().keys_of(*plan_, 0, deadline);
        if (!found)
            bad("keys", found.error());
        else
            good("keys", "the key set is usable");
    }

    void clock() {
        if (!skew_) {
            skip("clock", "the provider sent no Date");
            return;
        }
        auto const seconds = std::abs(static_cast<long long>(*skew_));
        std::string const text = std::to_string(seconds) + " s away from the provider's";
        if (seconds > 60)
            bad("clock", text, "set this machine's clock: timedatectl set-ntp true");
        else
            good("clock", text);
    }

    asio::awaitable<authmod::result<authmod::http_response>> send(authmod::http_request const& request) {
        authmod::timeouts limit;
        limit.connect = limit.read = authmod::milliseconds(5000);
        auto answer = co_await engine_.parts().transport->send(request, limit);
        if (answer)
            if (auto const date = read_http_date(std::string(answer->header("Date"))))
                skew_ = std::difftime(std::time(nullptr), *date);
        co_return answer;
    }

    findings& out_;
    authmod::login_engine& engine_;
    authmod::running_module const& module_;
    std::string name_;
    std::shared_ptr<authmod::module_plan const> plan_;
    std::optional<double> skew_;
};

asio::awaitable<void> look_at_modules(findings& out, authmod::login_engine& engine) {
    auto pong = co_await engine.parts().data->ping();
    auto loaded = pong;
    if (pong) loaded = co_await engine.catalog().reload();
    if (!loaded) {
        out.bad("store", failure(loaded.error()));
        co_return;
    }
    auto const modules = engine.modules();
    out.good("store", "answers; modules: " + std::to_string(modules->all.size()));
    bool anybody = false;
    for (auto const& module : modules->all) {
        module_check check(out, engine, *module);
        co_await check.run();
        anybody = anybody || module->record.enabled;
    }
    if (!anybody)
        out.bad("login page", "no module is enabled, so nobody can log in", "create one at /admin/ and enable it");
}

template <class Store>
void look_inside(findings& out, settings const& chosen, authmod::beast_transport transport, Store data,
                 authmod::key_ring keys, std::string const& base_url) {
    authmod::policies<authmod::beast_transport, Store> parts(std::move(transport), std::move(data));
    parts.sealer = std::move(keys);
    authmod::service_options options(base_url);
    options.allow_loopback_http = chosen.allow_loopback_http;
    authmod::login_engine engine(parts.as_ports(), authmod::all_providers(), options);
    asio::io_context context;
    asio::co_spawn(context, look_at_modules(out, engine), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    context.run();
}

} // namespace

int examine(settings const& chosen) {
    findings out;
    look(out, "admin token", [&] {
        return read_admin_token(chosen.admin_token_file).empty()
                   ? "none: only members of authmod-admins can administrate"
                   : "there";
    });
    std::optional<authmod::key_ring> keys;
    look(out, "master key", [&] {
        keys.emplace(read_keys(chosen));
        return chosen.master_key_file.empty() ? "made for this run" : "there";
    });
    std::string base_url;
    look(out, "base URL", [&] { return base_url = check_base_url(chosen.base_url, read_address(chosen.listen)); });
    look(out, "trusted proxies", [&] {
        auto const networks = read_networks(chosen.trusted_proxies, "--trusted-proxy");
        return networks.empty() ? std::string("none: clients are known by their own address")
                                : std::to_string(networks.size());
    });
    std::optional<authmod::beast_transport> transport;
    look(out, "authorities", [&] {
        transport.emplace(make_transport(chosen));
        return chosen.ca_file.empty() ? std::string("the system's") : chosen.ca_file;
    });

    std::string_view const store = chosen.store;
    std::optional<authmod::sqlite_store> file;
    std::optional<authmod::postgres_store> database;
    if (store == "memory:") {
        out.skip("store", "memory: nothing outlasts the process, so there is no module to look at");
    } else if (store.starts_with("sqlite:") && store.size() > 7) {
        std::string const name(store.substr(7));
        std::error_code ignored;
        if (!std::filesystem::exists(name, ignored) &&
            std::filesystem::is_directory(std::filesystem::absolute(name, ignored).parent_path(), ignored))
            out.bad("store", name + " is not there yet", "start login_server once; it makes the database");
        else
            look(out, "database", [&] {
                file.emplace(open_sqlite(name));
                return name;
            });
    } else if (store.starts_with("postgresql://") || store.starts_with("postgres://")) {
        look(out, "database", [&] {
            database.emplace(open_postgres(chosen.store));
            return std::string("PostgreSQL");
        });
    } else {
        out.bad("store", "--store: \"" + chosen.store + "\" is none of memory:, sqlite:FILE and postgresql://...",
                "write sqlite:FILE");
    }
    bool const complete = keys && transport && !base_url.empty();
    if (file && complete)
        look_inside(out, chosen, std::move(*transport), std::move(*file), std::move(*keys), base_url);
    else if (database && complete)
        look_inside(out, chosen, std::move(*transport), std::move(*database), std::move(*keys), base_url);
    else if (file || database)
        out.skip("modules", "mend the lines above first");
    return out.failed() ? 1 : 0;
}

} // namespace login_server
