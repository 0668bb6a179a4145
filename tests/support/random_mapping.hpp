// SPDX-License-Identifier: BSL-1.0
// Random mappings and documents over a few names, so that paths and documents meet often.
#pragma once

#include "authmod/mapping/mapping_paths.hpp"
#include "support/mapping_texts.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod_test {

class random_mapping {
public:
    explicit random_mapping(std::uint64_t seed) : random_(seed) {}

    mapping_texts mapping() {
        mapping_texts texts;
        prefix_.clear();
        for (auto* text : {&texts.user_id, &texts.username, &texts.full_name, &texts.avatar, &texts.account_type})
            if (one_in(4)) *text = path();
        if (one_in(4)) texts.custom_attributes.emplace_back("one", path());
        if (one_in(8)) texts.custom_attributes.emplace_back("two", path());
        if (one_in(2)) texts.image_url_pattern = "https://img.example/<picture-id>";
        if (!one_in(4)) texts.groups = path();
        if (one_in(4)) return texts;
        // Email and state mostly look into the same places, or almost the same.
        static constexpr std::string_view lists[] = {"a[p]", "a",      "*",         "[p]", "a/*",
                                                     "a/b",  "a/b[q]", "a[p]/b[q]", "*/b", "a/0"};
        if (!one_in(4)) {
            texts.email = std::string(any_of(lists)) + "/e ?: e";
            texts.email_verified =
                one_in(3) ? std::string(any_of(lists)) : texts.email.substr(0, texts.email.find("/e"));
            texts.email_verified += one_in(3) ? "/*" : "/c ?: p";
        }
        if (one_in(2)) prefix_ = alternative(1 + below(2)) + "/";
        if (texts.email.empty() || one_in(4)) texts.email = path();
        if (texts.email_verified.empty() || one_in(4)) texts.email_verified = path();
        return texts;
    }

    /// A document as text; names and strings are sometimes spelled with escapes.
    std::string document() { return value(0); }

    std::vector<std::pair<authmod::document_kind, std::string>> documents() {
        std::vector<std::pair<authmod::document_kind, std::string>> all;
        for (auto i = below(3); i != 0; --i) all.emplace_back(authmod::document_kind::emails, document());
        for (auto i = below(3); i != 0; --i) all.emplace_back(authmod::document_kind::groups, document());
        all.emplace(all.begin() + static_cast<std::ptrdiff_t>(below(all.size() + 1)), authmod::document_kind::profile,
                    document());
        return all;
    }

private:
    std::size_t below(std::size_t n) { return random_() % n; }

    bool one_in(std::size_t n) { return below(n) == 0; }

    template <std::size_t N>
    std::string_view any_of(std::string_view const (&words)[N]) {
        return words[below(N)];
    }

    std::string path() {
        std::string text = prefix_ + alternative(1 + below(3));
        for (auto more = below(3); more != 0; --more)
            text += " ?: " + (one_in(2) ? prefix_ : "") + alternative(1 + below(4));
        return text;
    }

    std::string alternative(std::size_t segments) {
        std::string text = segment();
        while (--segments != 0) text += "/" + segment();
        return text;
    }

    std::string segment() {
        static constexpr std::string_view hops[] = {"a", "a", "b", "b", "c", "e",      "*",
                                                    "*", "0", "1", "",  "",  R"("0")", R"("\u0061")"};
        static constexpr std::string_view selectors[] = {"[p]", "[q]", "[p=x]", "[p=1]", "[p=true]", "[a=y]", "[q=]"};
        std::string text(any_of(hops));
        if (text.empty() || one_in(5)) text += any_of(selectors);
        return text;
    }

    std::string value(std::size_t depth) {
        static constexpr std::string_view scalars[] = {"null",
                                                       "true",
                                                       "true",
                                                       "false",
                                                       "false",
                                                       "0",
                                                       "1",
                                                       "7",
                                                       "-5",
                                                       "1.5",
                                                       "1e3",
                                                       R"("x")",
                                                       R"("y")",
                                                       R"("z")",
                                                       R"("w")",
                                                       R"("true")",
                                                       R"("")",
                                                       R"(" ")",
                                                       R"("\u0078")",
                                                       R"("FALSE")",
                                                       "18446744073709551615",
                                                       R"("2020-02-29T10:00:00Z")",
                                                       R"("2021-02-29")",
                                                       R"("https://a.example/b")"};
        auto const what = below(8);
        if (depth == 5 || (depth != 0 && what < 3)) return std::string(any_of(scalars));
        if (depth != 0 && one_in(6)) return address();
        return what < 6 ? object(depth) : array(depth);
    }

    /// An entry of an email list as providers write it, so that states are met often.
    std::string address() {
        static constexpr std::string_view states[] = {"true", "false", "null", R"("true")", R"("2021-02-29")"};
        return R"({"e":"x","c":)" + std::string(any_of(states)) + R"(,"p":)" + std::string(any_of(states)) + "}";
    }

    std::string array(std::size_t depth) {
        std::string text = "[";
        for (auto n = below(4); n != 0; --n) text += (text.size() == 1 ? "" : ",") + value(depth + 1);
        return text + "]";
    }

    std::string object(std::size_t depth) {
        static constexpr std::string_view names[] = {"a", "b", "c", "e", "p", "q", "0", "1"};
        std::string text = "{";
        std::size_t const first = below(8), stride = 1 + 2 * below(4); // odd: goes over all eight
        for (std::size_t i = 0, n = below(9); i != n; ++i) {
            auto const name = names[(first + i * stride) % 8];
            text += i == 0 ? "\"" : ",\"";
            if (name == "a" && one_in(4))
                text += "\\u0061";
            else
                text += name;
            text += "\":" + value(depth + 1);
        }
        return text + "}";
    }

    std::mt19937_64 random_;
    std::string prefix_;
};

} // namespace authmod_test
