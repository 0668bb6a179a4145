// SPDX-License-Identifier: BSL-1.0
// Runs a console program's coroutine: catches what it prints and answers its question with a callback URL made from the
// address that it printed.
#pragma once

#include "support/bitbucket_login.hpp"

#include <iostream>
#include <sstream>
#include <streambuf>
#include <string>

namespace authmod_test {

/// std::cout and std::cin of one scope. Reading a line gives the callback that belongs to the address printed so far.
class console {
public:
    explicit console(std::string redirect_uri) : answer_(*this), redirect_uri_(std::move(redirect_uri)), old_out_(std::cout.rdbuf(out_.rdbuf())), old_in_(std::cin.rdbuf(&answer_)) {}
    ~console() {
        std::cout.rdbuf(old_out_);
        std::cin.rdbuf(old_in_);
        std::cin.clear();
    }
    console(console const&) = delete;

    [[nodiscard]] std::string printed() const { return out_.str(); }

private:
    struct answer : std::streambuf {
        explicit answer(console& c) : owner(c) {}
        int_type underflow() override {
            if (!line.empty()) return traits_type::eof();
            auto const text = owner.out_.str();
            auto const begin = text.find("https://");
            auto const location = text.substr(begin, text.find('\n') - begin);
            line = owner.redirect_uri_ + "?code=c-1&state=" + parameter(location, "state") + "\n";
            setg(line.data(), line.data(), line.data() + line.size());
            return traits_type::to_int_type(line[0]);
        }
        console& owner;
        std::string line;
    };

    std::ostringstream out_;
    answer answer_;
    std::string redirect_uri_;
    std::streambuf* old_out_;
    std::streambuf* old_in_;
};

} // namespace authmod_test
