// SPDX-License-Identifier: BSL-1.0
// Layer 4. Bodies of patch.hpp.
#pragma once

#include "authmod/core/ascii.hpp"
#include "authmod/scim/patch.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace authmod::scim {

namespace detail {

namespace json = boost::json;

/// Member operations in order, each id with the last word on it.
class member_plan {
public:
    void add(std::string_view id) { last_.insert_or_assign(std::string(id), true); }

    void remove(std::string_view id) { last_.insert_or_assign(std::string(id), false); }

    void clear() {
        cleared_ = true;
        last_.clear();
    }

    /// Whether `id` is in afterwards, if it was before.
    [[nodiscard]] bool keeps(std::string const& id) const {
        auto const at = last_.find(id);
        return at == last_.end() ? !cleared_ : at->second;
    }

    /// Those put in by this PATCH.
    [[nodiscard]] std::vector<std::string> added() const {
        std::vector<std::string> ids;
        for (auto const& [id, in] : last_)
            if (in) ids.push_back(id);
        return ids;
    }

    [[nodiscard]] member_changes changes() const {
        member_changes out;
        out.replaces = cleared_;
        for (auto const& [id, in] : last_)
            if (in)
                out.add.push_back(id);
            else if (!cleared_)
                out.remove.push_back(id);
        return out;
    }

private:
    bool cleared_ = false;
    std::map<std::string, bool> last_;
};

/// Applies operations to the attributes of one resource.
class patcher {
public:
    patcher(resource_type const& type, json::object& attributes, std::span<member const> present)
        : type_(type), attributes_(attributes), present_(present) {}

    [[nodiscard]] result<void, error> run(patch_operation const& operation) {
        if (!operation.has_path) return merge_all(operation);
        auto const& p = operation.where;
        if (p.foreign) return {};
        if (p.extension) return whole_extension(operation);
        if (!p.where.whole || p.unknown_sub)
            return error(error_type::invalid_path, "the resource has no attribute of that name");
        if (p.where.whole->name == "schemas" || p.where.leaf()->changes == mutability::write_only) return {};
        if (p.where.whole->changes == mutability::read_only || p.where.leaf()->changes == mutability::read_only)
            return error(error_type::mutability, std::string(p.where.leaf()->name) + " is read-only");
        return change(operation.op, p, operation.has_value ? &operation.value : nullptr);
    }

    /// What was left undone: an extension without attributes goes, `schemas` follow, the rules are checked.
    [[nodiscard]] result<void, error> finish() {
        if (type_.extension) {
            auto const* extension = attributes_.if_contains(type_.extension->urn);
            if (extension && extension->as_object().empty()) attributes_.erase(type_.extension->urn);
        }
        list_schemas(attributes_, type_);
        return check_resource(attributes_, type_);
    }

    [[nodiscard]] member_changes members() const { return members_.changes(); }

private:
    result<void, error> merge_all(patch_operation const& operation) {
        auto const* values = operation.value.if_object();
        if (!values) return error(error_type::invalid_value, "without a path the value has to be an object");
        for (auto const& [name, value] : *values) {
            auto const p = path::parse(name, type_);
            if (!p) continue; // as unknown as any name of no schema
            auto done = p->extension ? merge_extension(operation.op, value) : merge_one(operation.op, *p, value);
            if (!done) return done;
        }
        return {};
    }

    result<void, error> merge_one(patch_op op, path const& p, json::value const& value) {
        if (!p.where.whole || p.unknown_sub) return {};
        auto const ignored = [](attribute const& a) {
            return a.changes == mutability::read_only || a.changes == mutability::write_only;
        };
        if (ignored(*p.where.whole) || ignored(*p.where.leaf())) return {};
        return change(op, p, &value);
    }

    result<void, error> merge_extension(patch_op op, json::value const& value) {
        if (value.is_null()) return {};
        auto const* values = value.if_object();
        if (!values) return error(error_type::invalid_value, "an extension has to be an object");
        for (auto const& [name, part] : *values) {
            auto const p = path::parse(std::string(type_.extension->urn) + ':' + std::string(name), type_);
            if (!p) continue;
            if (auto done = merge_one(op, *p, part); !done) return done;
        }
        return {};
    }

