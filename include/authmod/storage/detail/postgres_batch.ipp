// SPDX-License-Identifier: BSL-1.0
// Layer 5. What travels to a PostgreSQL server and back: statements with typed parameters, rows with typed columns. All
// in the binary format: nothing is escaped, and bytes are not doubled.
#pragma once

#include "authmod/core/time.hpp"

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <libpq-fe.h>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace authmod::detail {

/// A parameter that is bytes and not text.
struct pg_bytes {
    std::string_view bytes;
};

/// Types of parameters, by the numbers that every server gives them.
enum pg_type : Oid { pg_bool = 16, pg_bytea = 17, pg_int8 = 20, pg_text = 25, pg_text_array = 1009 };

/** Statements that are sent together. They are prepared once per connection.

    Lifetimes: the texts of the statements outlive the batch; parameters are copied.
*/
class pg_batch {
public:
    struct parameter {
        Oid type;
        std::size_t offset;
        std::size_t length;
    };

    struct statement {
        std::string_view sql;
        std::size_t first; ///< of its values
        std::size_t count;
        bool kept = true; ///< the connection prepares it once; else it is sent as it is
    };

    /// Gives the place of its rows in the answer.
    template <class... Parameters>
    std::size_t add(std::string_view sql, Parameters const&... parameters) {
        statements_.push_back({sql, values_.size(), sizeof...(parameters)});
        (put(parameters), ...);
        return statements_.size() - 1;
    }

    /// The same with values (variants) that are counted at run time. A text of which there may be any number of others
    /// like it must not be `kept`.
    template <class Value>
    std::size_t add_values(std::string_view sql, std::vector<Value> const& values, bool kept) {
        statements_.push_back({sql, values_.size(), values.size(), kept});
        for (auto const& value : values) std::visit([this](auto const& one) { this->put(one); }, value);
        return statements_.size() - 1;
    }

    [[nodiscard]] std::vector<statement> const& statements() const noexcept { return statements_; }

    [[nodiscard]] std::span<parameter const> values_of(statement const& s) const {
        return {values_.data() + s.first, s.count};
    }

    [[nodiscard]] char const* bytes(parameter const& v) const { return bytes_.data() + v.offset; }

private:
    void put(std::string_view text) { put_bytes(pg_text, text); }

    void put(std::string const& text) { put_bytes(pg_text, text); }

    void put(char const* text) { put_bytes(pg_text, text); }

    void put(pg_bytes value) { put_bytes(pg_bytea, value.bytes); }

    void put(bool flag) { put_bytes(pg_bool, std::string_view(flag ? "\1" : "\0", 1)); }

    template <std::integral Number>
    void put(Number number) {
        values_.push_back({pg_int8, bytes_.size(), 8});
        put_number(static_cast<std::uint64_t>(static_cast<std::int64_t>(number)), 8);
    }

    void put(time_point when) { put(to_milliseconds(when)); }

    /// One dimension, counted from 1, without nulls.
    template <class Text>
    void put(std::vector<Text> const& texts) {
        auto const start = bytes_.size();
        put_number(texts.empty() ? 0 : 1, 4);
        put_number(0, 4);
        put_number(pg_text, 4);
        if (!texts.empty()) {
            put_number(texts.size(), 4);
            put_number(1, 4);
        }
        for (std::string_view text : texts) {
            put_number(text.size(), 4);
            bytes_ += text;
        }
        values_.push_back({pg_text_array, start, bytes_.size() - start});
    }

    void put_bytes(Oid type, std::string_view bytes) {
        values_.push_back({type, bytes_.size(), bytes.size()});
        bytes_ += bytes;
    }

    void put_number(std::uint64_t number, int size) {
        while (size-- != 0) bytes_ += static_cast<char>(number >> (8 * size) & 0xff);
    }

    std::vector<statement> statements_;
    std::vector<parameter> values_;
    std::string bytes_;
};

/// What one statement gave. Columns come in the types of the tables: text, bytea, int8, bool, text[].
class pg_rows {
public:
    explicit pg_rows(PGresult* answer) noexcept : answer_(answer) {}

    /// Goes to the next row; false when there is none.
    bool next() noexcept { return ++row_ < PQntuples(answer_.get()); }

    /// Text, or the bytes of a bytea.
    [[nodiscard]] std::string text(int column) const { return std::string(raw(column)); }

    [[nodiscard]] long long number(int column) const noexcept {
        return static_cast<long long>(read_number(raw(column)));
    }

    [[nodiscard]] bool flag(int column) const noexcept { return number(column) != 0; }

    [[nodiscard]] time_point time(int column) const noexcept { return from_milliseconds(number(column)); }

    [[nodiscard]] std::vector<std::string> texts(int column) const {
        constexpr std::size_t head = 12, dimension = 8;
        std::vector<std::string> list;
        auto bytes = raw(column);
        if (bytes.size() < head + dimension) return list; // no dimension: empty
        bytes.remove_prefix(head + dimension);
        while (bytes.size() >= 4) {
            auto const size = static_cast<std::size_t>(read_number(bytes.substr(0, 4)));
            bytes.remove_prefix(4);
            list.emplace_back(bytes.substr(0, size));
            bytes.remove_prefix(std::min(size, bytes.size()));
        }
        return list;
    }

    /// Whether the statement did what it should.
    [[nodiscard]] bool is_good() const noexcept {
        auto const status = PQresultStatus(answer_.get());
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    }

    /// Rows that the statement changed.
    [[nodiscard]] long long changes() const noexcept { return std::atoll(PQcmdTuples(answer_.get())); }

private:
    struct clear {
        void operator()(PGresult* answer) const noexcept { PQclear(answer); }
    };

    [[nodiscard]] std::string_view raw(int column) const noexcept {
        return {PQgetvalue(answer_.get(), row_, column),
                static_cast<std::size_t>(PQgetlength(answer_.get(), row_, column))};
    }

    /// Big-endian, of any width, with its sign.
    [[nodiscard]] static std::int64_t read_number(std::string_view bytes) noexcept {
        std::uint64_t number = !bytes.empty() && (bytes.front() & 0x80) && bytes.size() > 1 ? ~std::uint64_t() : 0;
        for (char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
        return static_cast<std::int64_t>(number);
    }

    std::unique_ptr<PGresult, clear> answer_;
    int row_ = -1;
};

} // namespace authmod::detail
