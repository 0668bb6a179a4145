// SPDX-License-Identifier: BSL-1.0
// Other ways to map a body to a profile, the paths of Bitbucket's traits written out by hand. None of them looks for
// members that stand twice, as ours does.
#pragma once

#include "authmod/mapping/mapping_paths.hpp"
#include "authmod/mapping/user_profile.hpp"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#if __has_include(<nlohmann/json.hpp>)
#include <nlohmann/json.hpp>
#define AUTHMOD_BENCHMARK_NLOHMANN
#endif
#if __has_include(<simdjson.h>)
#include <simdjson.h>
#define AUTHMOD_BENCHMARK_SIMDJSON
#endif

namespace authmod_benchmark {

using namespace authmod;
namespace json = boost::json;

// -- boost::json::parse and if_contains

inline std::optional<std::string> text(json::object const* object, std::string_view name) {
    auto const* value = object ? object->if_contains(name) : nullptr;
    auto const* string = value ? value->if_string() : nullptr;
    if (!string || string->empty()) return {};
    return std::string(*string);
}

inline json::object const* child(json::object const* object, std::string_view name) {
    auto const* value = object ? object->if_contains(name) : nullptr;
    return value ? value->if_object() : nullptr;
}

inline json::array const* list(json::object const* object, std::string_view name) {
    auto const* value = object ? object->if_contains(name) : nullptr;
    return value ? value->if_array() : nullptr;
}

inline void take_groups(json::object const* body, user_profile& person) {
    auto const* values = list(body, "values");
    if (!values) return;
    std::unordered_set<std::string_view> seen;
    person.groups.emplace();
    for (auto const& element : *values) {
        auto const* workspace = child(element.if_object(), "workspace");
        auto const* slug = workspace ? workspace->if_contains("slug") : nullptr;
        auto const* name = slug ? slug->if_string() : nullptr;
        if (name && !name->empty() && seen.insert(*name).second) person.groups->emplace_back(*name);
    }
}

inline user_profile by_hand(document_kind kind, json::value const& tree) {
    user_profile person;
    auto const* user = tree.if_object();
    if (kind == document_kind::groups) {
        take_groups(user, person);
        return person;
    }
    person.user_id = text(user, "uuid");
    person.username = text(user, "username");
    if (!person.username) person.username = text(user, "nickname");
    person.full_name = text(user, "display_name");
    if (!person.full_name) person.full_name = text(user, "nickname");
    person.avatar = text(child(child(user, "links"), "avatar"), "href");
    person.account_type = text(user, "type");
    if (auto const* values = list(user, "values"))
        for (auto const& element : *values) {
            auto const* email = element.if_object();
            auto const* primary = email ? email->if_contains("is_primary") : nullptr;
            if (!primary || primary->kind() != json::kind::bool_ || !primary->get_bool()) continue;
            person.email = text(email, "email");
            auto const* ok = email->if_contains("is_confirmed");
            if (ok && ok->kind() == json::kind::bool_) person.email_verified = ok->get_bool();
            break;
        }
    take_groups(user, person);
    return person;
}

inline user_profile hand_written(document_kind kind, std::string const& body) {
    json::error_code code;
    return by_hand(kind, json::parse(body, code));
}

/// The same with a parser that is kept, its tree on a buffer that is kept.
class reused_parser {
public:
    user_profile operator()(document_kind kind, std::string const& body) {
        json::monotonic_resource resource(buffer_, sizeof buffer_);
        parser_.reset(&resource);
        json::error_code code;
        parser_.write(body, code);
        return by_hand(kind, parser_.release());
    }

private:
    unsigned char buffer_[1 << 16];
    json::parser parser_;
};

// -- boost::json::basic_parser, handing what it reads to nobody: nothing that is built on it needs less

struct deaf_handler {
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = max_array_size, max_string_size = max_array_size;
    static constexpr std::size_t max_key_size = max_array_size;
    using text = json::string_view;

    bool on_document_begin(json::error_code&) { return true; }

    bool on_document_end(json::error_code&) { return true; }

    bool on_object_begin(json::error_code&) { return true; }

    bool on_object_end(std::size_t, json::error_code&) { return true; }

    bool on_array_begin(json::error_code&) { return true; }