    result<void, error> whole_extension(patch_operation const& operation) {
        if (operation.op != patch_op::remove) return merge_extension(operation.op, operation.value);
        attributes_.erase(type_.extension->urn);
        return {};
    }

    /// `value` is nullptr where none was given.
    result<void, error> change(patch_op op, path const& p, json::value const* value) {
        if (p.where.whole->name == "members") return change_members(op, p, value);
        if (p.has_selector) return change_selected(op, p, value);
        if (op == patch_op::remove) return remove(p.where, value);
        if (p.where.sub) return set_part(p.where, *value);
        if (p.where.whole->multi_valued) return set_list(op, *p.where.whole, *value, holder(p.where));
        if (p.where.whole->type == value_type::complex) return merge_complex(p.where, *value);
        auto canonical = canonical_value(*p.where.whole, *value);
        if (!canonical) return canonical.error();
        put_or_erase(p.where, std::move(*canonical));
        return {};
    }

    /// The object that the attribute is a member of.
    json::object& holder(place const& where) {
        if (!where.in_extension) return attributes_;
        auto& extension = attributes_[type_.extension->urn];
        return extension.is_object() ? extension.get_object() : extension.emplace_object();
    }

    void put_or_erase(place const& where, json::value value) {
        auto& from = holder(where);
        if (!value.is_null())
            from[where.whole->name] = std::move(value);
        else if (where.whole->name != "active") // nobody is let in by forgetting
            from.erase(where.whole->name);
    }

    result<void, error> remove(place const& where, json::value const* value) {
        if (where.whole->required)
            return error(error_type::mutability, std::string(where.whole->name) + " is required");
        auto* found = holder(where).if_contains(where.whole->name);
        if (!found) return {};
        if (where.sub) {
            for_each_element(*found, [&](json::value& one) { one.as_object().erase(where.sub->name); });
            drop_empty(where);
        } else if (where.whole->multi_valued && value && !value->is_null()) {
            return remove_values(where, found->as_array(), *value);
        } else {
            put_or_erase(where, nullptr);
        }
        return {};
    }

    /// The elements that equal one of `values`: by their `value` where it is given, else as wholes.
    result<void, error> remove_values(place const& where, json::array& elements, json::value const& values) {
        if (values.is_array() && values.get_array().empty()) return {};
        auto const unwanted = canonical_value(*where.whole, values);
        if (!unwanted) return unwanted.error();
        if (unwanted->is_null()) return {};
        auto const* main = where.whole->subs.find("value");
        auto const same = [&](json::value const& a, json::value const& b) {
            if (!main || !b.is_object() || !b.get_object().contains("value")) return a == b;
            auto const* value = a.as_object().if_contains("value");
            if (!value) return false;
            std::string_view const left = value->as_string(), right = b.get_object().at("value").as_string();
            return main->case_exact ? left == right : ascii::equal_ignoring_case(left, right);
        };
        for (auto at = elements.begin(); at != elements.end();) {
            bool const gone =
                std::ranges::any_of(unwanted->as_array(), [&](auto const& one) { return same(*at, one); });
            at = gone ? elements.erase(at) : at + 1;
        }
        drop_empty(where);
        return {};
    }

    template <class Use>
    static void for_each_element(json::value& value, Use use) {
        if (auto* array = value.if_array())
            for (auto& one : *array) use(one);
        else
            use(value);
    }

    /// Elements without parts go, and an attribute without elements.
    void drop_empty(place const& where) {
        auto& from = holder(where);
        auto* value = from.if_contains(where.whole->name);
        auto const hollow = [](json::value const& v) { return v.is_object() && v.get_object().empty(); };
        if (!value) return;
        if (auto* array = value->if_array()) {
            for (auto at = array->begin(); at != array->end();) at = hollow(*at) ? array->erase(at) : at + 1;
            if (array->empty()) from.erase(where.whole->name);
        } else if (hollow(*value)) {
            from.erase(where.whole->name);
        }
    }

    /// A part of every element; of a new one where there is none.
    result<void, error> set_part(place const& where, json::value const& value) {
        auto canonical = canonical_value(*where.sub, value);
        if (!canonical) return canonical.error();
        auto& from = holder(where);
        if (!from.contains(where.whole->name)) {
            if (canonical->is_null()) return {};
            json::value one = json::object{{where.sub->name, *canonical}};
            from[where.whole->name] =
                where.whole->multi_valued ? json::value(json::array{std::move(one)}) : std::move(one);
            return {};
        }
        auto& found = from[where.whole->name];
        for_each_element(found, [&](json::value& one) { set_member(one.as_object(), where.sub->name, *canonical); });
        drop_empty(where);
        return {};
    }

