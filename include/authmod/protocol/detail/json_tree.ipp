// SPDX-License-Identifier: BSL-1.0
// Layer 2. The body of read_json_object.
#pragma once

#include "authmod/mapping/detail/strict_json.hpp"
#include "authmod/protocol/detail/json_tree.hpp"

#include <cstdint>

namespace authmod::detail {

/// Keeps everything, up to a number of values.
class json_tree_builder final : public json_sink {
public:
    explicit json_tree_builder(json_node& root) : root_(&root) {}

    [[nodiscard]] bool overflowed() const noexcept { return values_ > max_json_values; }

private:
    void open_object() override { open_.push_back(add(json_node::kind::object)); }

    void open_array() override { open_.push_back(add(json_node::kind::array)); }

    void close_object(bool) override { open_.pop_back(); }

    void close_array(bool) override { open_.pop_back(); }

    void take_name(std::string_view name, std::uint32_t) override { name_ = name; }

    void take_value(json_scalar const& value) override {
        using enum json_node::kind;
        constexpr json_node::kind kinds[] = {null, boolean, boolean, integer, real, json_node::kind::text};
        if (auto* node = add(kinds[static_cast<std::size_t>(value.type)])) node->text = value.text;
    }

    /// Appends to the innermost open value. The open ones do not move: their parents get no items meanwhile.
    json_node* add(json_node::kind kind) {
        if (++values_ > max_json_values) return nullptr;
        json_node* node = root_;
        if (!open_.empty()) {
            node = &open_.back()->items.emplace_back();
            if (open_.back()->is == json_node::kind::object) node->name = name_;
        }
        node->is = kind;
        return node;
    }

    json_node* root_;
    std::vector<json_node*> open_;
    std::string_view name_;
    std::size_t values_ = 0;
};

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL std::string_view read_json_object(std::string_view text, json_node& root) {
    json_scratch scratch;
    json_tree_builder builder(root);
    auto const reason = read_strict_json(text, scratch, builder);
    if (!reason.empty()) return reason;
    if (builder.overflowed()) return "too_many_values";
    return root.is == json_node::kind::object ? std::string_view() : std::string_view("no_object");
}

} // namespace AUTHMOD_ABI

} // namespace authmod::detail
