// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/jwt_claims.hpp"

#include "support/oidc_provider.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace authmod;
using namespace authmod_test;

BOOST_AUTO_TEST_SUITE(jwt_claims_)

std::string check(json_members const& claims, jwt_rules const& rules = usual_rules(), time_point now = oidc_now) {
    return verdict(detail::read_jwt(signed_with_k1(claims), usual_keys(), rules, now, "id_token"));
}

std::string with(std::string_view name, std::string_view value) { return check(good_id_claims().with(name, value)); }

BOOST_AUTO_TEST_CASE(the_step_is_named_beside_the_claim) {
    auto const r = detail::read_jwt(signed_with_k1(good_id_claims().without("iss")), usual_keys(), usual_rules(),
                                    oidc_now, "logout");
    BOOST_TEST(r.error().details.step == "logout");
    BOOST_TEST(verdict(r) == "issuer_mismatch:iss");
}

BOOST_AUTO_TEST_CASE(d1_the_issuer_is_compared_byte_for_byte) {
    BOOST_TEST(with("iss", quoted("https://op.example")) == "ok");
    BOOST_TEST(with("iss", R"("https:\/\/op.example")") == "ok"); // the same text, spelled with escapes
    for (auto iss :
         {"https://op.example/", "https://OP.example", "http://op.example", "op.example", "https://op.example:443",
          "https://op.example ", "", "https://op.exampl", "https://op.example.evil"})
        BOOST_TEST(with("iss", quoted(iss)) == "issuer_mismatch:iss", iss);
    for (auto iss : {"null", "1", "true", "[\"https://op.example\"]", "{}"})
        BOOST_TEST(with("iss", iss) == "issuer_mismatch:iss", iss);
    BOOST_TEST(check(good_id_claims().without("iss")) == "issuer_mismatch:iss");
    auto nobody = usual_rules();
    nobody.issuer = {};
    BOOST_TEST(check(good_id_claims().with("iss", "\"\""), nobody) == "issuer_mismatch:iss");
}

BOOST_AUTO_TEST_CASE(d1_a_tenant_s_issuer_is_its_own) {
    auto rules = usual_rules();
    rules.issuer = "https://login.microsoftonline.com/{tid}/v2.0";
    auto const tenant = [&](std::string_view iss, std::string_view tid) {
        return check(good_id_claims().with("iss", quoted(iss)).with("tid", tid), rules);
    };
    BOOST_TEST(tenant("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
                      R"("9188040d-6c67-4c5b-b112-36a304b66dad")") == "ok");
    BOOST_TEST(tenant("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
                      R"("0188040d-6c67-4c5b-b112-36a304b66dad")") == "issuer_mismatch:iss");
    BOOST_TEST(tenant("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", "null") ==
               "issuer_mismatch:iss");
    BOOST_TEST(tenant("https://login.microsoftonline.com/{tid}/v2.0", R"("{tid}")") == "issuer_mismatch:iss");
    BOOST_TEST(tenant("https://login.microsoftonline.com/x/v2.0", R"("x")") == "issuer_mismatch:iss");
    BOOST_TEST(tenant("https://login.microsoftonline.com/9188040d/../c67-4c5b-b112-36a304b66dad/v2.0",
                      R"("9188040d/../c67-4c5b-b112-36a304b66dad")") == "issuer_mismatch:iss");
}

BOOST_AUTO_TEST_CASE(d1_the_audience_is_us_and_nobody_who_is_not_listed) {
    for (auto aud : {R"("client-1")", R"(["client-1"])", R"(["client-1","client-1"])"})
        BOOST_TEST(with("aud", aud) == "ok", aud);
    for (auto aud : {R"("client-2")", R"("")", "[]", R"(["client-2"])", R"("CLIENT-1")", R"("client-1 ")", "null", "1",
                     "{}", R"({"client-1":1})", R"(["client-1",1])", R"([["client-1"]])", R"(["client-1","client-2"])",
                     R"("client-1 client-2")"})
        BOOST_TEST(with("aud", aud) == "jwt_audience_refused:aud", aud);
    BOOST_TEST(check(good_id_claims().without("aud")) == "jwt_audience_refused:aud");
}

