// SPDX-License-Identifier: BSL-1.0
// Layer 1. Walks a JSON text and all paths of a mapping side by side; decides where a path ends at a value.
#pragma once

#include "authmod/mapping/detail/found_values.hpp"
#include "authmod/mapping/detail/json_sink.hpp"
#include "authmod/mapping/mapping_tables.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace authmod::detail {

/** Sink of `read_strict_json`. A *thread* is a node of the tables standing on a value that is open or comes next.

    Threads of the open containers form one stack; those above the innermost container's are for the next value.
    Mostly there is one thread and no guard, and most members of a body lead nowhere.
*/
class path_matcher final : public json_sink {
public:
    explicit path_matcher(mapping_view tables) noexcept : tables_(tables) {
        slots_ = tables.slots().data();
        slot_shift_ = slot_shift(tables.slots().size());
    }

    /// What was found in the body that was read last.
    [[nodiscard]] found_values const& found() const noexcept { return found_; }

    void begin(document_kind document) {
        found_.clear(field::custom + tables_.custom_attributes());
        threads_.cut(0);
        push(static_cast<std::uint16_t>(document), 0);
        here_ = frames_.data(); // around the whole text: never written to
        guards_.cut(0);
        skipped_ = 0;
        element_ = containers_ = 0;
        watching_ = false;
        sees_ = {sight::any_value, sight::no_member};
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
        std::uint32_t first = 0, last = 0; ///< its threads; those from `last` on are for the next value
        std::uint32_t first_guard = 0;
        std::uint32_t container = 0; ///< number for telling elements apart
        std::uint32_t in_element = 0;
        std::uint32_t index = 0; ///< of the next element
        std::uint32_t log_mark = 0;
        std::uint16_t flags = 0; ///< of the nodes that stand here in full
        bool is_array = false;
        bool identifies = false; ///< a path of the user id leads here, or to elements of the array
        sight sees{};            ///< when no member's value is due
    };

    void push(std::uint16_t node, std::uint32_t in_guard) { threads_.push({node, stance::full, in_guard}); }

    void take_value(json_scalar const& value) override {
        if (here_->is_array) arrive();
        for (std::size_t i = here_->last; i != threads_.size(); ++i) {
            auto const t = threads_[i];
            for (auto a = tables_.node(t.node).first_accept; a != 0; a = tables_.accept(a).next)
                if (tables_.accept(a).field != field::next || t.how == stance::full)
                    found_.offer(tables_.accept(a), t.in_guard, element_, value);
        }
        if (watching_) decide_watched(value);
        leave();
    }

    /// Puts the threads for the next element above the stack.
    [[gnu::noinline]] void arrive() {
        for (auto i = here_->first; i != here_->last; ++i) {
            auto const t = threads_[i];
            if (t.how != stance::full) continue;
            auto const& node = tables_.node(t.node);
            if (node.any != 0) push(node.any, t.in_guard);
            for (auto k = node.first_index; k != 0; k = tables_.index(k).next)
                if (tables_.index(k).index == here_->index) push(tables_.index(k).child, t.in_guard);
            if (node.flags & (table_node::named | table_node::within))
                threads_.push({t.node, here_ == &frames_[1] ? stance::in_root : stance::in_array, t.in_guard});
        }
        ++here_->index;
        if (here_->flags & table_node::paired)
            element_ = found_.add_element(here_->in_element, here_->container, false);
    }

    /// Puts the thread for the member `name` above the stack, where names are all there is.
    void take_plain_name(table_slot const& slot, std::string_view name, std::uint32_t key) override {
        auto const t = threads_[here_->first];
        if (slot.key != key || slot.node != t.node || !same_text(tables_.text(slot.name()), name)) [[unlikely]]
            return search(name, key);
        go(slot.by_name);
    }

    [[gnu::noinline]] void search(std::string_view name, std::uint32_t key) {
        if (auto const* slot = tables_.find(threads_[here_->first].node, name, key)) go(slot->by_name);
    }