    static void set_member(json::object& of, std::string_view name, json::value const& value) {
        if (value.is_null())
            of.erase(name);
        else
            of[name] = value;
    }

    result<void, error> set_list(patch_op op, attribute const& what, json::value const& value, json::object& from) {
        auto canonical = canonical_value(what, value);
        if (!canonical) return canonical.error();
        if (canonical->is_null()) {
            if (op == patch_op::replace) from.erase(what.name);
            return {};
        }
        auto* found = from.if_contains(what.name);
        if (op == patch_op::replace || !found) {
            from[what.name] = std::move(*canonical);
            return {};
        }
        auto& elements = found->as_array();
        auto const before = elements.size();
        for (auto& one : canonical->as_array())
            if (std::ranges::find(elements, one) == elements.end()) elements.push_back(std::move(one));
        if (elements.size() > max_values)
            return error(error_type::invalid_value, std::string(what.name) + " has more than 200 values");
        return keep_one_primary(what, elements, [&](std::size_t i) { return i >= before; });
    }

    /// Among the elements that were touched one at the most is primary; then the others are not.
    template <class Touched>
    static result<void, error> keep_one_primary(attribute const& what, json::array& elements, Touched touched) {
        auto const is_primary = [](json::value const& one) {
            auto const* object = one.if_object();
            auto const* primary = object ? object->if_contains("primary") : nullptr;
            return primary && primary->is_bool() && primary->get_bool();
        };
        std::size_t count = 0;
        for (std::size_t i = 0; i != elements.size(); ++i) count += touched(i) && is_primary(elements[i]);
        if (count > 1)
            return error(error_type::invalid_value, std::string(what.name) + " gets more than one primary value");
        for (std::size_t i = 0; count == 1 && i != elements.size(); ++i)
            if (!touched(i) && is_primary(elements[i])) elements[i].as_object()["primary"] = false;
        return {};
    }

    /// Parts that are given are set, those given as null go, the others stay - unless it becomes another `value`.
    result<void, error> merge_complex(place const& where, json::value const& value) {
        auto const canonical = canonical_value(*where.whole, value);
        if (!canonical) return canonical.error();
        auto const* single = value.if_array() && !value.get_array().empty() ? &value.get_array().front() : &value;
        if (!single->is_object()) {
            put_or_erase(where, *canonical);
            return {};
        }
        auto& slot = holder(where)[where.whole->name];
        auto& into = slot.is_object() ? slot.get_object() : slot.emplace_object();
        if (auto const* parts = canonical->if_object()) {
            auto const* value_now = into.if_contains("value");
            auto const* value_then = parts->if_contains("value");
            if (value_now && value_then && *value_now != *value_then) into.clear();
            for (auto const& [name, part] : *parts) into[name] = part;
        }
        for (auto const& [name, part] : single->get_object()) {
            auto const* sub = where.whole->subs.find(name);
            bool const kept = sub && canonical->is_object() && canonical->get_object().contains(sub->name);
            if (sub && !kept && sub->changes == mutability::read_write) into.erase(sub->name);
        }
        drop_empty(where);
        return {};
    }

    result<void, error> change_selected(patch_op op, path const& p, json::value const* value) {
        auto const& what = *p.where.whole;
        auto& from = holder(p.where);
        auto* found = from.if_contains(what.name);
        json::array none;
        if (!what.multi_valued && found) none.push_back(*found);
        auto& elements = found && what.multi_valued ? found->as_array() : none;
        std::vector<bool> hit(elements.size());
        for (std::size_t i = 0; i != elements.size(); ++i) hit[i] = p.selector.matches_element(elements[i]);
        if (std::ranges::find(hit, true) == hit.end()) {
            if (op == patch_op::remove) return {};
            return make_element(op, p, *value);
        }
        if (op == patch_op::remove && !p.where.sub) {
            std::size_t i = 0;
            for (auto at = elements.begin(); at != elements.end();) at = hit[i++] ? elements.erase(at) : at + 1;
        } else {
            for (std::size_t i = 0; i != elements.size(); ++i)
                if (hit[i])
                    if (auto set = set_element(op, p, elements[i], value); !set) return set;
            if (auto one = keep_one_primary(what, elements, [&](std::size_t i) { return hit[i]; }); !one) return one;
        }
        if (!what.multi_valued) {
            if (elements.empty())
                from.erase(what.name);
            else
                *found = elements.front();
        }
        drop_empty(p.where);
        return {};
    }