    bool on_array_end(std::size_t, json::error_code&) { return true; }

    bool on_key_part(text, std::size_t, json::error_code&) { return true; }

    bool on_key(text, std::size_t, json::error_code&) { return true; }

    bool on_string_part(text, std::size_t, json::error_code&) { return true; }

    bool on_string(text, std::size_t, json::error_code&) { return true; }

    bool on_number_part(text, json::error_code&) { return true; }

    bool on_int64(std::int64_t, text, json::error_code&) { return true; }

    bool on_uint64(std::uint64_t, text, json::error_code&) { return true; }

    bool on_double(double, text, json::error_code&) { return true; }

    bool on_bool(bool, json::error_code&) { return true; }

    bool on_null(json::error_code&) { return true; }

    bool on_comment_part(text, json::error_code&) { return false; }

    bool on_comment(text, json::error_code&) { return false; }
};

[[gnu::noinline]] inline std::size_t only_parsed(std::string_view body) {
    json::parse_options options;
    options.max_depth = 32;
    json::basic_parser<deaf_handler> parser(options);
    json::error_code code;
    return parser.write_some(false, body.data(), body.size(), code);
}

// -- nlohmann::json and json_pointer

#ifdef AUTHMOD_BENCHMARK_NLOHMANN
class with_nlohmann {
public:
    user_profile operator()(document_kind kind, std::string const& body) const {
        auto const tree = nlohmann::json::parse(body);
        user_profile person;
        if (kind == document_kind::profile) {
            person.user_id = at(tree, uuid_);
            person.username = at(tree, username_);
            if (!person.username) person.username = at(tree, nickname_);
            person.full_name = at(tree, display_name_);
            if (!person.full_name) person.full_name = at(tree, nickname_);
            person.avatar = at(tree, avatar_);
            person.account_type = at(tree, type_);
        }
        if (!tree.contains(values_)) return person;
        std::unordered_set<std::string> seen;
        person.groups.emplace();
        for (auto const& element : tree.at(values_))
            if (auto slug = at(element, slug_); slug && seen.insert(*slug).second) person.groups->push_back(*slug);
        return person;
    }

private:
    using pointer = nlohmann::json::json_pointer;

    static std::optional<std::string> at(nlohmann::json const& tree, pointer const& path) {
        if (!tree.contains(path)) return {};
        auto const& value = tree.at(path);
        if (!value.is_string() || value.get_ref<std::string const&>().empty()) return {};
        return value.get<std::string>();
    }

    pointer uuid_{"/uuid"}, username_{"/username"}, nickname_{"/nickname"}, display_name_{"/display_name"},
        avatar_{"/links/avatar/href"}, type_{"/type"}, values_{"/values"}, slug_{"/workspace/slug"};
};
#endif

// -- simdjson, on demand, which checks of a text only what it is asked for

#ifdef AUTHMOD_BENCHMARK_SIMDJSON
class with_simdjson {
public:
    /// Precondition: `body` has room for simdjson's padding.
    user_profile operator()(document_kind kind, std::string const& body) {
        namespace on_demand = simdjson::ondemand;
        on_demand::document document;
        user_profile person;
        if (parser_.iterate(body.data(), body.size(), body.capacity()).get(document)) std::abort();
        if (kind == document_kind::profile) {
            person.user_id = text(document["uuid"]);
            person.username = text(document["username"]);
            if (!person.username) person.username = text(document["nickname"]);
            person.full_name = text(document["display_name"]);
            if (!person.full_name) person.full_name = text(document["nickname"]);
            person.avatar = text(document["links"]["avatar"]["href"]);
            person.account_type = text(document["type"]);
        }
        on_demand::array values;
        if (document["values"].get_array().get(values)) return person;
        std::unordered_set<std::string> seen;
        person.groups.emplace();
        for (auto element : values)
            if (auto slug = text(element["workspace"]["slug"]); slug && seen.insert(*slug).second)
                person.groups->push_back(*slug);
        return person;
    }

private:
    static std::optional<std::string> text(simdjson::simdjson_result<simdjson::ondemand::value> value) {
        std::string_view text;
        if (value.get_string().get(text) || text.empty()) return {};
        return std::string(text);
    }

    simdjson::ondemand::parser parser_;
};
#endif

} // namespace authmod_benchmark
