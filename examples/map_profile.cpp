// SPDX-License-Identifier: BSL-1.0
// Maps a provider's saved answers to the fields of a profile, to try out attribute paths without logging in.
//
//   map_profile --provider bitbucket_cloud --email-doc emails.json --path username=nickname user.json
//
// Exit: 0 fields printed, with or without a user id; 1 a path is malformed; 2 any other bad input.
#include "authmod/mapping/attribute_path.hpp"
#include "authmod/mapping/profile_reader.hpp"
#include "authmod/provider/all.hpp"
#include "authmod/provider/module_plan.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

enum exit_code { mapped = 0, bad_path = 1, bad_input = 2 };

/// The settings that `--path` may change.
constexpr struct {
    std::string_view name;
    std::string authmod::settings::*member;
} path_settings[] = {{"user_id", &authmod::settings::user_id},
                     {"username", &authmod::settings::username},
                     {"full_name", &authmod::settings::full_name},
                     {"email", &authmod::settings::email},
                     {"email_verified", &authmod::settings::email_verified},
                     {"avatar", &authmod::settings::avatar},
                     {"groups", &authmod::settings::groups},
                     {"image_url_pattern", &authmod::settings::image_url_pattern}};

std::string* find_path(authmod::settings& text, std::string_view name) {
    auto const* row = std::ranges::find(path_settings, name, [](auto const& r) { return r.name; });
    return row == std::end(path_settings) ? nullptr : &(text.*row->member);
}

bool read_document(authmod::profile_reader& reader, authmod::document_kind kind, std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    if (!in || !(bytes << in.rdbuf())) {
        std::cerr << "map_profile: cannot read " << file << '\n';
        return false;
    }
    if (auto const read = reader.read(kind, bytes.view()); !read) {
        std::cerr << "map_profile: " << file << ": " << read.error().message() << " (" << reader.reason() << ")\n";
        return false;
    }
    return true;
}

template <class T>
boost::json::value or_null(std::optional<T> const& field) {
    if (!field) return nullptr;
    return boost::json::value_from(*field);
}

void print(authmod::user_profile const& person) {
    boost::json::object const fields{{"user_id", or_null(person.user_id)},
                                     {"username", or_null(person.username)},
                                     {"full_name", or_null(person.full_name)},
                                     {"email", or_null(person.email)},
                                     {"email_verified", or_null(person.email_verified)},
                                     {"avatar", or_null(person.avatar)},
                                     {"groups", or_null(person.groups)}};
    char const* before = "{\n";
    for (auto const& field : fields) {
        std::cout << before << "  " << boost::json::serialize(field.key()) << ": " << field.value();
        before = ",\n";
    }
    std::cout << "\n}\n";
}

} // namespace

int main(int argc, char** argv) {
    std::string provider_id, profile_file, email_file, groups_file;
    std::vector<std::string> paths;
    CLI::App app("Maps a provider's saved answers to the fields of a profile and prints them as JSON.");
    app.add_option("--provider", provider_id, "id of the provider, for example bitbucket_cloud")->required();
    app.add_option("--email-doc", email_file, "saved answer of the email URL");
    app.add_option("--groups-doc", groups_file, "saved answer of the groups URL");
    app.add_option("--path", paths, "another path for a field, as field=PATH")->allow_extra_args(false);
    app.add_option("profile", profile_file, "saved answer of the user data URL")->required();
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? mapped : bad_input;
    }

    auto const providers = authmod::all_providers();
    auto const* provider = providers.find(provider_id);
    if (!provider) {
        std::cerr << "map_profile: unknown provider \"" << provider_id << "\"; known are:";
        for (auto const* known : providers) std::cerr << ' ' << known->id;
        std::cerr << '\n';
        return bad_input;
    }

    authmod::settings text = provider->defaults;
    for (std::string_view const change : paths) {
        auto const name = change.substr(0, change.find('='));
        auto* path = find_path(text, name);
        if (!path || name.size() == change.size()) {
            std::cerr << "map_profile: --path " << change << ": expected field=PATH with one of the fields";
            for (auto const& row : path_settings) std::cerr << ' ' << row.name;
            std::cerr << '\n';
            return bad_input;
        }
        *path = change.substr(name.size() + 1);
    }

    auto const plan = authmod::make_plan(*provider, text);
    if (!plan) {
        for (auto const& error : plan.error()) {
            std::cerr << "map_profile: " << error.field << ": " << error.message << " (" << error.reason << " at byte "
                      << error.offset << ")\n";
            if (auto const* path = find_path(text, error.field))
                std::cerr << authmod::caret_lines(*path, error.offset) << '\n';
        }
        return bad_path;
    }

    authmod::profile_reader reader(plan->mapping.view());
    using authmod::document_kind;
    if (!read_document(reader, document_kind::profile, profile_file)) return bad_input;
    if (!email_file.empty() && !read_document(reader, document_kind::emails, email_file)) return bad_input;
    if (!groups_file.empty() && !read_document(reader, document_kind::groups, groups_file)) return bad_input;
    auto const person = reader.finish();
    if (!person) {
        std::cerr << "map_profile: " << person.error().message() << '\n';
        return bad_input;
    }
    print(*person);
}