    void go(std::uint16_t node) {
        auto const in_guard = threads_[here_->first].in_guard;
        threads_.push_in_room({node, stance::full, in_guard});
        sees_.value = sight::any_value;
        if (in_guard == 0 && !(tables_.node(node).flags & table_node::not_plain)) sees_.value = sight::plain_value;
    }

    /// Where a field with one value is due that no guard decides about, of an object.
    void take_plain_text(std::string_view text) noexcept override {
        for (auto a = tables_.node(threads_.back().node).first_accept; a != 0; a = tables_.accept(a).next)
            found_.offer_text(tables_.accept(a), text);
        threads_.pop();
        sees_.value = sight::nothing;
    }

    /// Puts the threads for the member `name` above the stack.
    void take_name(std::string_view name, std::uint32_t hash) override {
        for (auto i = here_->first; i != here_->last; ++i) {
            auto const t = threads_[i];
            if (t.how == stance::in_root) continue;
            auto const& node = tables_.node(t.node);
            bool const full = t.how == stance::full;
            if ((node.flags & table_node::named) || (full && node.first_index != 0))
                if (auto const* slot = tables_.find(t.node, name, node_key(t.node) + hash)) {
                    if (slot->by_name != 0) push(slot->by_name, t.in_guard);
                    if (slot->by_index != 0 && full) push(slot->by_index, t.in_guard);
                }
            if (full && node.any != 0) push(node.any, t.in_guard);
        }
        watch(name);
        if (here_->flags & table_node::members)
            element_ = found_.add_element(here_->in_element, here_->container, true);
        sees_.value = threads_.size() != here_->last || watching_ ? sight::any_value : sight::nothing;
    }

    /// The value is done.
    void leave() noexcept {
        threads_.cut(here_->last);
        element_ = here_->in_element;
        sees_ = here_->sees;
    }

    /// False: no path leads into the container, so that only its end matters.
    [[gnu::always_inline]] inline bool open(bool is_array) {
        if (here_->is_array) arrive();
        if (watching_) decide_watched({});
        auto const first = here_->last;
        auto const last = static_cast<std::uint32_t>(threads_.size());
        if (first == last) {
            skip();
            return false;
        }
        ++here_;
        here_->first = first;
        here_->last = last;
        here_->first_guard = static_cast<std::uint32_t>(guards_.size());
        here_->container = ++containers_;
        here_->in_element = element_;
        here_->index = 0;
        here_->log_mark = static_cast<std::uint32_t>(found_.log_size());
        here_->is_array = is_array;
        std::uint16_t flags = 0, all_flags = 0;
        for (auto i = first; i != last; ++i) {
            auto const more = tables_.node(threads_[i].node).flags;
            all_flags |= more;
            if (threads_[i].how == stance::full) flags |= more;
        }
        here_->flags = flags;
        here_->identifies = (all_flags & table_node::identifies) != 0;
        return true;
    }

    void open_array() override {
        if (!open(true)) return;
        sees_ = here_->sees = {sight::any_value, sight::no_member};
        for (auto i = here_->first; i != here_->last; ++i) {
            auto const t = threads_[i];
            if (t.how != stance::full) continue;
            for_accepts(t, field::groups, [&](std::uint8_t) { found_.give_groups(t.in_guard); });
        }
    }

    void close_array(bool empty) override {
        for (auto i = here_->first; i != here_->last; ++i) {
            auto const t = threads_[i];
            if (!empty) {
                if (t.how != stance::full) refuse_user_id(t);
            } else if (t.how == stance::full) {
                auto const flags = tables_.node(t.node).flags;
                // A `[]` met on the way; a name has no way through the root array.
                if ((flags & table_node::groups_other) || ((flags & table_node::groups_name) && here_ != &frames_[1]))
                    found_.give_groups(t.in_guard);
            }
        }
        close();
    }

