// SPDX-License-Identifier: BSL-1.0
#include "authmod/provider/microsoft_account.hpp"

#include "support/samples.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::map_own;
using authmod_test::preset_plan;

BOOST_AUTO_TEST_SUITE(microsoft_account_provider)

BOOST_AUTO_TEST_CASE(the_issuer_is_that_of_all_consumers) {
    auto const& plan = preset_plan<microsoft_account>();
    BOOST_TEST(plan.accepts_issuer("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"));
    BOOST_TEST(!plan.accepts_issuer("https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
                                    "72f988bf-86f1-41af-91ab-2d7cd011db47"));
    BOOST_TEST(authmod_test::missing_beside_client<microsoft_account>().empty());
}

BOOST_AUTO_TEST_CASE(a_person_is_mapped) {
    auto const person = map_own<microsoft_account>("userinfo.json");
    BOOST_TEST(person.user_id.value() == "AAAAAAAAAAAAAAAAAAAAAKx0");
    BOOST_TEST(person.full_name.value() == "Mika Laine");
    BOOST_TEST(person.email.value() == "mika@laine.example");
    BOOST_TEST(!person.email_verified);
    BOOST_TEST(!person.avatar); // that address wants the token
}

BOOST_AUTO_TEST_CASE(the_steps_use_its_own_words) {
    authmod_test::check_presentation<microsoft_account>(
        {"Personal Microsoft accounts", "Redirect URI", "Client ID", "Client secret"});
}

BOOST_AUTO_TEST_SUITE_END()
