// SPDX-License-Identifier: BSL-1.0
// Layer 7. Counts logins, calls, sessions, requests and store operations, and shows them as OpenMetrics text.
#pragma once

#include "authmod/core/version.hpp"
#include "authmod/policy/metrics_sink.hpp"
#include "authmod/server/request.hpp"
#include "authmod/server/routes.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

namespace detail {

/** Rows of one value for each pair of labels. Rows are made at first sight and stay; finding one takes no lock.

    After `max_rows` all further pairs share the row `overflow`, so that no mistake anywhere can fill the memory.
*/
template <class Value>
class label_table {
public:
    static constexpr std::size_t max_rows = 1000;
    static constexpr std::string_view overflow = "overflow";

    struct row {
        std::string first, second;
        Value value{};
        row* next = nullptr;
    };

    label_table() = default;
    label_table(label_table const&) = delete;
    label_table& operator=(label_table const&) = delete;

    ~label_table() {
        for (auto const& head : heads_)
            for (row* at = head.load(); at;) delete std::exchange(at, at->next);
    }

    /// Null only when there is no memory for a new row.
    [[nodiscard]] Value* find(std::string_view first, std::string_view second) noexcept {
        auto const hash = std::hash<std::string_view>();
        auto& head = heads_[(hash(first) * 31 + hash(second)) % heads_.size()];
        row* seen = head.load(std::memory_order_acquire);
        for (row* at = seen; at; at = at->next)
            if (at->first == first && at->second == second) return &at->value;
        if (first != overflow && rows_.fetch_add(1) >= max_rows) return find(overflow, overflow);
        return add(head, seen, first, second);
    }

    /// All rows, ordered by their labels.
    [[nodiscard]] std::vector<row const*> rows() const {
        std::vector<row const*> all;
        for (auto const& head : heads_)
            for (row const* at = head.load(std::memory_order_acquire); at; at = at->next) all.push_back(at);
        std::ranges::sort(
            all, {}, [](row const* r) { return std::pair<std::string_view, std::string_view>(r->first, r->second); });
        return all;
    }

private:
    static Value* add(std::atomic<row*>& head, row* seen, std::string_view first, std::string_view second) noexcept {
        row* made = nullptr;
        try {
            made = new row{std::string(first), std::string(second)};
        } catch (std::bad_alloc const&) {
            return nullptr;
        }
        for (row* const known = seen;;) {
            made->next = seen;
            if (head.compare_exchange_weak(seen, made, std::memory_order_release, std::memory_order_acquire))
                return &made->value;
            for (row* at = seen; at != known; at = at->next) // somebody was quicker, perhaps with this very row
                if (at->first == first && at->second == second) {
                    delete made;
                    return &at->value;
                }
        }
    }

    std::array<std::atomic<row*>, 128> heads_{};
    std::atomic<std::size_t> rows_{0};
};

/// How long things took.
struct duration_counts {
    struct limit {
        std::chrono::nanoseconds at;
        std::string_view text;
    };

    static constexpr limit limits[] = {
        {std::chrono::microseconds(100), "0.0001"}, {std::chrono::microseconds(500), "0.0005"},
        {std::chrono::milliseconds(1), "0.001"},    {std::chrono::microseconds(2500), "0.0025"},
        {std::chrono::milliseconds(5), "0.005"},    {std::chrono::milliseconds(10), "0.01"},
        {std::chrono::milliseconds(25), "0.025"},   {std::chrono::milliseconds(50), "0.05"},
        {std::chrono::milliseconds(100), "0.1"},    {std::chrono::milliseconds(250), "0.25"},
        {std::chrono::milliseconds(500), "0.5"},    {std::chrono::seconds(1), "1.0"},
        {std::chrono::milliseconds(2500), "2.5"},   {std::chrono::seconds(5), "5.0"},
        {std::chrono::seconds(10), "10.0"},         {std::chrono::seconds(15), "15.0"}};

    std::array<std::atomic<std::uint64_t>, std::size(limits) + 1> buckets{}; ///< each alone; the last: longer than all
    std::atomic<std::uint64_t> sum_ns{0};

    void add(std::chrono::nanoseconds took) noexcept {
        auto const bucket = std::ranges::lower_bound(limits, took, {}, &limit::at) - std::begin(limits);
        buckets[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
        sum_ns.fetch_add(static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)),
                         std::memory_order_relaxed);
    }
};

} // namespace detail

/** The metrics of a service, to be scraped (OpenMetrics 1.0).

    Labels are words of this library, ids of its providers and HTTP statuses; there is no name, address or id of a
   person among them.

    Thread safety: every function from any thread. Exceptions: `text` needs memory.
    See also: @ref metrics_handler
*/
class metrics_registry {
public:
    /// @{
    /// As @ref metrics_sink promises.
    void login_ended(std::string_view provider, std::string_view outcome) noexcept {
        count(logins_, provider, outcome);
    }

    void session_checked(std::string_view outcome) noexcept { count(sessions_, outcome, {}); }

    void provider_called(std::string_view step, std::string_view outcome, std::chrono::nanoseconds took) noexcept {
        count(calls_, step, outcome);
        time(call_times_, step, took);
    }

    void store_used(std::string_view function, std::string_view outcome, std::chrono::nanoseconds took) noexcept {
        count(store_, function, outcome);
        time(store_times_, function, took);
    }

