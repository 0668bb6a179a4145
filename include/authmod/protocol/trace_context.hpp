// SPDX-License-Identifier: BSL-1.0
// Layer 2. The trace that a request belongs to (W3C Trace Context, level 1): values in and out, no random source.
#pragma once

#include "authmod/core/ascii.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace authmod {

/** One step of a trace: the trace's id and the step's own.

    `traceparent` alone travels on to providers. `tracestate` does not: it is what the operator's own systems tell each
    other, and a provider is none of them.

    See also: https://www.w3.org/TR/trace-context/#traceparent-header
*/
class trace_context {
public:
    /// Random bytes that a step of its own takes: 16 for the trace, 8 for the step.
    static constexpr std::size_t random_bytes = 24;

    /// No trace.
    trace_context() = default;

    /// Whether there is a trace.
    explicit operator bool() const noexcept { return there_; }

    /// Reads the value of a `traceparent` header. No value for everything that is not well formed.
    [[nodiscard]] static constexpr std::optional<trace_context> parse(std::string_view header) noexcept {
        // version "-" trace-id "-" parent-id "-" trace-flags; versions above 00 may add more after another dash
        constexpr std::size_t size = 2 + 1 + 32 + 1 + 16 + 1 + 2;
        if (header.size() < size || header[2] != '-' || header[35] != '-' || header[52] != '-') return {};
        std::array<std::uint8_t, 1> format{}, flags{};
        trace_context read;
        if (!read_hex(header.substr(0, 2), format) || !read_hex(header.substr(3, 32), read.trace_) ||
            !read_hex(header.substr(36, 16), read.span_) || !read_hex(header.substr(53, 2), flags))
            return {};
        if (format[0] == 0xff || (format[0] == 0 && header.size() != size)) return {};
        if (header.size() > size && header[size] != '-') return {};
        if (read.trace_ == decltype(trace_){} || read.span_ == decltype(span_){}) return {};
        read.sampled_ = (flags[0] & 1) != 0;
        read.there_ = true;
        return read;
    }

    /// A step of the trace that `caller` (the value of a `traceparent` header) belongs to; of a new one, not sampled,
    /// when that is not well formed. No trace when `random` is all zero, which a source of random bytes never gives.
    [[nodiscard]] static constexpr trace_context next(std::string_view caller,
                                                      std::span<std::byte const, random_bytes> random) noexcept {
        trace_context own = parse(caller).value_or(trace_context());
        for (std::size_t i = 0; i != own.span_.size(); ++i) own.span_[i] = std::to_integer<std::uint8_t>(random[i]);
        if (!own.there_)
            for (std::size_t i = 0; i != own.trace_.size(); ++i)
                own.trace_[i] = std::to_integer<std::uint8_t>(random[8 + i]);
        own.there_ = own.trace_ != decltype(trace_){} && own.span_ != decltype(span_){};
        return own;
    }

    /// 32 lower-case hexadecimal digits, for logs; empty without a trace.
    [[nodiscard]] std::string trace_id() const {
        std::string text(there_ ? 2 * trace_.size() : 0, '\0');
        if (there_) write_hex(text.data(), trace_);
        return text;
    }

    /// The value of a `traceparent` header for what this step calls; empty without a trace.
    [[nodiscard]] std::string to_header() const {
        if (!there_) return {};
        std::string text = "00-tttttttttttttttttttttttttttttttt-ssssssssssssssss-00";
        write_hex(text.data() + 3, trace_);
        write_hex(text.data() + 36, span_);
        if (sampled_) text.back() = '1';
        return text;
    }

    friend bool operator==(trace_context const&, trace_context const&) = default;

private:
    [[nodiscard]] static constexpr bool read_hex(std::string_view text, std::span<std::uint8_t> bytes) noexcept {
        for (std::size_t i = 0; i != bytes.size(); ++i) {
            for (char c : text.substr(2 * i, 2))
                if (c >= 'A' && c <= 'F') return false; // lower case only
            int const high = ascii::hex_value(text[2 * i]), low = ascii::hex_value(text[2 * i + 1]);
            if (high < 0 || low < 0) return false;
            bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        }
        return true;
    }

    static void write_hex(char* to, std::span<std::uint8_t const> bytes) noexcept {
        constexpr char digits[] = "0123456789abcdef";
        for (auto b : bytes) {
            *to++ = digits[b >> 4];
            *to++ = digits[b & 15];
        }
    }

    std::array<std::uint8_t, 16> trace_{};
    std::array<std::uint8_t, 8> span_{};
    bool sampled_ = false;
    bool there_ = false;
};

} // namespace authmod
