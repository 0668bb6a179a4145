// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/check_callback.hpp>

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace authmod;

namespace {

constexpr time_point now = from_milliseconds(1'767'225'600'000);

login_attempt attempt(std::string state, std::string module_id = "m1") {
    login_attempt a;
    a.state = std::move(state);
    a.module_id = std::move(module_id);
    a.fingerprint = "f1";
    a.expires_at = now + attempt_lifetime;
    return a;
}

authorization_response response(std::string_view query) { return read_authorization_response(query).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(check_callback_suite)

BOOST_AUTO_TEST_CASE(B1_only_an_attempt_that_this_browser_holds_matches) {
    std::vector<login_attempt> const held{attempt("one"), attempt("two"), attempt("other", "m2")};
    auto const good = match_attempt(response("state=two&code=c"), held, "m1", now);
    BOOST_REQUIRE(good);
    BOOST_TEST((*good == &held[1]));
    BOOST_TEST((match_attempt(response("state=two&code=c"), {}, "m1", now).error() == errc::state_missing));
    BOOST_TEST((match_attempt(response("code=c"), held, "m1", now).error() == errc::state_missing));
    BOOST_TEST((match_attempt(response("state=thre&code=c"), held, "m1", now).error() == errc::state_mismatch));
    BOOST_TEST((match_attempt(response("state=tw&code=c"), held, "m1", now).error() == errc::state_mismatch));
    BOOST_TEST((match_attempt(response("state=other&code=c"), held, "m1", now).error() == errc::state_mismatch)); // A6
}

BOOST_AUTO_TEST_CASE(B2_states_are_compared_byte_for_byte) {
    std::vector<login_attempt> const held{attempt("two")};
    BOOST_TEST(match_attempt(response("state=two&code=c"), held, "m1", now).has_value());
    for (auto other : {"TWO", "Two", "two%20", "tw", "twoo"})
        BOOST_TEST((match_attempt(response("state=" + std::string(other) + "&code=c"), held, "m1", now).error() ==
                    errc::state_mismatch), other);
}

BOOST_AUTO_TEST_CASE(A2_an_attempt_is_dead_after_ten_minutes) {
    std::vector<login_attempt> const held{attempt("one")};
    auto const at = [&](milliseconds later) { return match_attempt(response("state=one&code=c"), held, "m1", now + later); };
    BOOST_TEST(at(attempt_lifetime - milliseconds(1)).has_value());
    BOOST_TEST((at(attempt_lifetime).error() == errc::state_expired));
}

BOOST_AUTO_TEST_CASE(B5_an_issuer_must_be_the_module_s_own) {
    auto const judge = [](std::string_view query, std::string_view issuer) {
        auto const judged = judge_response(response(query), attempt("s"), "f1", issuer);
        return judged ? errc{} : static_cast<errc>(judged.error().code.value());
    };
    BOOST_TEST((judge("state=s&code=c&iss=https%3A%2F%2Fa.example", "https://a.example") == errc{}));
    BOOST_TEST((judge("state=s&code=c&iss=https%3A%2F%2Fa.example%2F", "https://a.example") == errc::issuer_mismatch));
    BOOST_TEST((judge("state=s&code=c&iss=https%3A%2F%2Fa.example", "") == errc::issuer_mismatch));
    BOOST_TEST((judge("state=s&error=access_denied&iss=https%3A%2F%2Fb.example", "https://a.example") == errc::issuer_mismatch));
    BOOST_TEST((judge("state=s&code=c", "https://a.example") == errc{}));
}

BOOST_AUTO_TEST_CASE(B4_the_error_wins_and_its_description_is_kept_as_untrusted_words) {
    auto const judged = judge_response(response("state=s&code=c&error=invalid_scope&error_description=no+%3Cb%3E"), attempt("s"), "f1", {});
    BOOST_REQUIRE(!judged);
    BOOST_TEST((judged.error().code == errc::authorization_refused));
    BOOST_TEST(judged.error().details.provider_said == "invalid_scope: no <b>");
}

BOOST_AUTO_TEST_CASE(B5_an_issuer_that_metadata_promises_must_be_there) {
    auto const judged = judge_response(response("state=s&code=c"), attempt("s"), "f1", "https://a.example", true);
    BOOST_REQUIRE(!judged);
    BOOST_TEST((judged.error().code == errc::issuer_mismatch));
    BOOST_TEST(judge_response(response("state=s&code=c&iss=https%3A%2F%2Fa.example"), attempt("s"), "f1", "https://a.example", true).has_value());
    auto promised = attempt("s"); // when the login was begun
    promised.iss_promised = true;
    BOOST_TEST((judge_response(response("state=s&code=c"), promised, "f1", "https://a.example").error().code == errc::issuer_mismatch));
}

BOOST_AUTO_TEST_CASE(changed_settings_come_first) {
    auto const judged = judge_response(response("state=s&code=c"), attempt("s"), "f2", {});
    BOOST_REQUIRE(!judged);
    BOOST_TEST((judged.error().code == errc::settings_changed));
}

BOOST_AUTO_TEST_SUITE_END()
