// SPDX-License-Identifier: BSL-1.0
// Layer 7. The preview of attribute paths: what they make of pasted answers, or of those of the last test login.
#pragma once

#include "authmod/flow/mapping_preview.hpp"
#include "authmod/provider/settings_json.hpp"
#include "authmod/server/detail/admin_routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

/// Members of `paths`: the mapping and nothing else.
inline constexpr std::string_view mapping_fields[] = {"user_id", "username",          "full_name",
                                                      "email",   "email_verified",    "avatar",
                                                      "groups",  "image_url_pattern", "custom_attributes"};

/// Documents as they came or as they were kept.
struct pasted_documents {
    std::string profile;
    std::vector<std::string> emails, groups;

    pasted_documents() = default;
};

/// A document as text: pasted as text, or as the JSON it is. Empty: none.
[[nodiscard]] inline std::string document_text(json::value const* document) {
    if (!document || document->is_null()) return {};
    if (auto const* text = document->if_string()) return std::string(*text);
    return json::serialize(*document);
}

[[nodiscard]] inline pasted_documents documents_of(json::object const& body) {
    pasted_documents pasted;
    pasted.profile = document_text(body.if_contains("profile"));
    for (auto [name, pages] : {std::pair("email_doc", &pasted.emails), std::pair("groups_doc", &pasted.groups)})
        if (auto text = document_text(body.if_contains(name)); !text.empty()) pages->push_back(std::move(text));
    return pasted;
}

/// Those that a test login kept.
[[nodiscard]] inline pasted_documents documents_of_test(json::object const& result) {
    pasted_documents kept;
    auto const* documents = result.if_contains("documents");
    if (!documents || !documents->is_object()) return kept;
    kept.profile = document_text(documents->get_object().if_contains("profile"));
    for (auto [name, pages] : {std::pair("emails", &kept.emails), std::pair("groups", &kept.groups)}) {
        auto const* list = documents->get_object().if_contains(name);
        for (auto const& page : list && list->is_array() ? list->get_array() : json::array())
            pages->push_back(document_text(&page));
    }
    return kept;
}

/// The name that a document has in the request.
[[nodiscard]] inline std::string_view request_name(std::string_view document) noexcept {
    if (document == "emails") return "email_doc";
    return document == "groups" ? "groups_doc" : document;
}

[[nodiscard]] inline json::object preview_json(mapping_preview const& preview) {
    json::object body = to_json(preview);
    json::array problems;
    for (auto const& problem : preview.document_errors) {
        json::object item;
        item["document"] = request_name(problem.document);
        item["reason"] = problem.reason;
        item["offset"] = problem.offset;
        item["message"] = "this cannot be read as the provider's answer: " + std::string(problem.reason);
        problems.push_back(std::move(item));
    }
    body["document_errors"] = std::move(problems);
    return body;
}

/// The settings whose paths are tried: the module's or the provider's, with `paths` laid over them.
[[nodiscard]] inline result<settings, std::vector<setting_error>> paths_to_try(settings text,
                                                                               json::value const* paths) {
    if (!paths || paths->is_null()) return text;
    auto const* object = paths->if_object();
    std::vector<setting_error> errors;
    auto fail = [&](std::string_view field, std::string_view reason, std::string_view message) {
        setting_error& error = errors.emplace_back();
        error.field = field;
        error.reason = reason;
        error.message = message;
    };
    if (!object) fail("paths", "wrong_type", "this must be an object of paths");
    for (auto const& member : object ? *object : json::object())
        if (std::ranges::find(mapping_fields, std::string_view(member.key())) == std::end(mapping_fields))
            fail(member.key(), "unknown_field", "there is no path of this name");
    if (!errors.empty()) return errors;
    if (object->contains("custom_attributes")) text.custom_attributes.clear(); // all of them are given
    return merge_settings(std::move(text), *object);
}

AUTHMOD_DECL reply preview_mapping_paths(call const& c) {
    auto const body = parse_object(c.request.body);
    if (!body) co_return bad_json();
    constexpr std::string_view known[] = {"module", "type", "profile", "email_doc", "groups_doc", "last_test", "paths"};
    if (auto const name = unknown_member(*body, known); !name.empty())
        co_return bad_field("unknown_field", name, "a preview has no such field");
    std::string_view fault;
    std::string const module_id = text_member(*body, "module", 255, fault);
    std::string const type = text_member(*body, "type", 255, fault);
    if (!fault.empty()) co_return bad_field(fault, "module", "a module or a type is named by its id");

    auto const modules = c.engine.modules();
    auto const* module = modules->find(module_id);
    if (!module && !module_id.empty())
        co_return bad_field("no_such_module", "module", "there is no module with this id");
    auto const* provider = module ? module->provider : c.engine.catalog().providers().find(type);
    if (!provider) co_return bad_field("unknown_type", "type", "name a module, or a provider that is there");
    auto const paths = paths_to_try(module ? module->text : provider->defaults, body->if_contains("paths"));
    if (!paths) co_return refused(settings_refusal(paths.error()));

    pasted_documents documents;
    auto const* last_test = body->if_contains("last_test");
    if (last_test && last_test->is_bool() && last_test->get_bool()) {
        auto tested = co_await c.engine.test_result(module_id);
        if (!tested && tested.error() == errc::not_found)
            co_return bad_field("no_test_result", "last_test", "run a test login of this module first");
        if (!tested) co_return refused(tested.error());
        documents = documents_of_test(*tested);
    } else {
        documents = documents_of(*body);
    }
    preview_documents const shown{documents.profile, documents.emails, documents.groups};
    co_return json_reply(200, preview_json(preview_mapping(*provider, *paths, shown)));
}

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
