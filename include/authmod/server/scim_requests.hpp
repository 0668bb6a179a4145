// SPDX-License-Identifier: BSL-1.0
// Layer 7. What each SCIM client asked for last, for the administrator who sets it up. Kept in memory; reads no store.
#pragma once

#include "authmod/core/time.hpp"
#include "authmod/server/log.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// One request of a SCIM client and how it ended. Its foreign texts are cut and ASCII: other bytes stand as `\xHH`.
struct scim_request {
    time_point at{};         ///< when it came
    std::string method;      ///< of HTTP, as sent
    std::string path;        ///< decoded, without the query: filters hold names of people
    int status = 0;          ///< of the answer
    std::string error;       ///< `scimType` of the answer (RFC 7644 3.12); empty: it has none
    milliseconds duration{}; ///< from the request to its answer, without the way through the network

    scim_request() = default;
};

/** The last requests of each SCIM client at this node since it started.

    No query, body, header or token is kept. A request without a valid token belongs to no client and is not here; the
    log has it.

    Memory: @ref kept requests for each of @ref max_clients clients; beyond them the client that was quiet for the
    longest is forgotten.

    Thread safety: every function from any thread.
*/
class scim_requests {
public:
    static constexpr std::size_t kept = 20;         ///< of each client
    static constexpr std::size_t max_clients = 256; ///< whose requests are kept
    static constexpr std::size_t max_path = 128;    ///< bytes of a path, the others are cut off

    /// Adds one, with `method` and `path` as they came; the oldest beyond @ref kept goes. For want of memory it is left
    /// out: a request is answered all the same.
    void add(std::string_view client_id, scim_request one) noexcept {
        try {
            one.method = printable(one.method, 16);
            one.path = printable(one.path, max_path);
            std::lock_guard const lock(mutex_);
            auto at = by_client_.find(client_id);
            if (at == by_client_.end()) at = by_client_.emplace(client_id, list()).first;
            at->second.push_front(std::move(one));
            if (at->second.size() > kept) at->second.pop_back();
            if (by_client_.size() > max_clients) by_client_.erase(quietest());
        } catch (std::bad_alloc const&) {
        }
    }

    /// Those of a client, newest first.
    [[nodiscard]] std::vector<scim_request> of(std::string_view client_id) const {
        std::lock_guard const lock(mutex_);
        auto const at = by_client_.find(client_id);
        if (at == by_client_.end()) return {};
        return std::vector<scim_request>(at->second.begin(), at->second.end());
    }

    /// Forgets those of a client that is gone.
    void forget(std::string_view client_id) {
        std::lock_guard const lock(mutex_);
        auto const at = by_client_.find(client_id);
        if (at != by_client_.end()) by_client_.erase(at);
    }

private:
    using list = std::deque<scim_request>;

    [[nodiscard]] static std::string printable(std::string_view foreign, std::size_t most) {
        std::string text;
        detail::append_log_text(text, foreign.substr(0, most), "\\");
        if (foreign.size() > most) text += "...";
        return text;
    }

    /// An empty list is one whose first request found no memory.
    [[nodiscard]] std::map<std::string, list, std::less<>>::iterator quietest() {
        return std::ranges::min_element(by_client_, {}, [](auto const& one) {
            return one.second.empty() ? time_point::min() : one.second.front().at;
        });
    }

    mutable std::mutex mutex_;
    std::map<std::string, list, std::less<>> by_client_;
};

} // namespace authmod
