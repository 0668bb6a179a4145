// SPDX-License-Identifier: BSL-1.0
// Layer 6. A transport that plays a script: no sockets, no provider, and every failure of a provider on demand.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/policy/http_transport.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

/// Whether `text` is spelled like `pattern`, in which each `*` stands for any run of bytes. No recursion.
[[nodiscard]] constexpr bool matches_pattern(std::string_view pattern, std::string_view text) noexcept {
    std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
    while (t != text.size()) {
        if (p != pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (p != pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

} // namespace detail

/** One line of a script: the request that is expected and the reply it gets.

    In every pattern `*` stands for any run of bytes; all other bytes stand for themselves.
*/
class recorded_exchange {
public:
    recorded_exchange(std::string_view method, std::string_view url) : method_(method), url_(url) {}

    /// Expects a header, too.
    recorded_exchange& with_header(std::string_view name, std::string_view pattern) {
        headers_.emplace_back(name, pattern);
        return *this;
    }
    /// Expects a body, too. Any body will do otherwise.
    recorded_exchange& with_body(std::string_view pattern) {
        body_ = pattern;
        return *this;
    }
    /// Expects the request this many times instead of once.
    recorded_exchange& times(unsigned count) {
        left_ = count;
        return *this;
    }

    /// Answers with `body`, as `application/json`.
    recorded_exchange& reply(int status, std::string_view body) {
        http_response response(status, std::string(body));
        response.headers.emplace_back("Content-Type", "application/json");
        return reply(std::move(response));
    }
    recorded_exchange& reply(http_response response) {
        outcome_ = std::move(response);
        return *this;
    }
    /// Fails instead of answering.
    recorded_exchange& fail(errc why) {
        outcome_ = why;
        return *this;
    }

    /// Whether the script's patterns fit this request.
    [[nodiscard]] bool matches(http_request const& request) const noexcept {
        if (method_ != request.method || !detail::matches_pattern(url_, request.url) ||
            !detail::matches_pattern(body_, request.body))
            return false;
        for (auto const& wanted : headers_) {
            bool found = false;
            for (auto const& h : request.headers)
                found = found ||
                        (equal_ignoring_case(h.name, wanted.name) && detail::matches_pattern(wanted.value, h.value));
            if (!found) return false;
        }
        return true;
    }

    /// What the request gets.
    [[nodiscard]] result<http_response> const& outcome() const noexcept { return outcome_; }
    /// How many more times the request is expected.
    [[nodiscard]] unsigned left() const noexcept { return left_; }
    /// `POST https://provider/token`, for messages.
    [[nodiscard]] std::string name() const { return method_ + ' ' + url_; }

private:
    friend class recorded_transport;

    std::string method_;
    std::string url_;
    std::vector<http_header> headers_;
    std::string body_ = "*";
    unsigned left_ = 1;
    result<http_response> outcome_ = http_response(200, std::string());
};

/** The exchanges of a whole login, for example.

    @par Example
    @code
    recorded_script script;
    script.expect("POST", "https://provider.example/token").with_body("*code=c1*").reply(200, token_body);
    script.expect("GET", "https://provider.example/user").with_header("Authorization", "Bearer *").reply(200, user);
    @endcode
*/
class recorded_script {
public:
    recorded_script() = default;

    /// Adds an exchange. Lifetimes: the reference is good as long as the script.
    recorded_exchange& expect(std::string_view method, std::string_view url) {
        return exchanges_.emplace_back(method, url);
    }

    /// Exchanges of the script.
    [[nodiscard]] std::size_t size() const noexcept { return exchanges_.size(); }
    [[nodiscard]] recorded_exchange& operator[](std::size_t i) noexcept { return exchanges_[i]; }
    [[nodiscard]] recorded_exchange const& operator[](std::size_t i) const noexcept { return exchanges_[i]; }

private:
    std::deque<recorded_exchange> exchanges_; // a deque: references stay good while it grows
};

/// A request as the transport got it.
struct recorded_request {
    http_request request; ///< as given to `send`
    timeouts limit;       ///< as given to `send`

    recorded_request() = default;
    recorded_request(http_request const& in_request, timeouts in_limit) : request(in_request), limit(in_limit) {}
};

/** Plays a script and writes down what it was asked.

    A request gets the first exchange of the script that matches it and is not used up, so requests that are sent at the
    same time may come in any order. A request that nothing matches fails with `errc::provider_unreachable` and shows
    up in `mismatch()`. Each call suspends once, as a real transport does.

    Copies share script and record: give one to the policies and keep one to look at.

    Thread safety: every function may be called from any thread, except that `expect` may not change an exchange that
    requests can already match; write the script first. Resumes on the awaiting coroutine's executor.
*/
class recorded_transport {
public:
    recorded_transport() = default;
    explicit recorded_transport(recorded_script script) { shared_->script = std::move(script); }

    /// Adds an exchange to the script.
    recorded_exchange& expect(std::string_view method, std::string_view url) {
        std::lock_guard lock(shared_->mutex);
        return shared_->script.expect(method, url);
    }

    /// As @ref http_transport promises, out of the script. A request that no exchange fits: `provider_unreachable`.
    asio::awaitable<result<http_response>> send(http_request const& request, timeouts limit) {
        auto answer = find(request, limit);
        co_await asio::post(asio::use_awaitable);
        co_return answer;
    }

    /// Every request so far, expected or not, in the order of arrival.
    [[nodiscard]] std::vector<recorded_request> requests() const {
        std::lock_guard lock(shared_->mutex);
        return shared_->requests;
    }

    /// How many requests so far fit `method` and `url` (patterns: `count("*", "*")` is all of them).
    [[nodiscard]] std::size_t count(std::string_view method, std::string_view url) const {
        std::lock_guard lock(shared_->mutex);
        std::size_t n = 0;
        for (auto const& r : shared_->requests)
            if (detail::matches_pattern(method, r.request.method) && detail::matches_pattern(url, r.request.url)) ++n;
        return n;
    }

    /// A line for each request that nothing in the script matched; empty when there was none.
    [[nodiscard]] std::string mismatch() const {
        std::lock_guard lock(shared_->mutex);
        return shared_->mismatch;
    }

    /// A line for each exchange of the script that has not been asked for (often enough); empty when all were.
    [[nodiscard]] std::string unused() const {
        std::lock_guard lock(shared_->mutex);
        std::string text;
        for (std::size_t i = 0; i != shared_->script.size(); ++i)
            if (shared_->script[i].left_ != 0) text += "never sent: " + shared_->script[i].name() + '\n';
        return text;
    }

private:
    struct state {
        mutable std::mutex mutex;
        recorded_script script;
        std::vector<recorded_request> requests;
        std::string mismatch;
    };

    result<http_response> find(http_request const& request, timeouts limit) {
        std::lock_guard lock(shared_->mutex);
        shared_->requests.emplace_back(request, limit);
        for (std::size_t i = 0; i != shared_->script.size(); ++i) {
            auto& exchange = shared_->script[i];
            if (exchange.left_ == 0 || !exchange.matches(request)) continue;
            --exchange.left_;
            return exchange.outcome_;
        }
        shared_->mismatch += "not expected: " + request.method + ' ' + request.url;
        if (!request.body.empty()) shared_->mismatch += " with body " + request.body;
        shared_->mismatch += '\n';
        return errc::provider_unreachable;
    }

    std::shared_ptr<state> shared_ = std::make_shared<state>();
};

static_assert(http_transport<recorded_transport>);

/// A way in which a provider's reply goes wrong.
enum class breakage : unsigned char {
    unreachable,  ///< `provider_unreachable`
    tls_failed,   ///< as for a certificate of somebody else
    timed_out,    ///< as for a provider that says nothing
    no_response,  ///< the connection ends before a byte of the answer
    response_cut, ///< the connection ends in the middle of it
    too_large,    ///< more than the request allows
    empty_body,   ///< status and headers as scripted, no body
    html,         ///< 200 with a page of HTML, as a login wall gives it
    not_json,     ///< status and headers as scripted, a body that stops in the middle
    status_500,   ///< with the scripted body
    redirect      ///< 302 to another host
};

/// Every one, in the order of the enum.
inline constexpr breakage all_breakages[] = {breakage::unreachable, breakage::tls_failed,   breakage::timed_out,
                                             breakage::no_response, breakage::response_cut, breakage::too_large,
                                             breakage::empty_body,  breakage::html,         breakage::not_json,
                                             breakage::status_500,  breakage::redirect};

[[nodiscard]] constexpr std::string_view to_word(breakage how) noexcept {
    constexpr std::string_view words[] = {"unreachable",  "tls_failed", "timed_out",  "no_response",
                                          "response_cut", "too_large",  "empty_body", "html",
                                          "not_json",     "status_500", "redirect"};
    return words[static_cast<unsigned>(how)];
}

/// One broken reply of a script.
struct broken_reply {
    std::size_t index = 0; ///< of the exchange in the script
    breakage how{};        ///< in which way
    std::string name;      ///< `POST https://provider/token: timed_out`, for messages

    broken_reply() = default;
    broken_reply(std::size_t in_index, breakage in_how, std::string in_name)
        : index(in_index), how(in_how), name(std::move(in_name)) {}
};

/// What becomes of a scripted reply that breaks in the given way.
[[nodiscard]] inline result<http_response> break_reply(result<http_response> const& whole, breakage how) {
    http_response response = whole ? *whole : http_response(200, "{}");
    switch (how) {
    case breakage::unreachable:
        return errc::provider_unreachable;
    case breakage::tls_failed:
        return errc::tls_failed;
    case breakage::timed_out:
        return errc::timed_out;
    case breakage::no_response:
        return errc::no_response;
    case breakage::response_cut:
        return errc::response_cut;
    case breakage::too_large:
        return errc::response_too_large;
    case breakage::empty_body:
        response.body.clear();
        break;
    case breakage::html:
        response = http_response(200, "<!DOCTYPE html><html><title>Sign in</title></html>");
        response.headers.emplace_back("Content-Type", "text/html");
        break;
    case breakage::not_json:
        response.body.resize(response.body.size() / 2);
        break;
    case breakage::status_500:
        response = http_response(500, "<h1>Internal Server Error</h1>");
        break;
    case breakage::redirect:
        response = http_response(302, std::string());
        response.headers.emplace_back("Location", "https://elsewhere.example/");
        break;
    }
    return response;
}

/** Plays `script` once for each of its replies and each way to break it, all other replies whole.

    `play` is called as `play(broken_reply const&, recorded_transport)`; it logs in through that transport and checks
    what is left behind. So a family of failures costs a test one line.
*/
template <class Play>
void for_each_broken_reply(recorded_script const& script, Play&& play) {
    for (std::size_t i = 0; i != script.size(); ++i)
        for (breakage how : all_breakages) {
            recorded_script broken = script;
            auto outcome = break_reply(script[i].outcome(), how);
            if (outcome)
                broken[i].reply(std::move(*outcome));
            else
                broken[i].fail(static_cast<errc>(outcome.error().value()));
            broken_reply const what(i, how, script[i].name() + ": " + std::string(to_word(how)));
            play(what, recorded_transport(std::move(broken)));
        }
}

} // namespace authmod
