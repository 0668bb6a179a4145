// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/kept_tokens.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(kept_tokens_)

constexpr time_point now = from_milliseconds(1'000'000'000'000);

token_response answer(std::string_view body, token_grant grant = token_grant::refresh_token) {
    return read_token_response(http_response(200, std::string(body)), grant).value();
}

kept_tokens first() {
    return keep_tokens(
        answer(R"({"access_token":"a1","refresh_token":"r1","id_token":"i1","token_type":"bearer","expires_in":7200})"),
        "account email", now);
}

BOOST_AUTO_TEST_CASE(the_tokens_of_a_login_are_kept) {
    auto const kept = first();
    BOOST_TEST(kept.access_token.expose() == "a1");
    BOOST_TEST(kept.refresh_token.expose() == "r1");
    BOOST_TEST(kept.id_token.expose() == "i1");
    BOOST_TEST(kept.scope == "account email"); // what was asked for
    BOOST_TEST((kept.expires_at == now + std::chrono::seconds(7200)));
    auto const granted = keep_tokens(answer(R"({"access_token":"a","scope":"account"})"), "account email", now);
    BOOST_TEST(granted.scope == "account");
    BOOST_TEST(!granted.expires_at.has_value());
}

BOOST_AUTO_TEST_CASE(c7_a_rotated_refresh_token_takes_the_place_of_the_old_one) {
    auto const kept = after_refresh(
        first(),
        answer(R"({"access_token":"a2","refresh_token":"r2","id_token":"i2","scope":"account","expires_in":60})"), now);
    BOOST_TEST(kept.access_token.expose() == "a2");
    BOOST_TEST(kept.refresh_token.expose() == "r2");
    BOOST_TEST(kept.id_token.expose() == "i2");
    BOOST_TEST(kept.scope == "account");
    BOOST_TEST((kept.expires_at == now + std::chrono::seconds(60)));
}

BOOST_AUTO_TEST_CASE(what_an_answer_leaves_out_stays_but_not_the_expiry) {
    auto const kept = after_refresh(first(), answer(R"({"access_token":"a2"})"), now);
    BOOST_TEST(kept.access_token.expose() == "a2");
    BOOST_TEST(kept.refresh_token.expose() == "r1"); // as Bitbucket's were until 2026
    BOOST_TEST(kept.id_token.expose() == "i1");
    BOOST_TEST(kept.scope == "account email");
    BOOST_TEST(!kept.expires_at.has_value()); // that was of another token
}

BOOST_AUTO_TEST_CASE(a_refresh_is_due_a_minute_before_the_end) {
    auto kept = first();
    auto const end = *kept.expires_at;
    BOOST_TEST(!refresh_is_due(kept, now));
    BOOST_TEST(!refresh_is_due(kept, end - milliseconds(60'001)));
    BOOST_TEST(refresh_is_due(kept, end - milliseconds(60'000)));
    BOOST_TEST(refresh_is_due(kept, end + std::chrono::hours(1)));
    kept.refresh_token.clear();
    BOOST_TEST(!refresh_is_due(kept, end));
    kept = first();
    kept.expires_at.reset();
    BOOST_TEST(!refresh_is_due(kept, end));
}

struct refusal_row {
    int status;
    std::string_view body;
    bool ends;
};

// bitbucket-cloud: not every 4xx is final.
constexpr refusal_row refusals[] = {
    {400, R"({"error":"invalid_grant","error_description":"Invalid refresh_token"})", true},
    {400, R"({"error":"invalid_request","error_description":"Invalid refresh_token"})", true},
    {400, R"({"error":"invalid_request","error_description":"something else"})", false},
    {400, R"({"error_description":"Invalid OAuth client credentials","error":"unauthorized_client"})", false},
    {400, "<html>", false},
    {401, "", false},
    {401, R"({"error":"invalid_client"})", false},
    {403, "", false},
    {408, "", false},
    {429, R"({"error":"invalid_grant"})", false},
    {500, R"({"error":"invalid_grant"})", false},
    {503, "", false},
    {302, "", false},
};

BOOST_AUTO_TEST_CASE(only_a_clear_refusal_ends_a_refresh_token) {
    for (auto const& row : refusals) BOOST_TEST_CONTEXT(row.status << ' ' << row.body) {
            auto const r =
                read_token_response(http_response(row.status, std::string(row.body)), token_grant::refresh_token);
            BOOST_REQUIRE(!r);
            BOOST_TEST(ends_refresh_token(r.error()) == row.ends);
        }
    BOOST_TEST(!ends_refresh_token(failure(errc::timed_out)));
    BOOST_TEST(!ends_refresh_token(failure(errc::token_malformed)));
}

BOOST_AUTO_TEST_CASE(tokens_come_back_from_their_bytes) {
    auto kept = first();
    kept.dpop_key = secret(std::string("\0:7", 3));
    kept.subject = "person:1";
    kept.fingerprint = "f";
    for (bool const ends : {true, false}) {
        if (!ends) kept.expires_at.reset();
        auto const bytes = kept.to_bytes();
        auto const back = kept_tokens::from_bytes(bytes.expose()).value();
        BOOST_TEST(back.to_bytes().expose() == bytes.expose());
        BOOST_TEST(back.refresh_token.expose() == "r1");
        BOOST_TEST(back.dpop_key.expose() == kept.dpop_key.expose());
        BOOST_TEST(back.subject == "person:1");
        BOOST_TEST((back.expires_at == kept.expires_at));
    }
}

BOOST_AUTO_TEST_CASE(bytes_that_were_cut_or_lengthened_are_no_tokens) {
    auto const sealed = first().to_bytes();
    std::string const bytes(sealed.expose());
    for (std::size_t n = 0; n != bytes.size(); ++n)
        BOOST_TEST(!kept_tokens::from_bytes(std::string_view(bytes).substr(0, n)).has_value());
    BOOST_TEST(!kept_tokens::from_bytes(bytes + "x").has_value());
    BOOST_TEST(!kept_tokens::from_bytes("2" + bytes.substr(1)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