BOOST_AUTO_TEST_CASE(d1_listed_audiences_may_stand_beside_us_with_azp) {
    std::vector<std::string> const listed{"api-1", "api-2"};
    auto rules = usual_rules();
    rules.other_audiences = listed;
    auto const both = good_id_claims().with("aud", R"(["api-1","client-1"])");
    BOOST_TEST(check(both.with("azp", quoted("client-1")), rules) == "ok");
    BOOST_TEST(check(both, rules) == "jwt_audience_refused:aud"); // several, and nobody says whose it is
    BOOST_TEST(check(both.with("azp", quoted("api-1")), rules) == "jwt_audience_refused:aud");
    BOOST_TEST(check(both.with("azp", quoted("client-1"))) == "jwt_audience_refused:aud"); // not listed
    BOOST_TEST(check(both.with("aud", R"(["api-1"])").with("azp", quoted("client-1")), rules) ==
               "jwt_audience_refused:aud");
    BOOST_TEST(check(both.with("aud", R"(["api-1","client-1","api-3"])").with("azp", quoted("client-1")), rules) ==
               "jwt_audience_refused:aud");
}

BOOST_AUTO_TEST_CASE(d1_azp_is_us_where_it_is_given) {
    BOOST_TEST(with("azp", quoted("client-1")) == "ok");
    for (auto azp : {R"("client-2")", R"("")", "null", "1", R"(["client-1"])"})
        BOOST_TEST(with("azp", azp) == "jwt_audience_refused:aud", azp);
}

struct time_row {
    std::string_view claim;
    long long offset; // seconds from now
    std::string_view expected;
};

