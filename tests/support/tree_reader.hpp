// SPDX-License-Identifier: BSL-1.0
// The oracle of profile_reader: the rules of attribute paths over a tree, written from their description, slow and
// plain.
#pragma once

#include "authmod/mapping/mapping_tables.hpp"
#include "authmod/mapping/url_pattern.hpp"
#include "authmod/mapping/user_profile.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <charconv>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace authmod_test {

using namespace authmod;
namespace json = boost::json;

class tree_reader {
public:
    explicit tree_reader(mapping_paths const& paths) : paths_(paths) {}

    /// `page` is valid as `profile_reader` understands it.
    void read(document_kind kind, json::value page) {
        documents_[kind].push_back(std::move(page));
        note_ancestors(documents_[kind].back());
    }

    /// Empty: the user id is refused.
    std::optional<user_profile> finish() {
        user_profile person;
        if (auto id = first_value(paths_.user_id, document_kind::profile)) {
            if (!(id->is_string() || is_integer(*id))) return {};
            person.user_id = text_of(*id);
            if (person.user_id->size() > 255) return {};
        }
        person.username = first_text(paths_.username, "integer");
        person.full_name = first_text(paths_.full_name, "any");
        person.account_type = first_text(paths_.account_type, "any");
        cut(person.username);
        cut(person.full_name);
        if (auto avatar = first_text(paths_.avatar, "any"))
            person.avatar = image_url(paths_.image_url_pattern, *avatar);
        if (person.avatar && person.avatar->size() > 2048) person.avatar.reset();
        for (auto const& custom : paths_.custom_attributes)
            if (auto value = first_text(custom.path, "any")) person.custom_attributes.emplace_back(custom.name, *value);
        if (!email_from(document_kind::emails, person)) email_from(document_kind::profile, person);
        if (person.email && person.email->size() > 254) {
            person.email.reset();
            person.email_verified.reset();
        }
        person.groups = groups_from(document_kind::groups);
        if (!person.groups) person.groups = groups_from(document_kind::profile);
        return person;
    }

private:
    using node = json::value const*;

    struct reached {
        std::vector<node> values;     ///< where the path ends, before a final array is expanded
        bool empty_array_met = false; ///< on the way
    };

    // -- the tree: who contains whom

    void note_ancestors(json::value const& value) {
        auto const note = [&](json::value const& child) {
            parent_[&child] = &value;
            note_ancestors(child);
        };
        if (auto const* array = value.if_array())
            for (auto const& child : *array) note(child);
        if (auto const* object = value.if_object())
            for (auto const& member : *object) note(member.value());
    }

    node parent(node n) const {
        auto const found = parent_.find(n);
        return found == parent_.end() ? nullptr : found->second;
    }

    // -- hops

    using alternative = std::vector<path_step>;

    static std::vector<alternative> alternatives(path_view path) {
        std::vector<alternative> all;
        bool fresh = true;
        for (auto const& step : path.steps) {
            if (fresh) all.emplace_back();
            all.back().push_back(step);
            fresh = step.ends_alternative;
        }
        return all;
    }

    static std::string spelled(path_view path, text_range range) {
        std::string text(range.length, '\0');
        text.resize(unescape(path.text, range, text.data()));
        return text;
    }

    static node member(node object, std::string const& name) {
        return object->is_object() ? object->get_object().if_contains(name) : nullptr;
    }

    bool selects(path_view path, path_step const& step, node object) const {
        if (!object->is_object()) return false;
        if (ignore_selectors_) return true;
        node const value = member(object, spelled(path, step.selector_name));
        if (!value) return false;
        if (step.selector == selector_kind::flag) return value->is_bool() && value->get_bool();
        return (value->is_string() || is_integer(*value) || value->is_bool()) &&
               text_of(*value) == spelled(path, step.selector_value);
    }

    reached follow(path_view path, alternative const& steps, json::value const& root) const {
        reached here{{&root}, false};
        for (auto const& step : steps) {
            std::vector<node> next;
            for (node at : here.values) {
                if (step.hop == hop_kind::self) {
                    next.push_back(at);
                    continue;
                }
                bool const by_name = step.hop == hop_kind::name;
                auto const* array = at->if_array();
                if (array && array->empty() && !(by_name && at == &root)) here.empty_array_met = true;
                auto const name = spelled(path, step.name);
                if (by_name) {
                    if (auto child = member(at, name)) next.push_back(child);
                    if (array && at != &root)
                        for (auto const& element : *array)
                            if (auto child = member(&element, name)) next.push_back(child);
                } else if (step.hop == hop_kind::index) {
                    if (auto child = member(at, name)) next.push_back(child);
                    for (std::size_t i = 0; array && i != array->size(); ++i)
                        if (std::to_string(i) == name) next.push_back(&(*array)[i]);
                } else {
                    if (at->is_object() && on_star_) on_star_(at);
                    if (array)
                        for (auto const& element : *array) next.push_back(&element);
                    if (auto const* object = at->if_object())
                        for (auto const& one : *object) next.push_back(&one.value());
                }
            }
            here.values = next;
            if (step.selector == selector_kind::none) continue;
            next.clear();
            for (node at : here.values) {
                if (selects(path, step, at)) next.push_back(at);
                if (auto const* array = at->if_array()) {
                    here.empty_array_met = here.empty_array_met || array->empty();
                    for (auto const& element : *array)
                        if (selects(path, step, &element)) next.push_back(&element);
                }
            }
            here.values = next;
        }
        return here;
    }

    std::vector<node> expanded(std::vector<node> const& ends) const {
        std::vector<node> values;
        for (node end : ends)
            if (auto const* array = end->if_array())
                for (auto const& element : *array) values.push_back(&element);
            else
                values.push_back(end);
        return values;
    }

