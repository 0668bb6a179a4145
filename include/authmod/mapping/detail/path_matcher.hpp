// SPDX-License-Identifier: BSL-1.0
// Layer 1. Walks a JSON text and all paths of a mapping side by side; decides where a path ends at a value.
#pragma once

#include "authmod/mapping/detail/found_values.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace authmod::detail {

/** Sink of `read_strict_json`. A *thread* is a node of the tables standing on a value that is open or comes next.

    Threads of the open containers form one stack; those above the innermost container's are for the next value.
*/
class path_matcher {
public:
    explicit path_matcher(mapping_view tables) noexcept : tables_(tables) {}

    /// What was found in the body that was read last.
    [[nodiscard]] found_values const& found() const noexcept { return found_; }

    void begin(document_kind document) {
        found_.clear(field::custom + tables_.custom_attributes());
        threads_.assign(1, {static_cast<std::uint16_t>(document), stance::full, 0});
        frames_.clear();
        guards_.clear();
        arrivals_ = skipped_ = 0;
        element_ = containers_ = 0;
        watching_ = false;
    }

    void scalar(json_scalar const& value) {
        if (skipped_ != 0) return;
        arrive();
        for (std::size_t i = arrivals_; i != threads_.size(); ++i) {
            auto const t = threads_[i];
            for (auto a = tables_.node(t.node).first_accept; a != 0; a = tables_.accept(a).next) {
                if (tables_.accept(a).field == field::next && t.how != stance::full) continue;
                found_.offer(tables_.accept(a), t.in_guard, element_, value);
            }
        }
        if (watching_) decide_watched(&value);
        leave();
    }

    void array_begin() {
        if (!open(true)) return;
        auto const& here = frames_.back();
        for (auto i = here.first; i != here.last; ++i) {
            if (threads_[i].how != stance::full) continue;
            for_accepts(threads_[i], field::groups, [&](std::uint8_t) { found_.give_groups(threads_[i].in_guard); });
        }
    }

    void array_end(bool empty) {
        if (skipped_ != 0) return close_skipped();
        auto const& here = frames_.back();
        for (auto i = here.first; i != here.last; ++i) {
            auto const t = threads_[i];
            if (!empty) {
                if (t.how != stance::full) refuse_user_id(t);
            } else if (t.how == stance::full) {
                auto const flags = tables_.node(t.node).flags;
                // A `[]` met on the way; a name has no way through the root array.
                if ((flags & table_node::groups_other) || ((flags & table_node::groups_name) && frames_.size() != 1))
                    found_.give_groups(t.in_guard);
            }
        }
        close();
    }

    void object_begin() {
        if (!open(false)) return;
        auto& here = frames_.back();
        // A selector's node stands on the object itself, behind a guard; it may have selectors in its turn.
        for (auto i = here.first; i != threads_.size(); ++i) {
            auto const t = threads_[i];
            for (auto s = tables_.node(t.node).first_selector; s != 0; s = tables_.selector(s).next) {
                guards_.push_back({t.in_guard, s, false, false});
                threads_.push_back(
                    {tables_.selector(s).child, stance::full, static_cast<std::uint32_t>(guards_.size())});
            }
            if (t.how == stance::full) here.flags |= tables_.node(t.node).flags;
        }
        here.last = static_cast<std::uint32_t>(threads_.size());
        arrivals_ = here.last;
    }

    void member(std::string_view name, std::uint32_t hash) {
        if (skipped_ != 0) return;
        auto const& here = frames_.back();
        for (auto i = here.first; i != here.last; ++i) {
            auto const t = threads_[i];
            auto const& node = tables_.node(t.node);
            bool const full = t.how == stance::full;
            if (((node.flags & table_node::named) && t.how != stance::in_root) || (full && node.first_index != 0))
                if (auto const* slot = tables_.find(t.node, name, hash)) {
                    if (slot->by_name != 0 && t.how != stance::in_root) push(slot->by_name, t.in_guard);
                    if (slot->by_index != 0 && full) push(slot->by_index, t.in_guard);
                }
            if (full && node.any != 0) push(node.any, t.in_guard);
        }
        for (std::size_t g = here.first_guard; g != guards_.size(); ++g)
            if (tables_.text(tables_.selector(guards_[g].selector).name) == name) guards_[g].watched = watching_ = true;
        if (here.flags & table_node::members) element_ = found_.add_element(here.in_element, here.container, true);
    }