    static result<void, error> set_element(patch_op op, path const& p, json::value& element, json::value const* value) {
        auto& object = element.as_object();
        if (op == patch_op::remove) {
            object.erase(p.where.sub->name);
            return {};
        }
        if (p.where.sub) {
            auto const canonical = canonical_value(*p.where.sub, *value);
            if (!canonical) return canonical.error();
            set_member(object, p.where.sub->name, *canonical);
            return {};
        }
        auto const whole = single_value(*p.where.whole, *value);
        if (!whole) return whole.error();
        if (op == patch_op::replace) object.clear();
        for (auto const& [name, part] : *whole) object[name] = part;
        return {};
    }

    /// One element of a complex attribute, empty if the value is unassigned.
    static result<json::object, error> single_value(attribute const& what, json::value const& value) {
        auto const canonical = canonical_value(what, value);
        if (!canonical) return canonical.error();
        if (canonical->is_null()) return json::object();
        if (canonical->is_object()) return canonical->get_object();
        if (canonical->as_array().size() > 1)
            return error(error_type::invalid_value, std::string(what.name) + " takes one value here");
        return canonical->as_array().front().as_object();
    }

    /// The selector matched nothing: an element is made of it, if it says what the element would be.
    result<void, error> make_element(patch_op op, path const& p, json::value const& value) {
        auto const& what = *p.where.whole;
        auto const nothing =
            error(error_type::no_target, "no value of " + std::string(what.name) + " matches the filter");
        auto element = seed(p.selector);
        if (!element || !what.multi_valued || (!p.where.sub && op == patch_op::replace)) return nothing;
        json::value one = std::move(*element);
        if (auto set = set_element(patch_op::add, p, one, &value); !set) return set;
        if (p.where.sub && !one.as_object().contains(p.where.sub->name)) return {}; // nothing was given to keep
        json::array list;
        list.push_back(std::move(one));
        return set_list(patch_op::add, what, std::move(list), holder(p.where));
    }

    /// `type eq "x"`, `primary eq true`, or both: what a new element has.
    static std::optional<json::object> seed(filter const& selector) {
        json::object made;
        for (auto const& node : selector.nodes()) {
            if (node.op == filter_op::both) continue;
            auto const name = node.where.sub ? node.where.sub->name : std::string_view();
            if (node.op != filter_op::equal || (name != "type" && name != "primary")) return {};
            if (node.kind == literal_kind::text)
                made[name] = selector.text_of(node);
            else if (node.kind == literal_kind::boolean)
                made[name] = node.truth;
            else
                return {};
        }
        return made;
    }

    result<void, error> change_members(patch_op op, path const& p, json::value const* value) {
        if (p.where.sub || (p.has_selector && op != patch_op::remove))
            return error(error_type::mutability, "a member can be put in or taken out, not changed");
        if (p.has_selector) {
            remove_selected(p.selector);
            return {};
        }
        if (op == patch_op::replace || (op == patch_op::remove && (!value || value->is_null()))) members_.clear();
        if (!value) return {};
        auto const ids = read_members(*value);
        if (!ids) return ids.error();
        for (auto const& id : *ids) op == patch_op::remove ? members_.remove(id) : members_.add(id);
        return {};
    }

    void remove_selected(filter const& selector) {
        auto const ids = ids_of(selector);
        for (auto const& id : ids) members_.remove(id);
        if (!ids.empty()) return;
        auto const test = [&](std::string const& id, std::string_view display) {
            json::value const one = {{"value", id}, {"display", display}, {"type", "User"}};
            if (selector.matches_element(one)) members_.remove(id);
        };
        for (auto const& id : members_.added()) test(id, {});
        for (auto const& m : present_)
            if (members_.keeps(m.id)) test(m.id, m.display);
    }

