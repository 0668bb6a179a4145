// SPDX-License-Identifier: BSL-1.0
// Layer 4. What attribute paths make of documents that an administrator has at hand. Performs nothing.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/flow/profile_json.hpp"
#include "authmod/mapping/profile_reader.hpp"
#include "authmod/provider/module_plan.hpp"
#include "authmod/provider/provider_info.hpp"
#include "authmod/provider/settings.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// The documents of one person; lists page by page. Lifetimes: refers to texts of others.
struct preview_documents {
    std::string_view profile;              ///< empty: there is none
    std::span<std::string const> emails{}; ///< the answers of the email URL
    std::span<std::string const> groups{}; ///< the answers of the groups URL
};

/// A document that cannot be read.
struct document_problem {
    std::string_view document; ///< `profile`, `emails` or `groups`
    std::string_view reason;   ///< stable word, `duplicate_member` for example
    std::size_t offset = 0;    ///< bytes, where the reader stopped

    document_problem() = default;
};

/// What a mapping makes of the documents of one person.
struct mapping_preview {
    user_profile fields;                           ///< what could be mapped
    std::vector<setting_error> errors;             ///< of paths; such a path counts as unset
    std::vector<document_problem> document_errors; ///< of documents that cannot be read; they count as missing
    std::optional<errc> user_id_refused;           ///< `user_id_missing`, `user_id_refused`, `account_type_refused`

    mapping_preview() = default;
};

namespace detail {

/// The mapping of some settings and nothing else of them.
[[nodiscard]] inline settings only_mapping(settings const& text) {
    settings mapping;
    mapping.user_id = text.user_id;
    mapping.username = text.username;
    mapping.full_name = text.full_name;
    mapping.email = text.email;
    mapping.email_verified = text.email_verified;
    mapping.avatar = text.avatar;
    mapping.groups = text.groups;
    mapping.image_url_pattern = text.image_url_pattern;
    mapping.custom_attributes = text.custom_attributes;
    return mapping;
}

/// Takes away the fields that have an error.
inline void clear_bad_paths(settings& text, std::vector<setting_error> const& errors) {
    std::pair<std::string_view, std::string*> const fields[] = {{"user_id", &text.user_id},
                                                                {"username", &text.username},
                                                                {"full_name", &text.full_name},
                                                                {"email", &text.email},
                                                                {"email_verified", &text.email_verified},
                                                                {"avatar", &text.avatar},
                                                                {"groups", &text.groups},
                                                                {"image_url_pattern", &text.image_url_pattern}};
    for (auto const& error : errors) {
        for (auto const& [name, value] : fields)
            if (error.field == name) value->clear();
        if (error.field == "custom_attributes") text.custom_attributes.clear();
        std::erase_if(text.custom_attributes,
                      [&](auto const& one) { return error.field == "custom_attributes/" + one.first; });
    }
}

} // namespace detail

/** Maps `documents` by the paths of `text`; no other setting of it is looked at.

    Effects: none. What is wrong is part of the answer, and everything else is mapped all the same.
*/
[[nodiscard]] inline mapping_preview preview_mapping(provider_info const& provider, settings const& text,
                                                     preview_documents const& documents) {
    mapping_preview preview;
    settings mapping = detail::only_mapping(text);
    auto plan = make_plan(provider, mapping);
    if (!plan) {
        preview.errors = plan.error();
        detail::clear_bad_paths(mapping, preview.errors);
        plan = make_plan(provider, mapping);
    }
    if (!plan) return preview; // nothing that a path could mend
    profile_reader reader(plan->mapping.view());
    auto const read = [&](document_kind kind, std::string_view name, std::string_view body) {
        if (reader.read(kind, body)) return;
        document_problem& problem = preview.document_errors.emplace_back();
        problem.document = name;
        problem.reason = reader.reason();
        problem.offset = reader.reason_offset();
    };
    read(document_kind::profile, "profile", documents.profile);
    for (auto const& page : documents.emails) read(document_kind::emails, "emails", page);
    for (auto const& page : documents.groups) read(document_kind::groups, "groups", page);
    auto person = reader.finish();
    if (!person) {
        preview.user_id_refused = errc::user_id_refused;
        mapping.user_id.clear(); // the other fields are worth seeing
        auto again = preview_mapping(provider, mapping, documents);
        preview.fields = std::move(again.fields);
        return preview;
    }
    preview.fields = std::move(*person);
    auto const& type = preview.fields.account_type;
    if (!preview.fields.user_id)
        preview.user_id_refused = errc::user_id_missing;
    else if (type && !plan->accepts_account_type(*type))
        preview.user_id_refused = errc::account_type_refused;
    return preview;
}

/// The preview as REST gives it.
[[nodiscard]] inline boost::json::object to_json(mapping_preview const& preview) {
    boost::json::object body;
    body["fields"] = profile_json(preview.fields);
    boost::json::array errors;
    for (auto const& e : preview.errors)
        errors.push_back({{"field", e.field}, {"reason", e.reason}, {"offset", e.offset}, {"message", e.message}});
    body["errors"] = std::move(errors);
    boost::json::array problems;
    for (auto const& p : preview.document_errors)
        problems.push_back({{"document", p.document}, {"offset", p.offset}, {"message", p.reason}});
    body["document_errors"] = std::move(problems);
    body["user_id_refused"] = nullptr;
    if (preview.user_id_refused) body["user_id_refused"] = to_word(*preview.user_id_refused);
    return body;
}

} // namespace authmod