    void object_end(bool empty) {
        if (skipped_ != 0) return close_skipped();
        auto const& here = frames_.back();
        if (!empty)
            for (auto i = here.first; i != here.last; ++i) refuse_user_id(threads_[i]);
        if (guards_.size() != here.first_guard) {
            found_.decide(guards_, here.first_guard + 1, here.log_mark);
            guards_.resize(here.first_guard);
        }
        close();
    }

private:
    /// How a node stands on a value.
    enum class stance : std::uint8_t {
        full,     ///< the value is what the steps so far lead to
        in_array, ///< the value is an element of the array they lead to: names, selectors and the end look at elements
        in_root   ///< the same for the root array, which names do not look into
    };

    struct thread {
        std::uint16_t node;
        stance how;
        std::uint32_t in_guard;
    };

    struct frame {
        std::uint32_t first, last; ///< its threads
        std::uint32_t first_guard;
        std::uint32_t container; ///< number for telling elements apart
        std::uint32_t in_element;
        std::uint32_t index; ///< of the next element
        std::size_t log_mark;
        std::uint8_t flags; ///< of the nodes that stand here
        bool is_array;
    };

    void push(std::uint16_t node, std::uint32_t in_guard) { threads_.push_back({node, stance::full, in_guard}); }

    /// Puts the threads for the next value above the stack, if `member` or `begin` have not done so.
    void arrive() {
        if (frames_.empty() || !frames_.back().is_array) return;
        auto& here = frames_.back();
        for (auto i = here.first; i != here.last; ++i) {
            auto const t = threads_[i];
            if (t.how != stance::full) continue;
            auto const& node = tables_.node(t.node);
            if (node.any != 0) push(node.any, t.in_guard);
            for (auto k = node.first_index; k != 0; k = tables_.index(k).next)
                if (tables_.index(k).index == here.index) push(tables_.index(k).child, t.in_guard);
            if (node.flags & (table_node::named | table_node::within))
                threads_.push_back({t.node, frames_.size() == 1 ? stance::in_root : stance::in_array, t.in_guard});
        }
        ++here.index;
        if (here.flags & table_node::paired) element_ = found_.add_element(here.in_element, here.container, false);
    }

    /// The value is done.
    void leave() {
        if (frames_.empty()) return;
        threads_.resize(arrivals_);
        element_ = frames_.back().in_element;
    }

    /// False: no path leads into the container, so that only its end matters.
    bool open(bool is_array) {
        if (skipped_ == 0) {
            arrive();
            if (watching_) decide_watched(nullptr);
        }
        if (skipped_ != 0 || threads_.size() == arrivals_) {
            ++skipped_;
            return false;
        }
        frame next{static_cast<std::uint32_t>(arrivals_),
                   static_cast<std::uint32_t>(threads_.size()),
                   static_cast<std::uint32_t>(guards_.size()),
                   ++containers_,
                   element_,
                   0,
                   found_.log_size(),
                   0,
                   is_array};
        if (is_array)
            for (auto i = next.first; i != next.last; ++i)
                if (threads_[i].how == stance::full) next.flags |= tables_.node(threads_[i].node).flags;
        frames_.push_back(next);
        arrivals_ = threads_.size();
        return true;
    }

    void close_skipped() {
        if (--skipped_ == 0) leave();
    }

    void close() {
        arrivals_ = frames_.back().first;
        frames_.pop_back();
        leave();
    }

    template <class Visit>
    void for_accepts(thread const& t, std::uint8_t what, Visit visit) {
        for (auto a = tables_.node(t.node).first_accept; a != 0; a = tables_.accept(a).next)
            if (tables_.accept(a).field == what) visit(tables_.accept(a).rank);
    }

    void refuse_user_id(thread const& t) {
        for_accepts(t, field::user_id, [&](std::uint8_t rank) { found_.refuse_user_id(rank, t.in_guard); });
    }

    /// The value of a watched member: `nullptr` is an object or an array.
    void decide_watched(json_scalar const* value) {
        watching_ = false;
        for (std::size_t g = frames_.back().first_guard; g != guards_.size(); ++g) {
            if (!guards_[g].watched) continue;
            guards_[g].watched = false;
            guards_[g].yes = value && matches(tables_.selector(guards_[g].selector), *value);
        }
    }

    [[nodiscard]] bool matches(table_selector const& selector, json_scalar const& value) const noexcept {
        if (selector.kind == selector_kind::flag) return value.type == json_type::boolean_true;
        return value.type != json_type::null && value.type != json_type::real &&
               value.text == tables_.text(selector.value);
    }

    mapping_view tables_;
    found_values found_;
    std::vector<thread> threads_;
    std::vector<frame> frames_;
    std::vector<guard> guards_;
    std::size_t arrivals_ = 0; ///< where the threads of the next value start
    std::size_t skipped_ = 0;  ///< depth within a container that no path leads into
    std::uint32_t element_ = 0;
    std::uint32_t containers_ = 0;
    bool watching_ = false;
};

} // namespace authmod::detail
