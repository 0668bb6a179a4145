// SPDX-License-Identifier: BSL-1.0
// Layer 4. When a provider's discovery document or its keys are fetched. Decides; performs nothing.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace authmod {

/// The times a @ref document_cache goes by.
struct document_times {
    milliseconds lifetime = std::chrono::hours(1);        ///< fetched again when older
    milliseconds outage = std::chrono::hours(24);         ///< still used when older than `lifetime` and not to be had
    milliseconds refetch_pause = std::chrono::minutes(1); ///< between fetches of what is there already
    milliseconds fetch_limit = std::chrono::seconds(20);  ///< a fetch that was not reported by then has died
};

/// Who asks for another document because the one at hand did not do. A login has been through the provider; a stranger
/// brought a token that anybody may have made, and must not use up what logins need.
enum class key_asker : std::uint8_t {
    login,   ///< somebody who has been through the provider
    stranger ///< whoever holds a token
};

/// Whether a login can do without the document.
enum class document_need : std::uint8_t {
    required, ///< it waits for a fetch under way, and tries one itself while nothing is there
    optional  ///< it waits for nobody, and a fetch that failed is not repeated before its pause is over
};

/** One document of a provider, shared by all logins through a module.

    The driver asks, fetches if it is told to, and reports. Only one fetch is under way at a time. What is there carries
    logins while the provider cannot give a new one (security rule D4).

    A token that names an unknown key asks again: that fetches at once, so that a key that was changed a moment ago is
    found, but at most once a minute for each kind of asker, so that forged tokens make no traffic.

    Thread safety: everything from any thread. Not movable.
*/
template <class Document>
class document_cache {
public:
    /// What the driver does now.
    enum class verdict : std::uint8_t {
        use,        ///< `document` will do
        fetch,      ///< fetch it, then call `fetched` or `failed`; `document`, if set, will do if that fails
        wait,       ///< somebody else is fetching it: ask again a little later
        unavailable ///< there will be no other one soon
    };

    /// The verdict with what is at hand.
    struct answer {
        verdict what = verdict::unavailable;      ///< says whether `document` may be used
        std::shared_ptr<Document const> document; ///< null: there is none
        unsigned long generation = 0;             ///< counts the documents that were fetched

        answer() = default;
    };

    explicit document_cache(document_times times = {}) noexcept : times_(times) {}

    /// What to do for a login that needs the document.
    [[nodiscard]] answer ask(time_point now, document_need need = document_need::required) {
        std::lock_guard lock(mutex_);
        bool const there = document_ && !passed(fetched_at_, times_.outage, now);
        bool const can_do = there || need == document_need::optional;
        if (there && !passed(fetched_at_, times_.lifetime, now)) return give(verdict::use);
        if (!there) document_.reset();
        verdict const without = there ? verdict::use : verdict::unavailable;
        if (fetching(now)) return give(can_do ? without : verdict::wait);
        if (can_do && failed_at_ && !passed(*failed_at_, times_.refetch_pause, now)) return give(without);
        fetching_since_ = now;
        return give(verdict::fetch);
    }

    /// What to do when the document of generation `seen` did not do.
    [[nodiscard]] answer ask_again(unsigned long seen, time_point now, key_asker who = key_asker::login) {
        std::lock_guard lock(mutex_);
        if (document_ && generation_ != seen) return give(verdict::use);
        if (fetching(now)) return give(verdict::wait);
        auto& last = refetched_at_[static_cast<std::size_t>(who)];
        if (!enforced("D4", !last || passed(*last, times_.refetch_pause, now))) return give(verdict::unavailable);
        fetching_since_ = last = now;
        return give(verdict::fetch);
    }

    /// Ends a fetch that brought a document: the next one asks nobody for its lifetime.
    void fetched(Document document, time_point now) {
        auto fresh = std::make_shared<Document const>(std::move(document));
        std::lock_guard lock(mutex_);
        document_ = std::move(fresh);
        ++generation_;
        fetched_at_ = now;
        failed_at_.reset();
        trouble_.reset();
        fetching_since_.reset();
    }

    /// Ends a fetch that brought nothing, and remembers why; what was there goes on.
    void failed(time_point now, failure why = failure()) {
        std::lock_guard lock(mutex_);
        failed_at_ = now;
        trouble_ = std::move(why);
        fetching_since_.reset();
    }

    /// Why the last fetch brought nothing; empty after one that brought a document.
    [[nodiscard]] std::optional<failure> trouble() const {
        std::lock_guard lock(mutex_);
        return trouble_;
    }

private:
    /// A clock that was set back lets time pass, rather than stop it.
    [[nodiscard]] static bool passed(time_point since, milliseconds span, time_point now) noexcept {
        return now < since || now - since >= span;
    }

    [[nodiscard]] bool fetching(time_point now) const noexcept {
        return fetching_since_ && !passed(*fetching_since_, times_.fetch_limit, now);
    }

    [[nodiscard]] answer give(verdict what) const {
        answer out;
        out.what = what;
        out.document = document_;
        out.generation = generation_;
        return out;
    }

    document_times times_;
    mutable std::mutex mutex_;
    std::shared_ptr<Document const> document_;
    unsigned long generation_ = 0;
    time_point fetched_at_{};
    std::optional<time_point> failed_at_, fetching_since_;
    std::optional<failure> trouble_;
    std::optional<time_point> refetched_at_[2]; // by key_asker
};

} // namespace authmod
