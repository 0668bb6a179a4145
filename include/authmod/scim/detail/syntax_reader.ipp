// SPDX-License-Identifier: BSL-1.0
// Layer 4. The one reader of filters and paths.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/core/rfc3339.hpp"
#include "authmod/core/utf8.hpp"
#include "authmod/mapping/path.hpp"
#include "authmod/scim/filter.hpp"

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace authmod::scim::detail {

/// A cursor over the text of a filter or a path. Each function leaves it behind what it read; the first complaint
/// stays.
class syntax_reader {
public:
    syntax_reader(std::string_view text, resource_type const& type, error_type kind)
        : text_(text), type_(type), kind_(kind) {}

    [[nodiscard]] result<filter, error> read_filter() {
        if (bounded()) {
            skip_blanks();
            disjunction();
            skip_blanks();
            if (!failed_ && at_ != text_.size()) fail("there is text after the end of the filter");
        }
        if (failed_) return why_;
        return std::move(out_);
    }

    [[nodiscard]] result<path, error> read_path() {
        path p;
        if (bounded()) read_into(p);
        if (failed_) return why_;
        return p;
    }

private:
    struct full_name {
        place where;
        bool foreign = false;   ///< of a schema that the resource type does not have
        bool extension = false; ///< the extension's URN alone
        bool unknown_sub = false;
    };

    bool bounded() {
        if (text_.size() > max_filter_bytes)
            fail("it is longer than 4096 bytes", max_filter_bytes);
        else if (auto const valid = valid_utf8_prefix(text_); valid != text_.size())
            fail("it is not UTF-8", valid);
        return !failed_;
    }

    void read_into(path& p) {
        auto const name = attribute_name();
        if (failed_) return;
        p.where = name.where;
        p.foreign = name.foreign;
        p.extension = name.extension;
        p.unknown_sub = name.unknown_sub;
        if (p.where.whole && p.where.whole->type != value_type::complex && next_is('['))
            return fail("the attribute has no parts");
        if (next_is('[') && !p.extension && !p.where.sub && !p.unknown_sub) {
            p.has_selector = true;
            in_brackets(p.where);
            if (!failed_ && next_is('.')) {
                ++at_;
                auto const sub = word();
                if (sub.empty()) return fail("a sub-attribute's name is missing");
                if (p.where.whole) p.where.sub = p.where.whole->subs.find(sub);
                p.unknown_sub = p.where.whole && !p.where.sub;
            }
            p.selector = std::move(out_);
        }
        if (!failed_ && at_ != text_.size()) fail("this does not belong to a path");
    }

    // filter = conjunction *(SP "or" SP conjunction)
    void disjunction() {
        group(filter_op::either, "or", [this] { conjunction(); });
    }

    void conjunction() {
        group(filter_op::both, "and", [this] { operand(); });
    }

    template <class Read>
    void group(filter_op op, std::string_view joint, Read read) {
        auto const first = out_.nodes_.size();
        read();
        bool joined = false;
        while (!failed_ && skip_joint(joint)) {
            joined = true;
            read();
        }
        if (!joined || failed_) return;
        filter_node node;
        node.op = op;
        close(first, node);
    }

    /// Puts `node` above the nodes from `first` on.
    void close(std::size_t first, filter_node node) {
        auto& nodes = out_.nodes_;
        node.size = static_cast<std::uint16_t>(nodes.size() - first + 1); // a node takes two bytes of text at least
        nodes.insert(nodes.begin() + static_cast<std::ptrdiff_t>(first), node);
    }

    /// Goes over a joint, which has a blank before it and a blank or a parenthesis after it.
    bool skip_joint(std::string_view joint) {
        auto const before = at_;
        skip_blanks();
        auto const found = text_.substr(at_, joint.size());
        auto const after = at_ + joint.size();
        bool const apart = after < text_.size() && (is_blank(text_[after]) || text_[after] == '(');
        if (at_ != before && apart && ascii::equal_ignoring_case(found, joint)) {
            at_ = after;
            skip_blanks();
            return true;
        }
        at_ = before;
        return false;
    }

    void operand() {
        if (next_is('(')) return in_parentheses();
        auto const first = out_.nodes_.size();
        auto const start = at_;
        if (ascii::equal_ignoring_case(text_.substr(at_, 3), "not")) {
            at_ += 3;
            skip_blanks();
            if (next_is('(')) {
                in_parentheses();
                filter_node node;
                node.op = filter_op::negated;
                return close(first, node);
            }
            at_ = start;
        }
        auto const name = attribute_name();
        if (failed_) return;
        if (name.extension) return fail("an attribute's name is missing", start);
        if (!next_is('[') || element_) return comparison(name.where);
        if (name.where.sub) return fail("brackets follow an attribute, not a part of one");
        element(name.where, first);
    }

    void in_parentheses() {
        if (!deeper()) return;
        auto const opened = at_++;
        skip_blanks();
        disjunction();
        skip_blanks();
        if (failed_) return;
        if (!next_is(')'))
            return fail(at_ == text_.size() ? "a parenthesis is not closed" : "this does not belong here",
                        at_ == text_.size() ? opened : at_);
        ++at_;
        --depth_;
    }

    /// The filter in brackets, its names those of `parent`.
    void in_brackets(place const& parent) {
        if (!deeper()) return;
        auto const opened = at_++;
        element_ = &parent;
        skip_blanks();
        disjunction();
        skip_blanks();
        element_ = nullptr;
        if (failed_) return;
        if (!next_is(']'))
            return fail(at_ == text_.size() ? "a bracket is not closed" : "this does not belong here",
                        at_ == text_.size() ? opened : at_);
        ++at_;
        --depth_;
    }

    /// `attr[...]`, or `attr[...].sub op value`: then one element has to satisfy both.
    void element(place const& parent, std::size_t first) {
        in_brackets(parent);
        if (failed_) return;
        if (next_is('.')) {
            ++at_;
            auto const inner = first;
            element_ = &parent;
            auto const name = attribute_name();
            if (!failed_) comparison(name.where);
            element_ = nullptr;
            if (failed_) return;
            filter_node both;
            both.op = filter_op::both;
            close(inner, both);
        }
        filter_node node;
        node.op = filter_op::element;
        node.where = parent;
        close(first, node);
    }

    void comparison(place where) {
        static constexpr std::string_view words[] = {"pr", "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"};
        if (!skip_blanks()) return fail("a blank and an operator are missing");
        auto const start = at_;
        auto const found = text_.substr(at_, 2);
        std::size_t i = 0;
        while (i != std::size(words) && !ascii::equal_ignoring_case(words[i], found)) ++i;
        at_ += found.size();
        if (i == std::size(words) || (at_ != text_.size() && !is_blank(text_[at_]) && !closes(text_[at_])))
            return fail("an operator is missing: eq ne co sw ew pr gt ge lt le", start);
        filter_node node;
        node.op = static_cast<filter_op>(static_cast<std::size_t>(filter_op::present) + i);
        if (where.whole && !where.sub && !element_ && where.whole->type == value_type::complex &&
            node.op != filter_op::present) {
            where.sub = where.whole->subs.find("value"); // RFC 7643 2.4: the value of a complex attribute
            if (!where.sub) where.whole = nullptr;
        }
        node.where = where;
        if (node.op != filter_op::present) {
            if (!skip_blanks()) return fail("a blank and a value are missing");
            literal(node);
        }
        if (!failed_) out_.nodes_.push_back(node);
    }

    void literal(filter_node& node) {
        auto const start = at_;
        auto const* leaf = node.where.leaf();
        if (next_is('"')) {
            text_literal(node);
        } else {
            auto const bare = bare_literal();
            if (ascii::equal_ignoring_case(bare, "true") || ascii::equal_ignoring_case(bare, "false")) {
                node.kind = literal_kind::boolean;
                node.truth = bare.size() == 4;
            } else if (is_number(bare)) {
                keep_text(node, bare);
            } else if (may_stand_bare(node, bare)) {
                keep_text(node, bare);
            } else if (!ascii::equal_ignoring_case(bare, "null")) {
                return fail("a value is missing: a text in quotes, a number, true, false or null", start);
            }
        }
        if (failed_) return;
        if (at_ != text_.size() && !is_blank(text_[at_]) && !closes(text_[at_]))
            return fail("there is text after the value");
        if (leaf) fit(node, *leaf, start);
    }

    /// Pieces of texts and times, as Microsoft's collection writes them: no other JSON value could stand there. After
    /// `eq` a bare word may be a mistyped `true` or number as well, so it stays an error.
    static bool may_stand_bare(filter_node const& node, std::string_view bare) {
        bool const piece =
            node.op == filter_op::contains || node.op == filter_op::starts_with || node.op == filter_op::ends_with;
        if (!piece) {
            auto const* leaf = node.where.leaf();
            return leaf && leaf->type == value_type::date_time && parse_rfc3339(bare).has_value();
        }
        return !bare.empty() && !ascii::equal_ignoring_case(bare, "null") && bare.find_first_of("\"\\([,") == bare.npos;
    }

    /// Makes the literal one of the attribute's kind.
    void fit(filter_node& node, attribute const& leaf, std::size_t start) {
        bool const equality = node.op == filter_op::equal || node.op == filter_op::not_equal;
        bool const order = node.op >= filter_op::greater;
        if (!equality &&
            (leaf.type == value_type::boolean || node.kind == literal_kind::none || node.kind == literal_kind::boolean))
            return fail("only eq and ne compare booleans and null", start);
        if (order && leaf.type == value_type::binary) return fail("binary values have no order", start);
        if (node.kind == literal_kind::none) return;
        if (leaf.type == value_type::boolean) {
            if (node.kind == literal_kind::boolean) return;
            auto const text = out_.text_of(node);
            node.kind = literal_kind::foreign;
            for (bool truth : {false, true})
                if (ascii::equal_ignoring_case(text, truth ? "true" : "false")) {
                    node.kind = literal_kind::boolean;
                    node.truth = truth;
                }
        } else if (node.kind == literal_kind::boolean) {
            node.kind = literal_kind::foreign;
        } else if (leaf.type == value_type::date_time && (order || equality)) {
            auto const when = parse_rfc3339(out_.text_of(node));
            if (!when && order) return fail("a date-time with zone is missing", start);
            node.kind = when ? literal_kind::time : literal_kind::foreign;
            if (when) node.when = *when;
        }
    }

    void text_literal(filter_node& node) {
        auto const start = at_;
        for (++at_; at_ != text_.size() && text_[at_] != '"';) {
            if (static_cast<unsigned char>(text_[at_]) < 0x20) return fail("a control character in a text");
            if (text_[at_] != '\\') {
                ++at_;
                continue;
            }
            auto const escape = authmod::detail::read_escape(text_, at_);
            if (escape.length == 0) return fail("an escape that JSON does not have");
            at_ += escape.length;
        }
        if (at_ == text_.size()) return fail("a text is not closed", start);
        ++at_;
        auto const length = at_ - start;
        text_range const range{static_cast<std::uint16_t>(start), static_cast<std::uint16_t>(length), true};
        auto const before = out_.texts_.size();
        out_.texts_.resize(before + length);
        auto const written = unescape(text_, range, out_.texts_.data() + before);
        out_.texts_.resize(before + written);
        set_text(node, before, written);
    }

    void keep_text(filter_node& node, std::string_view text) {
        auto const before = out_.texts_.size();
        out_.texts_ += text;
        set_text(node, before, text.size());
    }

    static void set_text(filter_node& node, std::size_t at, std::size_t length) {
        node.kind = literal_kind::text;
        node.at = static_cast<std::uint16_t>(at); // texts are no longer than the filter
        node.length = static_cast<std::uint16_t>(length);
    }

    std::string_view bare_literal() {
        auto const start = at_;
        while (at_ != text_.size() && !is_blank(text_[at_]) && !closes(text_[at_])) ++at_;
        return text_.substr(start, at_ - start);
    }

    /// RFC 8259 6
    static bool is_number(std::string_view text) {
        auto const digits = [&] {
            std::size_t n = 0;
            while (!text.empty() && ascii::is_digit(text[0])) text.remove_prefix(1), ++n;
            return n;
        };
        auto const skip = [&](std::string_view any) {
            bool const found = !text.empty() && any.find(text[0]) != any.npos;
            if (found) text.remove_prefix(1);
            return found;
        };
        skip("-");
        bool const zero = text.starts_with('0');
        auto const whole = digits();
        if (whole == 0 || (zero && whole > 1)) return false;
        if (skip(".") && digits() == 0) return false;
        if (skip("eE")) {
            skip("+-");
            if (digits() == 0) return false;
        }
        return text.empty();
    }

    /// [URN ":"] name ["." sub]; below an element only the name of a sub-attribute means something.
    full_name attribute_name() {
        full_name found;
        auto const start = at_;
        std::size_t end = at_;
        while (end != text_.size() && is_name_part(text_[end])) ++end;
        auto const token = text_.substr(start, end - start);
        schema const* home = nullptr;
        std::size_t prefix = 0;
        for (auto const* s : {type_.core, type_.extension})
            if (s && token.size() >= s->urn.size() &&
                ascii::equal_ignoring_case(token.substr(0, s->urn.size()), s->urn)) {
                auto const rest = token.substr(s->urn.size());
                if (rest.empty() || rest[0] == ':' || rest[0] == '.') {
                    home = s;
                    prefix = s->urn.size() + (rest.empty() ? 0 : 1);
                    found.extension = rest.empty() && s == type_.extension;
                }
            }
        if (!home && token.rfind(':') != token.npos && ascii::is_letter(token[0])) {
            found.foreign = true;
            prefix = token.rfind(':') + 1;
        }
        at_ = start + prefix;
        if (found.extension) return found;
        auto const name = word();
        if (name.empty()) {
            fail("an attribute's name is missing");
            return found;
        }
        std::string_view sub;
        if (next_is('.')) {
            ++at_;
            sub = word();
            if (sub.empty()) {
                fail("a sub-attribute's name is missing");
                return found;
            }
        }
        if (at_ != end) {
            fail("this does not belong to a name");
            return found;
        }
        if (element_) {
            found.where = *element_;
            found.where.sub = nullptr;
            if (element_->whole && sub.empty() && prefix == 0) found.where.sub = element_->whole->subs.find(name);
            if (!found.where.sub) found.where.whole = nullptr;
        } else if (!found.foreign) {
            if (!home || home == type_.core) found.where.whole = find_attribute(type_, name);
            if (!found.where.whole && type_.extension && home != type_.core) { // Entra leaves the URN of `manager` out
                found.where.whole = type_.extension->attributes.find(name);
                found.where.in_extension = found.where.whole != nullptr;
            }
            if (found.where.whole && !sub.empty()) {
                found.where.sub = found.where.whole->subs.find(sub);
                found.unknown_sub = !found.where.sub;
                if (found.unknown_sub && kind_ == error_type::invalid_filter) found.where.whole = nullptr;
            }
        }
        return found;
    }

    /// A letter or `$`, then letters, digits, `-` and `_`. Empty: there is none.
    std::string_view word() {
        auto const start = at_;
        if (at_ == text_.size() || !(ascii::is_letter(text_[at_]) || text_[at_] == '$')) return {};
        while (at_ != text_.size() && is_word_part(text_[at_])) ++at_;
        return text_.substr(start, at_ - start);
    }

    static bool is_word_part(char c) {
        return ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '_' || c == '$';
    }

    static bool is_name_part(char c) { return is_word_part(c) || c == '.' || c == ':'; }

    static bool is_blank(char c) { return c == ' ' || c == '\t'; }

    static bool closes(char c) { return c == ')' || c == ']'; }

    bool skip_blanks() {
        auto const before = at_;
        while (at_ != text_.size() && is_blank(text_[at_])) ++at_;
        return at_ != before;
    }

    [[nodiscard]] bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }

    bool deeper() {
        if (++depth_ > max_filter_depth) fail("parentheses and brackets are deeper than 32");
        return !failed_;
    }

    void fail(std::string_view what) { fail(what, at_); }

    void fail(std::string_view what, std::size_t at) {
        if (failed_) return;
        failed_ = true;
        why_ = error(kind_, std::string(what), at);
    }

    std::string_view text_;
    resource_type const& type_;
    error_type kind_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    place const* element_ = nullptr; ///< whose brackets we are in
    filter out_;
    bool failed_ = false;
    error why_;
};

} // namespace authmod::scim::detail