    /// The same as `open_object`, for what mostly opens.
    void open_plain_object() override {
        auto const node = threads_.back().node;
        auto const flags = tables_.node(node).flags;
        if (flags & table_node::branches) return open_object();
        auto const first = here_->last;
        *++here_ = {.first = first,
                    .last = first + 1,
                    .first_guard = static_cast<std::uint32_t>(guards_.size()),
                    .container = ++containers_,
                    .in_element = element_,
                    .flags = flags,
                    .identifies = (flags & table_node::identifies) != 0};
        see_names_of(node);
    }

    void open_object() override {
        if (!open(false)) return;
        auto const t = threads_[here_->first];
        if (here_->last - here_->first == 1 && t.how != stance::in_root &&
            !(tables_.node(t.node).flags & table_node::branches)) {
            see_names_of(t.node);
        } else {
            select();
            sees_ = here_->sees = {sight::nothing, sight::any_member};
        }
    }

    void see_names_of(std::uint16_t node) {
        threads_.make_room();
        sees_ = here_->sees = {sight::nothing, sight::named_member, node_key(node)};
    }

    /// A selector's node stands on the object itself, behind a guard; it may have selectors in its turn.
    void select() {
        for (std::size_t i = here_->first; i != threads_.size(); ++i) {
            auto const t = threads_[i];
            for (auto s = tables_.node(t.node).first_selector; s != 0; s = tables_.selector(s).next) {
                guards_.push({t.in_guard, s, false, false});
                push(tables_.selector(s).child, static_cast<std::uint32_t>(guards_.size()));
                auto const flags = tables_.node(tables_.selector(s).child).flags;
                here_->flags |= flags;
                here_->identifies |= (flags & table_node::identifies) != 0;
            }
        }
        here_->last = static_cast<std::uint32_t>(threads_.size());
    }

    void close_object(bool empty) override {
        if (!empty && here_->identifies)
            for (auto i = here_->first; i != here_->last; ++i) refuse_user_id(threads_[i]);
        if (guards_.size() != here_->first_guard) {
            found_.decide(guards_, here_->first_guard + 1, here_->log_mark);
            guards_.cut(here_->first_guard);
        }
        close();
    }

    void close() noexcept {
        --here_;
        leave();
    }

    void leave_skipped() noexcept override { leave(); }

    template <class Visit>
    void for_accepts(thread const& t, std::uint8_t what, Visit visit) {
        for (auto a = tables_.node(t.node).first_accept; a != 0; a = tables_.accept(a).next)
            if (tables_.accept(a).field == what) visit(tables_.accept(a).rank);
    }

    void refuse_user_id(thread const& t) {
        for_accepts(t, field::user_id, [&](std::uint8_t rank) { found_.refuse_user_id(rank, t.in_guard); });
    }

    /// Notes the guards of the innermost object whose member comes next.
    void watch(std::string_view name) {
        for (std::size_t g = here_->first_guard; g != guards_.size(); ++g)
            if (tables_.text(tables_.selector(guards_[g].selector).name) == name) guards_[g].watched = watching_ = true;
    }

    /// The value of a watched member; of an object or an array like `null`, which no selector selects.
    void decide_watched(json_scalar const& value) {
        watching_ = false;
        for (std::size_t g = here_->first_guard; g != guards_.size(); ++g) {
            if (!guards_[g].watched) continue;
            guards_[g].watched = false;
            guards_[g].yes = matches(tables_.selector(guards_[g].selector), value);
        }
    }

    [[nodiscard]] bool matches(table_selector const& selector, json_scalar const& value) const noexcept {
        if (selector.kind == selector_kind::flag) return value.type == json_type::boolean_true;
        return value.type != json_type::null && value.type != json_type::real &&
               value.text == tables_.text(selector.value);
    }

    mapping_view tables_;
    found_values found_;
    work_stack<thread> threads_; ///< those of the open containers, then those of the next value
    work_stack<guard> guards_;
    std::array<frame, 1 + max_json_depth> frames_{}; ///< of open containers that paths lead into, and one around all
    frame* here_ = nullptr;                          ///< the innermost, while a body is read
    std::uint32_t element_ = 0;
    std::uint32_t containers_ = 0;
    bool watching_ = false; ///< a selector looks at the next value
};

} // namespace authmod::detail
