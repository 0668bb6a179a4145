// SPDX-License-Identifier: BSL-1.0
// Layer 1. Who is told what is in a JSON text. One class for all, so that a program has one parser.
#pragma once

#include "authmod/mapping/detail/json_scalar.hpp"
#include "authmod/mapping/detail/table_builder.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace authmod::detail {

/** Base of what `read_strict_json` hands events to, in document order.

    What is called for each event of a body is inline and mostly finds that nobody wants to know: a sink says by `sees_`
    what it wants to be told next. One that leaves it alone is told everything by the functions without `plain`.
*/
class json_sink {
public:
    json_sink(json_sink const&) = delete;
    json_sink& operator=(json_sink const&) = delete;

    /// False: nobody wants the next value.
    [[nodiscard]] bool wanted() const noexcept { return sees_.value != sight::nothing; }

    /// A string. Precondition: `wanted()`.
    [[gnu::always_inline]] void text(std::string_view text) {
        if (sees_.value == sight::plain_value) return take_plain_text(text);
        take_value({json_type::string, text});
    }

    /// Another value without parts. Precondition: `wanted()`.
    void scalar(json_scalar const& value) { take_value(value); }

    /// A number that no double holds. False: it is refused.
    [[nodiscard]] virtual bool take_huge_number(std::string_view) { return false; }

    [[gnu::always_inline]] void array_begin() {
        if (!wanted()) return skip();
        open_array();
    }

    [[gnu::always_inline]] void array_end(bool empty) {
        if (skipped_ != 0) return end_skipped();
        close_array(empty);
    }

    [[gnu::always_inline]] void object_begin() {
        if (!wanted()) return skip();
        sees_.value == sight::plain_value ? open_plain_object() : open_object();
    }

    [[gnu::always_inline]] void object_end(bool empty) {
        if (skipped_ != 0) return end_skipped();
        close_object(empty);
    }

    /// The name of the next value. `hash`: its `hash_name`.
    [[gnu::always_inline]] void member(std::string_view name, std::uint32_t hash) {
        if (sees_.member == sight::named_member) {
            auto const key = sees_.key + hash;
            if (auto const& slot = slots_[key >> slot_shift_]; slot.used()) take_plain_name(slot, name, key);
        } else if (sees_.member == sight::any_member) {
            take_name(name, hash);
        }
    }

protected:
    /// What of the innermost container somebody wants. The second of each is what is mostly the case.
    struct sight {
        enum : std::uint8_t { nothing, plain_value, any_value } value = nothing;

        enum : std::uint8_t {
            no_member,
            named_member,
            any_member
        } member = no_member; ///< named: those that have a used slot for `key` + their hash

        std::uint32_t key = 0;
    };

    json_sink() = default;
    ~json_sink() = default;

    virtual void take_value(json_scalar const& value) = 0;
    virtual void take_name(std::string_view name, std::uint32_t hash) = 0;
    virtual void open_array() = 0;
    virtual void close_array(bool empty) = 0;
    virtual void open_object() = 0;
    virtual void close_object(bool empty) = 0;

    virtual void take_plain_text(std::string_view) {}

    virtual void open_plain_object() {}

    /// `slot`: the first to look at for `key`.
    virtual void take_plain_name(table_slot const& /*slot*/, std::string_view, std::uint32_t /*key*/) {}

    /// The end of a container that was skipped: sets what is wanted next.
    virtual void leave_skipped() {}

    /// Nothing of the container that begins is wanted but its end.
    void skip() noexcept {
        ++skipped_;
        sees_ = {sight::nothing, sight::no_member};
    }

    sight sees_{sight::any_value, sight::any_member};
    std::size_t skipped_ = 0;           ///< depth within a container that is skipped
    table_slot const* slots_ = nullptr; ///< for `named_member`
    int slot_shift_ = 0;

private:
    void end_skipped() {
        if (--skipped_ == 0) leave_skipped();
    }
};

} // namespace authmod::detail
