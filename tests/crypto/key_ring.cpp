// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/key_ring.hpp"

#include "authmod/core/base64.hpp"
#include "authmod/policy/secret_sealer.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(key_ring_)

static_assert(secret_sealer<key_ring>);

std::string key_bytes(char fill) { return std::string(key_ring::key_size, fill); }

key_ring ring_of(std::string_view fills) {
    std::vector<secret> keys;
    for (char c : fills) keys.emplace_back(key_bytes(c));
    return key_ring::from_keys(keys).value();
}

bool broken(result<secret> const& opened) { return !opened && opened.error() == errc::seal_broken; }

BOOST_AUTO_TEST_CASE(N1_what_was_sealed_opens_with_the_same_purpose_only) {
    auto const ring = ring_of("a");
    std::string all_bytes;
    for (int i = 0; i != 256; ++i) all_bytes += static_cast<char>(i);
    for (std::string const& plain : {std::string(), std::string("x"), all_bytes, std::string(100'000, 'y')}) {
        auto const sealed = ring.seal("client_secret", plain).value();
        BOOST_TEST(ring.open("client_secret", sealed).value().expose() == plain);
        BOOST_TEST(broken(ring.open("login_attempt", sealed)));
        BOOST_TEST(broken(ring.open("", sealed)));
    }
    BOOST_TEST(ring.open({}, ring.seal({}, {}).value()).value().empty());
}

BOOST_AUTO_TEST_CASE(N1_sealed_text_fits_a_cookie_and_hides_the_plain_one) {
    auto const ring = ring_of("a");
    std::set<std::string> seen;
    for (int i = 0; i != 200; ++i) seen.insert(ring.seal("p", "the same text").value());
    BOOST_TEST(seen.size() == 200u);
    for (auto const& sealed : seen)
        BOOST_REQUIRE(sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
                      sealed.npos);
    BOOST_TEST(base64url_decode(*seen.begin())->find("same") == std::string::npos);
    BOOST_TEST(seen.begin()->size() == (32u + 13u) * 4 / 3); // 32 bytes over the text's own
}

BOOST_AUTO_TEST_CASE(N1_any_change_breaks_the_seal) {
    auto const ring = ring_of("a");
    auto const sealed = ring.seal("p", "attack at dawn").value();
    auto const bytes = base64url_decode(sealed).value();
    for (std::size_t bit = 0; bit != bytes.size() * 8; ++bit) {
        auto changed = bytes;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        BOOST_REQUIRE(broken(ring.open("p", base64url_encode(changed))));
    }
    for (std::size_t n = 0; n != sealed.size(); ++n) BOOST_REQUIRE(broken(ring.open("p", sealed.substr(0, n))));
    for (auto const& other : {sealed + "A", sealed + "=", " " + sealed, sealed + sealed, std::string("?")})
        BOOST_TEST(broken(ring.open("p", other)));
}

BOOST_AUTO_TEST_CASE(N1_keys_are_rotated_by_putting_a_new_one_in_front) {
    auto const old_value = ring_of("a").seal("p", "old").value();
    auto const rotated = ring_of("ba");
    auto const new_value = rotated.seal("p", "new").value();
    BOOST_TEST(rotated.open("p", old_value).value().expose() == "old");
    BOOST_TEST(rotated.open("p", new_value).value().expose() == "new");
    BOOST_TEST(broken(ring_of("a").open("p", new_value)));
    BOOST_TEST(ring_of("b").open("p", new_value).value().expose() == "new");
    BOOST_TEST(broken(ring_of("b").open("p", old_value)));
    BOOST_TEST(!rotated.is_current(old_value));
    BOOST_TEST(rotated.is_current(new_value));
    BOOST_TEST(!ring_of("ab").is_current(new_value)); // known there, but not the one that seals
    for (auto const* text : {"", "!", "AAAA"}) BOOST_TEST(!rotated.is_current(text));
}

BOOST_AUTO_TEST_CASE(a_key_file_has_a_key_a_line) {
    auto const base64 = base64_encode(key_bytes('a'));
    std::string hex;
    for (int i = 0; i != 32; ++i) hex += "62"; // 'b'
    auto const sealed_a = ring_of("a").seal("p", "a").value();
    auto const sealed_b = ring_of("b").seal("p", "b").value();

    auto const ring = key_ring::from_text("# newest first\r\n\n  " + hex + " \n\t" + base64 + "\r\n#end").value();
    BOOST_TEST(ring.open("p", sealed_a).value().expose() == "a");
    BOOST_TEST(ring.open("p", sealed_b).value().expose() == "b");
    BOOST_TEST(ring_of("b").open("p", ring.seal("p", "newest").value()).value().expose() == "newest");
    BOOST_TEST(key_ring::from_text(base64).has_value());
}

BOOST_AUTO_TEST_CASE(a_bad_key_file_is_refused_whole) {
    auto const good = base64_encode(key_bytes('a'));
    std::string many;
    for (int i = 0; i != 17; ++i) many += base64_encode(key_bytes(static_cast<char>(i))) + '\n';
    for (std::string const& text :
         {std::string(), std::string("\n# only comments\n"), good + "\nnonsense", good.substr(1),
          base64_encode("short"), base64_encode(std::string(33, 'a')), base64_encode(std::string(48, 'a')),
          std::string(64, 'g'), good + good, good + "\n" + good, many, good + " # why"}) {
        auto const ring = key_ring::from_text(text);
        BOOST_TEST((!ring && ring.error() == errc::setting_refused), text);
    }
    BOOST_TEST(key_ring::from_text(many.substr(0, many.size() - 45)).has_value()); // sixteen are fine
    BOOST_TEST(!key_ring::from_keys({}).has_value());
}

BOOST_AUTO_TEST_CASE(fresh_keys_differ) {
    auto const a = key_ring::with_fresh_key().value();
    auto const b = key_ring::with_fresh_key().value();
    auto const sealed = a.seal("p", "x").value();
    BOOST_TEST(a.open("p", sealed).has_value());
    BOOST_TEST(broken(b.open("p", sealed)));
}

BOOST_AUTO_TEST_CASE(the_key_handed_in_is_never_the_one_that_encrypts) {
    // Sealed by hand under the master key itself, with the right id in front: must not open.
    auto const master = key_bytes('a');
    auto const ring = ring_of("a");
    auto const id = base64url_decode(ring.seal("p", "").value()).value().substr(0, 4);
    std::string const nonce(12, 'n');
    std::string out(1, '\0'), tag(16, '\0');
    int n = 0;
    auto bytes = [](std::string const& s) { return reinterpret_cast<unsigned char const*>(s.data()); };
    auto* const context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nullptr, bytes(master), bytes(nonce));
    EVP_EncryptUpdate(context, nullptr, &n, reinterpret_cast<unsigned char const*>("p"), 1);
    EVP_EncryptUpdate(context, reinterpret_cast<unsigned char*>(out.data()), &n,
                      reinterpret_cast<unsigned char const*>("x"), 1);
    EVP_EncryptFinal_ex(context, nullptr, &n);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, tag.data());
    EVP_CIPHER_CTX_free(context);
    BOOST_TEST(broken(ring.open("p", base64url_encode(id + nonce + out + tag))));
    BOOST_TEST(id != master.substr(0, 4));
}

BOOST_AUTO_TEST_CASE(a_ring_serves_many_threads_and_survives_copies_and_moves) {
    auto ring = ring_of("ab");
    auto const copy = ring;
    auto const moved = std::move(ring);
    auto const sealed = copy.seal("p", "x").value();
    BOOST_TEST(moved.open("p", sealed).value().expose() == "x");
    std::vector<std::thread> threads;
    std::vector<int> wrong(4, 0);
    for (int& mistakes : wrong)
        threads.emplace_back([&] {
            for (int i = 0; i != 200; ++i)
                mistakes += copy.open("p", copy.seal("p", "thread").value()).value().expose() != "thread";
        });
    for (auto& t : threads) t.join();
    BOOST_TEST(wrong == std::vector<int>(4, 0), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