    resource_type const& type_;
    json::object& attributes_;
    std::span<member const> present_;
    member_plan members_;
};

[[nodiscard]] inline json::value const* find_member(json::object const& of, std::string_view name) {
    for (auto const& [key, value] : of)
        if (ascii::equal_ignoring_case(key, name)) return &value;
    return nullptr;
}

[[nodiscard]] inline result<patch_operation, error> read_operation(json::value const& from, resource_type const& type) {
    auto const* object = from.if_object();
    if (!object) return error(error_type::invalid_syntax, "an operation has to be an object");
    patch_operation operation;
    auto const* op = find_member(*object, "op");
    std::string_view const word = op && op->is_string() ? std::string_view(op->get_string()) : std::string_view();
    if (ascii::equal_ignoring_case(word, "add"))
        operation.op = patch_op::add;
    else if (ascii::equal_ignoring_case(word, "remove"))
        operation.op = patch_op::remove;
    else if (ascii::equal_ignoring_case(word, "replace"))
        operation.op = patch_op::replace;
    else
        return error(error_type::invalid_syntax, "op has to be add, remove or replace");

    if (auto const* value = find_member(*object, "value")) {
        operation.has_value = true;
        operation.value = *value;
    }
    auto const* where = find_member(*object, "path");
    if (where && !where->is_string() && !where->is_null())
        return error(error_type::invalid_path, "path has to be a text");
    if (where && where->is_string() && !where->get_string().empty()) {
        auto p = path::parse(where->get_string(), type);
        if (!p) return p.error();
        operation.has_path = true;
        operation.where = std::move(*p);
    }
    if (operation.op == patch_op::remove && !operation.has_path)
        return error(error_type::no_target, "remove needs a path");
    if (operation.op != patch_op::remove && !operation.has_value)
        return error(error_type::invalid_value, "add and replace need a value");
    return operation;
}

} // namespace detail

inline namespace AUTHMOD_ABI {

AUTHMOD_DECL result<patch, error> patch::parse(boost::json::value const& body, resource_type const& type) {
    auto const* object = body.if_object();
    if (!object) return error(error_type::invalid_syntax, "the body has to be a JSON object");
    auto const* schemas = detail::find_member(*object, "schemas");
    auto const* urns = schemas ? schemas->if_array() : nullptr;
    auto const is_ours = [](boost::json::value const& urn) {
        return urn.is_string() && ascii::equal_ignoring_case(urn.get_string(), patch_urn);
    };
    if (!urns || std::ranges::none_of(*urns, is_ours))
        return error(error_type::invalid_syntax, "schemas has to name " + std::string(patch_urn));
    auto const* listed = detail::find_member(*object, "Operations");
    auto const* operations = listed ? listed->if_array() : nullptr;
    if (!operations) return error(error_type::invalid_syntax, "Operations has to be an array");
    patch p;
    p.type_ = &type;
    p.operations_.reserve(operations->size());
    for (auto const& one : *operations) {
        auto operation = detail::read_operation(one, type);
        if (!operation) return operation.error();
        p.operations_.push_back(std::move(*operation));
    }
    return p;
}

AUTHMOD_DECL bool patch::needs_members() const {
    return std::ranges::any_of(operations_, [](patch_operation const& o) {
        return o.op == patch_op::remove && o.where.has_selector && o.where.where.whole &&
               o.where.where.whole->name == "members" && ids_of(o.where.selector).empty();
    });
}

AUTHMOD_DECL result<void, error> patch::apply(boost::json::object& attributes, member_changes& members,
                                              std::span<member const> present) const {
    detail::patcher work(*type_, attributes, present);
    for (auto const& operation : operations_)
        if (auto done = work.run(operation); !done) return done;
    members = work.members();
    return work.finish();
}

AUTHMOD_DECL result<void, error> patch::apply(boost::json::object& attributes) const {
    member_changes none;
    return apply(attributes, none);
}

AUTHMOD_DECL std::vector<std::string> ids_of(filter const& selector) {
    std::vector<std::string> ids;
    for (auto const& node : selector.nodes()) {
        if (node.op == filter_op::either) continue;
        bool const by_id = node.op == filter_op::equal && node.kind == literal_kind::text && node.where.sub &&
                           node.where.sub->name == "value";
        if (!by_id) return {};
        ids.emplace_back(selector.text_of(node));
    }
    return ids;
}

} // namespace AUTHMOD_ABI

} // namespace authmod::scim