constexpr time_row times[] = {
    {"exp", 1, "ok"},
    {"exp", 0, "ok"},
    {"exp", -59, "ok"},
    {"exp", -60, "jwt_expired:exp"},
    {"exp", -3600, "jwt_expired:exp"},
    {"iat", 60, "ok"},
    {"iat", 61, "jwt_expired:iat"},
    {"iat", -86'400, "ok"},
    {"nbf", 60, "ok"},
    {"nbf", 61, "jwt_expired:nbf"},
    {"nbf", -1, "ok"},
};

BOOST_AUTO_TEST_CASE(d5_times_hold_with_a_minute_of_skew) {
    for (auto const& row : times) BOOST_TEST_CONTEXT(row.claim << ' ' << row.offset)
    BOOST_TEST(with(row.claim, std::to_string(oidc_seconds + row.offset)) == row.expected);
    BOOST_TEST(check(good_id_claims(), usual_rules(), oidc_now + std::chrono::seconds(359)) == "ok");
    BOOST_TEST(check(good_id_claims(), usual_rules(), oidc_now + std::chrono::seconds(360)) == "jwt_expired:exp");
    BOOST_TEST(check(good_id_claims(), usual_rules(), oidc_now - std::chrono::seconds(60)) == "ok");
    BOOST_TEST(check(good_id_claims(), usual_rules(), oidc_now - milliseconds(60'001)) == "jwt_expired:iat");
}

BOOST_AUTO_TEST_CASE(d5_skew_is_at_most_five_minutes) {
    auto rules = usual_rules();
    rules.clock_skew = std::chrono::hours(1);
    auto const ends = [&](long long offset) {
        return good_id_claims().with("exp", std::to_string(oidc_seconds + offset));
    };
    BOOST_TEST(check(ends(-299), rules) == "ok");
    BOOST_TEST(check(ends(-300), rules) == "jwt_expired:exp");
    rules.clock_skew = milliseconds(-5000);
    BOOST_TEST(check(ends(1), rules) == "ok");
    BOOST_TEST(check(ends(0), rules) == "jwt_expired:exp");
}

BOOST_AUTO_TEST_CASE(c5_dates_are_numbers_and_never_overflow) {
    for (auto claim : {"exp", "iat", "nbf"}) {
        for (auto bad : {"\"1795521900\"", "null", "true", "[]", "{}", "\"\""})
            BOOST_TEST(with(claim, bad) == std::string("jwt_claim_refused:") + claim, claim << bad);
        for (auto bad : {"1e400", "-1e400"}) BOOST_TEST(with(claim, bad) == "jwt_malformed", bad); // beyond a double
    }
    BOOST_TEST(check(good_id_claims().without("exp")) == "jwt_claim_refused:exp");
    BOOST_TEST(check(good_id_claims().without("iat")) == "jwt_claim_refused:iat");
    for (auto far : {"1e308", "18446744073709551615", "9223372036854775807", "99999999999999999999999", "1e11"}) {
        BOOST_TEST(with("exp", far) == "ok", far);
        BOOST_TEST(with("iat", far) == "jwt_expired:iat", far);
        BOOST_TEST(with("nbf", far) == "jwt_expired:nbf", far);
    }
    for (auto old : {"0", "-0", "-1", "-9223372036854775808", "-1e308", "1e-300", "0.5"}) {
        BOOST_TEST(with("exp", old) == "jwt_expired:exp", old);
        BOOST_TEST(with("iat", old) == "ok", old);
        BOOST_TEST(with("nbf", old) == "ok", old);
    }
    BOOST_TEST(with("exp", std::to_string(oidc_seconds - 60) + ".5") == "ok");
    BOOST_TEST(with("iat", std::to_string(oidc_seconds) + ".999") == "ok");
    BOOST_TEST(with("exp", "1.7955219e9") == "ok");
}

BOOST_AUTO_TEST_CASE(c6_claims_that_are_no_object_or_repeat_a_name_are_refused) {
    auto const check_payload = [](std::string_view payload) {
        return verdict(
            detail::read_jwt(rsa_signer().jws(signature_algorithm::rs256, R"({"alg":"RS256","kid":"k1"})", payload),
                             usual_keys(), usual_rules(), oidc_now, "id_token"));
    };
    auto const good = good_id_claims().text();
    BOOST_TEST(check_payload(good) == "ok");
    auto const inner = good.substr(1, good.size() - 2);
    for (std::string const& bad :
         {std::string(), std::string("{}x"), std::string("[]"), std::string("null"), "[" + good + "]", good + good,
          "{" + inner + R"(,"sub":"person-1"})", "{" + inner + R"(,"s\u0075b":"person-2"})",
          "{" + inner + R"(,"x":{"a":1,"a":1}})", "{" + inner + ",\"x\":\"\xff\"}", "{" + inner + R"(,"x":"\ud800"})",
          "{" + inner + R"(,"x":"\u0000"})", "\xef\xbb\xbf" + good})
        BOOST_TEST(check_payload(bad) == "jwt_malformed", bad);
    BOOST_TEST(check_payload("{" + inner + R"(,"x":)" + std::string(31, '[') + std::string(31, ']') + "}") == "ok");
    BOOST_TEST(check_payload("{" + inner + R"(,"x":)" + std::string(32, '[') + std::string(32, ']') + "}") ==
               "jwt_malformed");
}

BOOST_AUTO_TEST_CASE(nothing_is_believed_before_the_signature) {
    auto const forged = rsa_signer(1).jws(signature_algorithm::rs256, R"({"alg":"RS256","kid":"k1"})", "no JSON");
    BOOST_TEST(verdict(detail::read_jwt(forged, usual_keys(), usual_rules(), oidc_now, "id_token")) ==
               "jwt_signature_bad");
}

BOOST_AUTO_TEST_SUITE_END()
