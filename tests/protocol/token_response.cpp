// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/token_response.hpp"
#include "test_paths.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace authmod;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(token_response_)

result<token_response, failure> read(int status, std::string body,
                                     token_grant grant = token_grant::authorization_code) {
    return read_token_response(http_response(status, std::move(body)), grant);
}

std::string_view word(result<token_response, failure> const& r) { return r ? "ok" : to_word(r.error().code); }

/// A good response with one member replaced or added; `raw` is JSON.
std::string with(std::string_view name, std::string_view raw) {
    std::string body = "{";
    for (auto [n, v] :
         {std::pair<std::string_view, std::string_view>{"access_token", "\"a\""}, {"token_type", "\"bearer\""}})
        if (n != name) body.append("\"").append(n).append("\":").append(v).append(",");
    return body.append("\"").append(name).append("\":").append(raw).append("}");
}

std::string content_of(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

BOOST_AUTO_TEST_CASE(bitbucket_s_answer_is_read) {
    auto const r = read(200, content_of(AUTHMOD_TEST_DATA "/token/bitbucket.json")).value();
    BOOST_TEST(r.access_token.expose() == "eyJ-made.up_token~for+tests/0123456789=");
    BOOST_TEST(r.refresh_token.expose() == "refresh-made-up");
    BOOST_TEST(r.scope.value() == "account email");
    BOOST_TEST((r.expires_in == seconds(7200)));
    BOOST_TEST(r.id_token.empty());
}

BOOST_AUTO_TEST_CASE(scope_has_an_older_spelling) {
    BOOST_TEST(read(200, with("scopes", "\"repository\"")).value().scope.value() == "repository");
    BOOST_TEST(
        read(200, R"({"scopes":"old","scope":"new","access_token":"a","token_type":"bearer"})").value().scope.value() ==
        "new");
    BOOST_TEST(
        read(200, R"({"scope":null,"scopes":"old","access_token":"a","token_type":"bearer"})").value().scope.value() ==
        "old");
    BOOST_TEST(!read(200, with("scope", "[\"a\"]")).value().scope.has_value());
}

BOOST_AUTO_TEST_CASE(C4_the_type_is_bearer_in_any_case) {
    for (auto raw : {"\"bearer\"", "\"Bearer\"", "\"BEARER\"", "\"\\u0062earer\""})
        BOOST_TEST(word(read(200, with("token_type", raw))) == "ok");
    for (auto raw :
         {"\"mac\"", "\"DPoP\"", "\"access\"", "\"bearer \"", "\"\"", "null", "1", "true", "[\"bearer\"]", "{}"})
        BOOST_TEST(word(read(200, with("token_type", raw))) == "token_type_refused", raw);
    BOOST_TEST(word(read(200, R"({"access_token":"a"})")) == "token_type_refused");
}

BOOST_AUTO_TEST_CASE(C4_a_refresh_answer_may_lack_the_type_but_not_name_another) {
    BOOST_TEST(word(read(200, R"({"access_token":"a"})", token_grant::refresh_token)) == "ok");
    BOOST_TEST(word(read(200, with("token_type", "null"), token_grant::refresh_token)) == "ok");
    BOOST_TEST(word(read(200, with("token_type", "\"mac\""), token_grant::refresh_token)) == "token_type_refused");
}

BOOST_AUTO_TEST_CASE(C4_a_200_with_an_error_is_an_error) {
    BOOST_TEST(word(read(200, with("error", "\"invalid_grant\""))) == "code_refused");
    for (auto raw : {"\"\"", "{}", "{\"message\":\"x\"}", "[]", "false", "0", "\"something\""})
        BOOST_TEST(word(read(200, with("error", raw))) == "token_exchange_refused", raw);
    BOOST_TEST(word(read(200, with("error", "null"))) == "ok");
}

BOOST_AUTO_TEST_CASE(C4_unknown_members_are_ignored) {
    for (auto raw : {"null", "1", "1e308", "\"x\"", "[[{}]]", "{\"error\":\"inner\",\"access_token\":1}"})
        BOOST_TEST(read(200, with("more", raw)).value().access_token.expose() == "a", raw);
}

struct lifetime_row {
    std::string_view raw;
    long long seconds; // -1: the provider does not say
};

constexpr long long longest = 315'360'000;
constexpr lifetime_row lifetimes[] = {
    {"7200", 7200},
    {"0", 0},
    {"\"300\"", 300},
    {"\"0300\"", 300},
    {"3600.9", 3600},
    {"3.6e3", 3600},
    {"null", -1},
    {"\"\"", -1},
    {"\"soon\"", -1},
    {"\"300s\"", -1},
    {"\"3.5\"", -1},
    {"\"+3\"", -1},
    {"\"-\"", -1},
    {"\" 300\"", -1},
    {"true", -1},
    {"[]", -1},
    {"{}", -1},
    {"-1", 0},
    {"-1e400", 0},
    {"1e400", longest},
    {"1e308", longest},
    {"-0", 0},
    {"124234123534", longest},
    {"1e-400", 0},
    {"0e400", 0}, // no number, by Boost.JSON's rough sum
    {"-0e400", 0},
    {"\"-5\"", 0},
    {"\"1e9\"", -1},
    {"\"nan\"", -1},
    {"\"inf\"", -1},
    {"\"-inf\"", -1},
    {"\"0x10\"", -1},
    {"315360000", longest},
    {"315359999", longest - 1},
    {"9223372036854775807", longest},
    {"-9223372036854775808", 0},
    {"18446744073709551615", longest},
    {"18446744073709551616", longest},
};

BOOST_AUTO_TEST_CASE(C5_every_number_of_seconds_has_a_defined_meaning) {
    for (auto const& row : lifetimes) BOOST_TEST_CONTEXT(row.raw) {
            auto const r = read(200, with("expires_in", row.raw));
            BOOST_REQUIRE(r.has_value());
            BOOST_TEST((r->expires_in ? r->expires_in->count() : -1) == row.seconds);
        }
    BOOST_TEST(!read(200, R"({"access_token":"a","token_type":"bearer"})").value().expires_in.has_value());
    BOOST_TEST(
        (read(200, with("expires_in", "\"" + std::string(400, '9') + "\"")).value().expires_in == seconds(longest)));
    BOOST_TEST((read(200, with("expires_in", std::string(400, '9'))).value().expires_in == seconds(longest)));
    for (auto raw : {"NaN", "Infinity", "-Infinity", "+1", "01", "1.", ".5", "0x10", "1e", "--1"}) // no JSON
        BOOST_TEST(word(read(200, with("expires_in", raw))) == "token_malformed", raw);
}

BOOST_AUTO_TEST_CASE(C6_a_repeated_name_is_refused_wherever_it_is) {
    for (std::string_view body : {R"({"access_token":"a","access_token":"a","token_type":"bearer"})",
                                  R"({"access_token":"a","token_type":"bearer","access_\u0074oken":"b"})",
                                  R"({"access_token":"a","token_type":"bearer","x":1,"x":1})",
                                  R"({"access_token":"a","token_type":"bearer","x":{"y":1,"z":2,"y":3}})",
                                  R"({"access_token":"a","token_type":"bearer","x":[[{"y":1,"y":3}]]})"})
        BOOST_TEST(word(read(200, std::string(body))) == "token_malformed", body);
    BOOST_TEST(
        word(read(200, R"({"access_token":"a","token_type":"bearer","x":{"token_type":1},"y":[{"x":1},{"x":2}]})")) ==
        "ok");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_malformed) {
    std::string const good = R"({"access_token":"a","token_type":"bearer"})";
    for (std::string const& body :
         {std::string(), std::string("null"), std::string("[]"), "[" + good + "]", std::string("\"text\""),
          std::string("<html></html>"), std::string("access_token=a&token_type=bearer"), good + good, good + "x",
          "\xef\xbb\xbf" + good, good.substr(1), good + ",", std::string("{}"),
          std::string(R"({"access_token":"\ud800","token_type":"bearer"})"),
          std::string("{\"access_token\":\"a\",\"token_type\":\"bearer\",\"x\":\"\xff\"}"),
          std::string("{\"access_token\":\"a\",\"token_type\":\"bearer\",}"),
          std::string("{/**/\"access_token\":\"a\",\"token_type\":\"bearer\"}"),
          std::string("{'access_token':'a','token_type':'bearer'}")})
        BOOST_TEST(word(read(200, body)) == "token_malformed", body);
    for (std::size_t n = 0; n != good.size(); ++n) BOOST_TEST(word(read(200, good.substr(0, n))) == "token_malformed");
    BOOST_TEST(word(read(200, " \r\n\t" + good + "\r\n")) == "ok");
}

BOOST_AUTO_TEST_CASE(K2_depth_and_size_are_bounded) {
    auto nested = [](int depth) {
        return with("x", std::string(static_cast<std::size_t>(depth), '[') +
                             std::string(static_cast<std::size_t>(depth), ']'));
    };
    BOOST_TEST(word(read(200, nested(31))) == "ok");
    BOOST_TEST(word(read(200, nested(32))) == "token_malformed");
    BOOST_TEST(word(read(200, nested(100'000))) == "token_malformed");
    BOOST_TEST(word(read(200, with("x", "\"" + std::string(255 * 1024, 'x') + "\""))) == "ok");
    BOOST_TEST(word(read(200, with("x", "\"" + std::string(257 * 1024, 'x') + "\""))) == "token_malformed");
}

BOOST_AUTO_TEST_CASE(tokens_are_printable_and_bounded) {
    for (auto name : {"access_token", "refresh_token", "id_token"}) {
        for (std::string const& raw :
             {std::string("1"), std::string("true"), std::string("{}"), std::string("[\"a\"]"), std::string(R"("a b")"),
              std::string(R"("a\r\nX: y")"), std::string("\"caf\xc3\xa9\""),
              "\"" + std::string(16 * 1024 + 1, 'x') + "\""}) {
            auto const r = read(200, with(name, raw));
            BOOST_TEST(word(r) == "token_malformed", name << ' ' << raw.substr(0, 20));
            BOOST_TEST(r.error().details.field == name);
        }
        BOOST_TEST(word(read(200, with(name, "\"" + std::string(16 * 1024, 'x') + "\""))) == "ok");
    }
    for (auto name : {"access_token", "state"}) // U+0000 is refused as in every JSON text, whoever wants it
        BOOST_TEST(word(read(200, with(name, R"("a\u0000")"))) == "token_malformed");
    for (auto raw : {"null", "\"\""}) {
        BOOST_TEST(word(read(200, with("access_token", raw))) == "token_malformed");
        BOOST_TEST(read(200, with("refresh_token", raw)).value().refresh_token.empty());
    }
    BOOST_TEST(word(read(200, R"({"token_type":"bearer"})")) == "token_malformed");
}

struct refusal_row {
    int status;
    std::string_view body;
    errc code;
    std::string_view said;
};

constexpr refusal_row refusals[] = {
    {400, R"({"error":"invalid_grant","error_description":"code already used"})", errc::code_refused,
     "invalid_grant: code already used"},
    {401, R"({"error":"invalid_grant"})", errc::code_refused, "invalid_grant"},
    {400, R"({"error":"invalid_client"})", errc::client_refused, "invalid_client"},
    {401, R"({"error":"invalid_client"})", errc::client_refused, "invalid_client"},
    {400, R"({"error_description":"Invalid OAuth client credentials","error":"unauthorized_client"})",
     errc::client_refused, "unauthorized_client: Invalid OAuth client credentials"},
    {401, "", errc::client_refused, ""},
    {401, R"({"error":"something"})", errc::client_refused, "something"},
    {400, R"({"error":"invalid_request","error_description":"No callback uri defined for the OAuth client."})",
     errc::token_exchange_refused, "invalid_request: No callback uri defined for the OAuth client."},
    {400, R"({"error":"invalid_scope"})", errc::token_exchange_refused, "invalid_scope"},
    {400, R"({"error":{"message":"Bad Request","detail":{}}})", errc::token_exchange_refused,
     R"({"error":{"message":"Bad Request","detail":{}}})"},
    {400, R"({"error":["x"]})", errc::token_exchange_refused, R"({"error":["x"]})"},
    {400, R"({"message":"no"})", errc::token_exchange_refused, R"({"message":"no"})"},
    {400, "<html>Bad</html>", errc::token_exchange_refused, "<html>Bad</html>"},
    {400, "{\"error\":\"a\xff\"}", errc::token_exchange_refused, "{\"error\":\"a?\"}"},
    {403, "", errc::token_exchange_refused, ""},
    {404, "Not found", errc::token_exchange_refused, "Not found"},
    {400, R"({"error":"temporarily_unavailable"})", errc::provider_failed, "temporarily_unavailable"},
    {408, "", errc::provider_failed, ""},
    {429, "slow down", errc::provider_rate_limited, "slow down"},
    {429, R"({"error":"invalid_grant"})", errc::provider_rate_limited, "invalid_grant"},
    {500, "<html>", errc::provider_failed, "<html>"},
    {503, R"({"error":"invalid_client"})", errc::provider_failed, "invalid_client"},
    {302, "", errc::redirect_refused, ""},
    {307, R"({"access_token":"a","token_type":"bearer"})", errc::redirect_refused, ""},
    {204, "", errc::token_malformed, ""},
    {100, "", errc::token_malformed, ""},
    {0, "", errc::token_malformed, ""},
};

BOOST_AUTO_TEST_CASE(refusals_have_codes_and_carry_the_provider_s_words) {
    for (auto const& row : refusals) BOOST_TEST_CONTEXT(row.status << ' ' << row.body) {
            auto const r = read(row.status, std::string(row.body));
            BOOST_TEST(word(r) == to_word(row.code));
            BOOST_TEST(r.error().details.provider_said == row.said);
            BOOST_TEST(r.error().details.status == row.status);
            BOOST_TEST(r.error().details.step == "token");
        }
    BOOST_TEST(word(read(400, content_of(AUTHMOD_TEST_DATA "/token/refused_client.json"))) == "client_refused");
}

BOOST_AUTO_TEST_CASE(N2_an_answer_that_may_hold_a_token_is_never_quoted) {
    for (std::string_view body :
         {R"({"access_token":"canary","token_type":"mac"})", R"({"access_token":"canary",)",
          R"({"access_token":"canary "})", R"({"access_token":"canary","token_type":"bearer","refresh_token":1})",
          R"(["canary"])"}) {
        auto const r = read(200, std::string(body));
        BOOST_REQUIRE(!r);
        BOOST_TEST(r.error().message().find("canary") == std::string::npos, r.error().message());
    }
    for (int status : {200, 201, 307, 400, 500}) { // an odd answer may hold one too
        auto const r = read(status, R"({"access_token":"canary","error":{}})");
        BOOST_TEST(r.error().message().find("canary") == std::string::npos, r.error().message());
    }
}

BOOST_AUTO_TEST_CASE(no_type_at_any_member_does_more_than_fail) {
    std::string_view const values[] = {"null", "true",  "false",       "0",  "-1",  "1.5", "1e400",
                                       "\"\"", "\"x\"", "\"\\u0000\"", "[]", "[1]", "{}",  "{\"a\":[]}"};
    for (auto name : {"access_token", "token_type", "expires_in", "refresh_token", "id_token", "scope", "scopes",
                      "error", "error_description", "state"})
        for (auto value : values)
            for (int status : {200, 400, 401, 500}) {
                auto const r = read(status, with(name, value));
                BOOST_TEST((status == 200 || !r));
                if (r) BOOST_TEST(!r->access_token.empty());
            }
}

BOOST_AUTO_TEST_CASE(recorded_answers_of_eleven_providers_are_read) {
    struct sample {
        std::string_view file;
        std::string_view word = "ok";
        int status = 200;
        token_grant grant = token_grant::authorization_code;
    };

    sample const samples[] = {
        {"amazon/token-string-expiry.json", "token_type_refused"}, // its recording says "access"
        {"bitbucket/token-authorization-code.json"},
        {"bitbucket/token-bearer-capital.json"},
        {"bitbucket/token-client-credentials-legacy.json"},
        {"bitbucket/token-error-code-used.json", "code_refused", 400},
        {"bitbucket/token-error-grant-none.json", "code_refused", 400},
        {"bitbucket/token-error-invalid-client.json", "client_refused", 400},
        {"bitbucket/token-error-no-callback.json", "token_exchange_refused", 400},
        {"bitbucket/token-exchange-bkt.json"},
        {"bitbucket/token-minimal.json"},
        {"bitbucket/token-mock-3600.json"},
        {"bitbucket/token-refresh-bkt.json", "ok", 200, token_grant::refresh_token},
        {"bitbucket/token-refresh-bkt.json", "token_type_refused"},
        {"github/token-comma-scope.json"},
        {"gitlab/token.json"},
        {"google/token.json"},
        {"keycloak/token.json"},
        {"okta/token.json"},
        {"paypal/token.json"},
        {"yandex/token-huge-expiry.json"},
    };
    for (auto const& s : samples) {
        auto const body = content_of(AUTHMOD_SHARED "/samples/" + std::string(s.file));
        if (body.empty()) {
            BOOST_TEST_MESSAGE("skipped: no sample " << s.file);
            continue;
        }
        BOOST_TEST(word(read(s.status, body, s.grant)) == s.word, s.file);
    }
}

BOOST_AUTO_TEST_SUITE_END()
