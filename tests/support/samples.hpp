// SPDX-License-Identifier: BSL-1.0
// Maps saved answers of a provider, and compares the collected samples of one with what they are expected to give.
#pragma once

#include "authmod/mapping/profile_reader.hpp"
#include "authmod/provider/module_plan.hpp"
#include "authmod/provider/provider_info.hpp"
#include "test_paths.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace authmod_test {

/// The bytes of a file; none when it is not there.
inline std::optional<std::string> read_file(std::string const& name) {
    std::ifstream in(name, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

/// A person from files below `folder`; an empty name is a call that was not made.
inline authmod::user_profile map_files(authmod::mapping_view plan, std::string const& folder, std::string const& user,
                                       std::string const& emails = {}, std::string const& groups = {}) {
    authmod::profile_reader reader(plan);
    auto const read = [&](authmod::document_kind kind, std::string const& name) {
        if (name.empty()) return;
        auto const bytes = read_file(folder + "/" + name);
        BOOST_TEST_REQUIRE(bytes.has_value(), "cannot read " << folder << "/" << name);
        BOOST_TEST_REQUIRE(reader.read(kind, *bytes).has_value(), name << ": " << reader.reason());
    };
    read(authmod::document_kind::profile, user);
    read(authmod::document_kind::emails, emails);
    read(authmod::document_kind::groups, groups);
    return reader.finish().value();
}

/// The plan of a preset as it comes.
template <authmod::provider P>
authmod::module_plan const& preset_plan() {
    static authmod::module_plan const made =
        authmod::make_plan(authmod::info_of<P>(), authmod::info_of<P>().defaults).value();
    return made;
}

/// A person from our own bodies, mapped by the preset as it comes.
template <authmod::provider P>
authmod::user_profile map_own(std::string const& user, std::string const& emails = {}, std::string const& groups = {}) {
    return map_files(preset_plan<P>().mapping.view(), AUTHMOD_TEST_DATA "/" + std::string(P::id), user, emails, groups);
}

/// The settings that are missing in a preset whose client is registered.
template <authmod::provider P>
std::vector<std::string> missing_beside_client() {
    auto text = authmod::default_settings<P>();
    text.client_id = "client";
    return authmod::missing_for_enable(authmod::info_of<P>(), text, true);
}

/// The icon asks nobody and runs nothing, and the steps use the provider's own words.
template <authmod::provider P>
void check_presentation(std::initializer_list<std::string_view> words) {
    std::string_view const icon = P::icon_svg;
    for (std::string_view word : {"script", "href", "url(", "style", "onload", "<!", "{", "&"})
        BOOST_TEST_CONTEXT(word) BOOST_TEST((icon.find(word) == icon.npos));
    BOOST_TEST(icon.size() < 1024u);
    std::string steps;
    for (auto const& step : P::set_up) steps.append(step.title).append(" ").append(step.text).append("\n");
    for (std::string_view word : words) BOOST_TEST_CONTEXT(word) BOOST_TEST((steps.find(word) != steps.npos));
}

/// What a collected sample holds, by its name.
inline authmod::document_kind kind_of_sample(std::string_view file) {
    if (file.starts_with("emails-")) return authmod::document_kind::emails;
    if (file.starts_with("user-workspaces-") || file.starts_with("orgs-")) return authmod::document_kind::groups;
    return authmod::document_kind::profile;
}

/// Expects a field to be what expected.json says: the text, or nothing where it says null.
inline void check_text(char const* name, std::optional<std::string> const& field, boost::json::value const& expected) {
    BOOST_TEST_CONTEXT(name)
    BOOST_TEST(field.value_or("(none)") == (expected.is_null() ? "(none)" : std::string_view(expected.as_string())));
}

/** Maps every row of the samples' expected.json whose files lie in `folder`, with the provider's defaults.

    Gives the number of rows; 0 when there are no samples here.
*/
inline int check_samples(authmod::provider_info const& provider, std::string const& folder) {
    std::string const root = AUTHMOD_SHARED "/samples/";
    auto const table = read_file(root + "expected.json");
    if (!table) {
        BOOST_TEST_MESSAGE("skipped: no samples of " << folder << " at " << root);
        return 0;
    }
    auto const plan = authmod::make_plan(provider, provider.defaults).value();
    int rows = 0;
    auto const expected = boost::json::parse(*table);
    for (auto const& row : expected.as_array()) {
        std::string user, emails, groups;
        bool ours = true;
        for (auto const& file : row.at("files").as_array()) {
            std::string const name(file.as_string());
            ours = ours && name.starts_with(folder + "/");
            auto const kind = kind_of_sample(std::string_view(name).substr(name.find('/') + 1));
            (kind == authmod::document_kind::profile  ? user
             : kind == authmod::document_kind::emails ? emails
                                                      : groups) = name;
        }
        if (!ours) continue;
        ++rows;
        BOOST_TEST_CONTEXT(user << ' ' << emails << ' ' << groups) {
            auto const person = map_files(plan.mapping.view(), root, user, emails, groups);
            check_text("user_id", person.user_id, row.at("id"));
            check_text("username", person.username, row.at("username"));
            check_text("full_name", person.full_name, row.at("full_name"));
            check_text("email", person.email, row.at("email"));
            check_text("avatar", person.avatar, row.at("avatar"));
            auto const& verified = row.at("email_verified");
            BOOST_TEST(person.email_verified.has_value() == verified.is_bool());
            if (verified.is_bool()) BOOST_TEST(person.email_verified.value_or(false) == verified.get_bool());
            auto const& names = row.at("groups");
            BOOST_TEST(person.groups.has_value() == names.is_array());
            if (!names.is_array() || !person.groups) continue;
            BOOST_TEST_REQUIRE(person.groups->size() == names.get_array().size());
            for (std::size_t i = 0; i != person.groups->size(); ++i)
                BOOST_TEST((*person.groups)[i] == std::string_view(names.get_array()[i].as_string()));
        }
    }
    return rows;
}

/// The same for `P`, whose samples are `rows` or more.
template <authmod::provider P>
void check_samples(std::string const& folder, int rows) {
    int const found = check_samples(authmod::info_of<P>(), folder);
    BOOST_TEST((found == 0 || found >= rows));
}

} // namespace authmod_test
