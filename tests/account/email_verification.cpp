#include "authmod/account/email_verification.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(email_verification)

BOOST_AUTO_TEST_CASE(emails_longer_than_254_bytes_do_not_count) {
    user_profile p;
    BOOST_TEST(usable_email(p).empty());
    p.email = std::string(254, 'a');
    BOOST_TEST(usable_email(p) == *p.email);
    p.email_verified = true;
    BOOST_TEST(email_is_proven(p));
    p.email = std::string(255, 'a');
    BOOST_TEST(usable_email(p).empty());
    BOOST_TEST(!email_is_proven(p));
}

BOOST_AUTO_TEST_CASE(E7_only_a_clear_yes_of_the_provider_proves_an_email) {
    user_profile p;
    p.email = "a@example.com";
    BOOST_TEST(!email_is_proven(p));
    p.email_verified = false;
    BOOST_TEST(!email_is_proven(p));
    p.email_verified = true;
    BOOST_TEST(email_is_proven(p));
}

BOOST_AUTO_TEST_CASE(the_provider_decides_then_the_module_then_what_was_known) {
    struct row {
        std::optional<bool> provider;
        bool automatic;
        std::string_view stored; // email of the account
        bool stored_verified;
        bool expected;
    };

    constexpr std::string_view same = "A@example.com"; // differs in case only
    constexpr std::string_view other = "b@example.com";
    row const rows[] = {
        {true, false, same, false, true},          {true, false, other, false, true},
        {false, false, same, true, false},         {false, true, same, true, false},
        {std::nullopt, true, same, false, true},   {std::nullopt, true, other, false, true},
        {std::nullopt, false, same, true, true},   {std::nullopt, false, same, false, false},
        {std::nullopt, false, other, true, false}, {std::nullopt, false, other, false, false},
    };
    for (auto const& r : rows) {
        login_candidate c;
        c.profile.email = "a@example.com";
        c.profile.email_verified = r.provider;
        c.email_auto_verification = r.automatic;
        account stored;
        stored.email = r.stored;
        stored.email_verified = r.stored_verified;
        BOOST_TEST_CONTEXT("row " << &r - rows) BOOST_TEST(decide_email_verified(c, &stored) == r.expected);
    }
}

BOOST_AUTO_TEST_CASE(a_new_account_has_nothing_to_keep) {
    login_candidate c;
    c.profile.email = "a@example.com";
    BOOST_TEST(!decide_email_verified(c, nullptr));
    c.email_auto_verification = true;
    BOOST_TEST(decide_email_verified(c, nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
