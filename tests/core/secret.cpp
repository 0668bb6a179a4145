// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/secret.hpp"

#include <boost/test/unit_test.hpp>
#include <concepts>
#include <cstring>
#include <memory>
#include <new>
#include <ostream>
#include <string>
#include <type_traits>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(secret_)

template <class T>
concept printable = requires(std::ostream& out, T const& value) {
    out << value;
};

static_assert(!printable<secret>);
static_assert(!std::convertible_to<secret, std::string> && !std::convertible_to<secret, std::string_view>);
static_assert(!std::convertible_to<std::string, secret>);
static_assert(!std::equality_comparable<secret>);
static_assert(std::is_nothrow_move_constructible_v<secret> && std::is_nothrow_move_assignable_v<secret>);

// Both kinds: inside the string object, and on the heap.
std::string const texts[] = {"hunter2", std::string(100, 'k') + "hunter2"};

BOOST_AUTO_TEST_CASE(the_text_comes_out_by_name_only) {
    for (auto const& text : texts) {
        secret const s{std::string(text)};
        BOOST_TEST(s.expose() == text);
        BOOST_TEST(!s.empty());
        secret const copy = s;
        BOOST_TEST(copy.expose() == text);
    }
    BOOST_TEST(secret().empty());
}

BOOST_AUTO_TEST_CASE(moving_leaves_nothing_behind) {
    for (auto const& text : texts) {
        std::string source = text;
        secret a(std::move(source));
        BOOST_TEST(source.empty());
        secret b(std::move(a));
        BOOST_TEST(a.empty());
        BOOST_TEST(b.expose() == text);
        secret c{std::string("before")};
        c = std::move(b);
        BOOST_TEST(b.empty());
        BOOST_TEST(c.expose() == text);
        auto& same = c;
        c = std::move(same);
        BOOST_TEST(c.expose() == text);
        c = secret(same);
        BOOST_TEST(c.expose() == text);
    }
}

BOOST_AUTO_TEST_CASE(the_memory_is_wiped_when_the_text_goes) {
    // The bytes of the object itself (short texts live there) are looked at after its end.
    alignas(secret) unsigned char place[sizeof(secret)];
    auto* s = new (place) secret(std::string("hunter2"));
    auto holds = [&] {
        return std::string_view(reinterpret_cast<char const*>(place), sizeof place).find("hunter") !=
               std::string_view::npos;
    };
    BOOST_TEST(holds());
    s->clear();
    BOOST_TEST(!holds());
    *s = secret(std::string("hunter3"));
    BOOST_TEST(holds());
    s->~secret();
    BOOST_TEST(!holds());

    // Who has taken or copied the text wipes it as well.
    secret source(std::string("hunter4"));
    s = new (place) secret(std::move(source));
    BOOST_TEST(holds());
    s->~secret();
    BOOST_TEST(!holds());
    source = secret(std::string("hunter5"));
    s = new (place) secret(source);
    BOOST_TEST(holds());
    secret const taken(std::move(*s));
    BOOST_TEST(!holds());
    *s = std::move(source);
    BOOST_TEST(holds());
    *s = taken;
    BOOST_TEST(holds());
    *s = secret();
    BOOST_TEST(!holds());
    s->~secret();

    // A long text: the memory stays ours until the object goes, so it can be looked at after clear().
    secret longer{std::string(texts[1])};
    char const* bytes = longer.expose().data();
    longer.clear();
    for (std::size_t i = 0; i != texts[1].size(); ++i) BOOST_REQUIRE(bytes[i] == 0);
}

BOOST_AUTO_TEST_CASE(wipe_writes_zeros_over_what_it_was_given) {
    char text[] = "abcdef";
    wipe(text + 1, 3);
    BOOST_TEST(std::memcmp(text, "a\0\0\0ef", 7) == 0);
    wipe(nullptr, 0);
}

BOOST_AUTO_TEST_SUITE_END()