    /// The values of one alternative, in order, over all pages.
    std::vector<node> values(path_view path, alternative const& steps, document_kind kind) const {
        std::vector<node> all;
        if (auto pages = documents_.find(kind); pages != documents_.end())
            for (auto const& page : pages->second)
                for (node n : expanded(follow(path, steps, page).values)) all.push_back(n);
        return all;
    }

    // -- values

    static bool is_integer(json::value const& v) { return v.is_int64() || v.is_uint64(); }

    static bool is_empty(json::value const& v) {
        if (auto const* text = v.if_string())
            return std::all_of(text->begin(), text->end(), [](char c) { return c == ' ' || c == '\t'; });
        return v.is_null() || (v.is_array() && v.get_array().empty()) || (v.is_object() && v.get_object().empty());
    }

    static std::string text_of(json::value const& v) {
        if (v.is_string()) return std::string(v.get_string());
        if (v.is_bool()) return v.get_bool() ? "true" : "false";
        if (v.is_int64()) return std::to_string(v.get_int64());
        if (v.is_uint64()) return std::to_string(v.get_uint64());
        char text[64];
        return {text, std::to_chars(text, text + 64, v.get_double()).ptr};
    }

    static bool is_value(json::value const& v, std::string_view which) {
        if (is_empty(v) || v.is_array() || v.is_object()) return false;
        return which == "any" || v.is_string() || is_integer(v);
    }

    std::optional<json::value> first_value(path_view path, document_kind kind) const {
        for (auto const& steps : alternatives(path))
            for (node n : values(path, steps, kind))
                if (!is_empty(*n)) return *n;
        return {};
    }

    std::optional<std::string> first_text(path_view path, std::string_view which) const {
        for (auto const& steps : alternatives(path))
            for (node n : values(path, steps, document_kind::profile))
                if (is_value(*n, which)) return text_of(*n);
        return {};
    }

    static void cut(std::optional<std::string>& name) {
        if (!name) return;
        std::string shorter;
        int count = 0;
        for (char c : *name) {
            if ((c & 0xc0) != 0x80 && ++count > 255) break;
            shorter += c;
        }
        name = shorter;
    }

    // -- email and its state

    /// Objects whose members the email's `*` goes through.
    std::set<node> starred_objects(document_kind kind) {
        std::set<node> objects;
        ignore_selectors_ = true;
        on_star_ = [&](node object) { objects.insert(object); };
        for (auto const& steps : alternatives(paths_.email)) values(paths_.email, steps, kind);
        on_star_ = nullptr;
        ignore_selectors_ = false;
        return objects;
    }

    bool same_elements(node email, node state, std::set<node> const& starred) const {
        for (node child = email; parent(child); child = parent(child)) {
            node const container = parent(child);
            if (!container->is_array() && !starred.contains(container)) continue;
            node other = state;
            while (other && parent(other) != container) other = parent(other);
            if (other ? other != child : container->is_array()) return false;
        }
        return true;
    }

    static std::optional<bool> truth(json::value const& v) {
        if (v.is_bool()) return v.get_bool();
        if (is_integer(v)) {
            auto const text = text_of(v);
            return text == "1" ? std::optional(true) : text == "0" ? std::optional(false) : std::nullopt;
        }
        if (!v.is_string()) return {};
        auto text = text_of(v);
        for (char& c : text)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (text == "true" || is_date(text)) return true;
        if (text == "false") return false;
        return {};
    }

    /// A date-time with zone as far as the random documents spell any: whole seconds, "z".
    static bool is_date(std::string const& text) {
        static std::string const shape = "dddd-dd-ddtdd:dd:ddz";
        bool good = text.size() == shape.size();
        for (std::size_t i = 0; good && i != shape.size(); ++i)
            good = shape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == shape[i];
        return good;
    }

    bool email_from(document_kind kind, user_profile& person) {
        for (auto const& steps : alternatives(paths_.email))
            for (node n : values(paths_.email, steps, kind)) {
                if (!is_value(*n, "integer")) continue;
                person.email = text_of(*n);
                person.email_verified = state_of(n, kind);
                return true;
            }
        return false;
    }

    std::optional<bool> state_of(node email, document_kind kind) {
        auto const starred = starred_objects(kind);
        for (auto const& steps : alternatives(paths_.email_verified))
            for (node n : values(paths_.email_verified, steps, kind))
                if (is_value(*n, "any") && same_elements(email, n, starred)) return truth(*n);
        return {};
    }

    // -- groups

    std::optional<std::vector<std::string>> groups_from(document_kind kind) const {
        bool given = false;
        auto const pages = documents_.find(kind);
        if (pages == documents_.end()) return {};
        for (auto const& steps : alternatives(paths_.groups)) {
            for (auto const& page : pages->second) {
                auto const end = follow(paths_.groups, steps, page);
                given = given || end.empty_array_met;
                for (node n : end.values) given = given || n->is_array() || n->is_string() || is_integer(*n);
            }
        }
        if (!given) return {};
        std::vector<std::string> names;
        for (auto const& steps : alternatives(paths_.groups)) {
            bool any = false;
            for (node n : values(paths_.groups, steps, kind)) {
                if (!is_value(*n, "integer")) continue;
                any = true;
                auto const name = text_of(*n);
                if (name.size() <= 255 && std::ranges::find(names, name) == names.end()) names.push_back(name);
            }
            if (any) break;
        }
        return names;
    }

    mapping_paths paths_;
    std::map<document_kind, std::deque<json::value>> documents_;
    std::map<node, node> parent_;
    bool ignore_selectors_ = false;
    std::function<void(node)> on_star_;
};

} // namespace authmod_test
