// SPDX-License-Identifier: BSL-1.0
// Environment variables of one test, gone with it. Made before threads are.
#pragma once

#include <cstdlib>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace authmod_test {

/// Sets variables, and takes them away at the end of the scope.
class given_environment {
public:
    given_environment(std::initializer_list<std::pair<char const*, char const*>> variables) {
        for (auto const& [name, value] : variables) {
            ::setenv(name, value, 1);
            names_.emplace_back(name);
        }
    }

    ~given_environment() {
        for (auto const& name : names_) ::unsetenv(name.c_str());
    }

    given_environment(given_environment const&) = delete;

private:
    std::vector<std::string> names_;
};

/// The credentials that the tutorial programs ask for.
struct given_credentials : given_environment {
    given_credentials()
        : given_environment({{"BITBUCKET_CLIENT_ID", "key"},
                             {"BITBUCKET_CLIENT_SECRET", "secret"},
                             {"BITBUCKET_REDIRECT_URI", "http://localhost:8080/callback/bitbucket_cloud"},
                             {"FORGE_CLIENT_ID", "id"},
                             {"FORGE_CLIENT_SECRET", "secret"},
                             {"FORGE_REDIRECT_URI", "http://localhost:8080/callback/forge"}}) {}
};

} // namespace authmod_test
