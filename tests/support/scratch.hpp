// SPDX-License-Identifier: BSL-1.0
// A folder of its own for a test; it goes with the object.
#pragma once

#include <filesystem>
#include <stdlib.h>
#include <string>

namespace authmod_test {

class scratch {
public:
    scratch() {
        auto pattern = (std::filesystem::temp_directory_path() / "authmod-test-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }

    ~scratch() { std::filesystem::remove_all(path_); }

    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;

    [[nodiscard]] std::string operator/(char const* name) const { return (path_ / name).string(); }

    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

} // namespace authmod_test