    void request_answered(std::string_view route, int status, std::chrono::nanoseconds took) noexcept {
        char digits[12];
        auto const end = std::to_chars(std::begin(digits), std::end(digits), status).ptr;
        count(requests_, route, std::string_view(digits, end));
    /// @}
        time(request_times_, route, took);
    }

    /// All of it, as `GET /metrics` gives it.
    [[nodiscard]] std::string text() const {
        std::string out;
        head(out, "authmod_build", "info", "The library that serves.");
        out.append("authmod_build_info{version=\"").append(version).append("\"} 1\n");
        counts(out, logins_,
               {"authmod_logins", "provider", "outcome",
                "Logins that came back from a provider, by what became of them."});
        counts(out, sessions_, {"authmod_session_checks", "outcome", {}, "Look-ups of sessions, by what they found."});
        counts(out, calls_,
               {"authmod_provider_calls", "step", "outcome",
                "Requests to providers; the outcome is of the exchange, whatever status it had."});
        times(out, call_times_,
              {"authmod_provider_call_duration_seconds", "step", {}, "How long requests to providers took."});
        counts(out, store_, {"authmod_store_operations", "operation", "outcome", "Operations of the store."});
        times(out, store_times_,
              {"authmod_store_operation_duration_seconds", "operation", {}, "How long operations of the store took."});
        counts(out, requests_,
               {"authmod_http_requests", "route", "status",
                "Requests that were answered; route: the class of their path."});
        times(out, request_times_,
              {"authmod_http_request_duration_seconds",
               "route",
               {},
               "From the end of a request to the beginning of its answer."});
        return out += "# EOF\n";
    }

private:
    using counter = std::atomic<std::uint64_t>;
    using counters = detail::label_table<counter>;
    using timers = detail::label_table<detail::duration_counts>;

    struct family {
        std::string_view name, first, second, help;
    };

    static void count(counters& table, std::string_view first, std::string_view second) noexcept {
        if (auto* value = table.find(first, second)) value->fetch_add(1, std::memory_order_relaxed);
    }

    static void time(timers& table, std::string_view first, std::chrono::nanoseconds took) noexcept {
        if (auto* value = table.find(first, {})) value->add(took);
    }

    static void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
        out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
        if (name.ends_with("_seconds")) out.append("# UNIT ").append(name).append(" seconds\n");
        out.append("# HELP ").append(name).append(" ").append(help).append("\n");
    }

    /// Escaped as the format wants it, although our own words need none of it.
    static void label(std::string& out, std::string_view name, std::string_view value) {
        out.append(name).append("=\"");
        for (char c : value) {
            if (c == '\\' || c == '"') out += '\\';
            c == '\n' ? out.append("\\n") : out.append(1, c);
        }
        out += '"';
    }

    static void counts(std::string& out, counters const& table, family const& f) {
        head(out, f.name, "counter", f.help);
        for (auto const* row : table.rows()) {
            label(out.append(f.name).append("_total{"), f.first, row->first);
            if (!f.second.empty()) label(out.append(","), f.second, row->second);
            out.append("} ").append(std::to_string(row->value.load(std::memory_order_relaxed))).append("\n");
        }
    }

    static void times(std::string& out, timers const& table, family const& f) {
        head(out, f.name, "histogram", f.help);
        for (auto const* row : table.rows()) {
            auto const sample = [&](std::string_view suffix, std::string_view limit, std::string_view value) {
                label(out.append(f.name).append(suffix).append("{"), f.first, row->first);
                if (!limit.empty()) label(out.append(","), "le", limit);
                out.append("} ").append(value).append("\n");
            };
            std::uint64_t so_far = 0;
            for (std::size_t i = 0; i != row->value.buckets.size(); ++i) {
                so_far += row->value.buckets[i].load(std::memory_order_relaxed);
                bool const last = i == std::size(detail::duration_counts::limits);
                sample("_bucket", last ? "+Inf" : detail::duration_counts::limits[i].text, std::to_string(so_far));
            }
            sample("_count", {}, std::to_string(so_far));
            std::uint64_t const ns = row->value.sum_ns.load(std::memory_order_relaxed);
            std::string const fraction = std::to_string(ns % 1'000'000'000);
            sample("_sum", {},
                   std::to_string(ns / 1'000'000'000) + "." + std::string(9 - fraction.size(), '0') + fraction);
        }
    }

    counters logins_, sessions_, calls_, store_, requests_;
    timers call_times_, store_times_, request_times_;
};

static_assert(metrics_sink<metrics_registry>);

/** Answers `GET /metrics`. It tells nothing about persons, but much about the service: a proxy in front should keep it
    from the world.

    Thread safety: `handle` from any thread. Lifetimes: the registry outlives it.
*/
class metrics_handler final : public request_handler {
public:
    explicit metrics_handler(metrics_registry const& registry) : registry_(registry) {}

    /// Whether a request is for this handler.
    [[nodiscard]] static bool serves(incoming_request const& request) noexcept { return request.path == "/metrics"; }

    /// Its method and path, for whoever compares them with their description.
    [[nodiscard]] static std::vector<route_name> routes() { return {{"GET", "/metrics"}}; }

    /// As @ref request_handler promises.
    asio::awaitable<outgoing_reply> handle(incoming_request const& request) override {
        if (!request.reads()) co_return method_not_allowed("GET, HEAD");
        co_return outgoing_reply(200, "application/openmetrics-text; version=1.0.0; charset=utf-8", registry_.text());
    }

private:
    metrics_registry const& registry_;
};

} // namespace authmod
