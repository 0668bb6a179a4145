// SPDX-License-Identifier: BSL-1.0
#include "authmod/crypto/hash.hpp"

#include "authmod/core/ascii.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(hash)

std::string hex(std::string_view bytes) {
    std::string text;
    for (char c : bytes) {
        text += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        text += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

std::string unhex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i != text.size(); i += 2)
        bytes += static_cast<char>(ascii::hex_value(text[i]) * 16 + ascii::hex_value(text[i + 1]));
    return bytes;
}

BOOST_AUTO_TEST_CASE(sha256_gives_the_published_digests) { // FIPS 180-4 examples
    BOOST_TEST(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    BOOST_TEST(hex(sha256(std::string(1'000'000, 'a'))) ==
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    BOOST_TEST(sha256({}) == sha256(""));
}

BOOST_AUTO_TEST_CASE(hmac_gives_the_published_codes) { // RFC 4231, cases 1, 2, 3, 6
    BOOST_TEST(hex(hmac_sha256(std::string(20, '\x0b'))("Hi There")) ==
               "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    hmac_sha256 const jefe("Jefe");
    for (int i = 0; i != 3; ++i) // the kept state is not used up
        BOOST_TEST(hex(jefe("what do ya want for nothing?")) ==
                   "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    BOOST_TEST(hex(hmac_sha256(std::string(20, '\xaa'))(std::string(50, '\xdd'))) ==
               "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    BOOST_TEST(hex(hmac_sha256(std::string(131, '\xaa'))("Test Using Larger Than Block-Size Key - Hash Key First")) ==
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    BOOST_TEST(hex(hmac_sha256({})({})) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

BOOST_AUTO_TEST_CASE(hkdf_gives_the_published_keys) { // RFC 5869, cases 1 and 3
    auto const key = std::string(22, '\x0b');
    BOOST_TEST(hex(hkdf_sha256(key, unhex("000102030405060708090a0b0c"), unhex("f0f1f2f3f4f5f6f7f8f9"), 42)) ==
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    BOOST_TEST(hex(hkdf_sha256(key, {}, {}, 42)) ==
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    BOOST_TEST(hkdf_sha256(key, {}, "a", 32) != hkdf_sha256(key, {}, "b", 32));
}

BOOST_AUTO_TEST_CASE(all_of_it_works_on_many_threads) {
    hmac_sha256 const mac("Jefe");
    auto const expected = mac("x");
    std::vector<std::thread> threads;
    std::vector<int> wrong(4, 0);
    for (int& mistakes : wrong)
        threads.emplace_back([&] {
            for (int i = 0; i != 500; ++i) mistakes += mac("x") != expected || sha256("").size() != sha256_size;
        });
    for (auto& t : threads) t.join();
    BOOST_TEST(wrong == std::vector<int>(4, 0), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
