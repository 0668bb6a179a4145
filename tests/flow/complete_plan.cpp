// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/complete_plan.hpp>

#include <authmod/provider/oidc.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(complete_plan_suite)

module_plan plan(pkce_mode pkce = pkce_mode::automatic) {
    auto text = default_settings<oidc>();
    text.client_id = "key";
    text.issuer = "https://op.example";
    text.token_url = "https://typed.example/token";
    text.pkce = pkce;
    return make_plan(info_of<oidc>(), text).value();
}

provider_metadata said() {
    provider_metadata metadata;
    metadata.issuer = "https://op.example";
    metadata.authorization_endpoint = "https://op.example/auth";
    metadata.token_endpoint = "https://op.example/token";
    metadata.jwks_uri = "https://keys.example/jwks";
    metadata.revocation_endpoint = "https://OP.example/revoke";
    metadata.id_token_algorithms = {signature_algorithm::es256, signature_algorithm::rs512};
    return metadata;
}

BOOST_AUTO_TEST_CASE(what_is_typed_stays_and_what_is_open_is_filled) {
    auto whole = plan();
    BOOST_TEST(complete_plan(whole, said()).has_value());
    BOOST_TEST(whole.text.authorization_url == "https://op.example/auth");
    BOOST_TEST(whole.text.token_url == "https://typed.example/token");
    BOOST_TEST(whole.text.user_info_url == "");
    BOOST_TEST(whole.revocation_url == "https://OP.example/revoke");
    BOOST_TEST(!whole.binds_tokens);
}

BOOST_AUTO_TEST_CASE(j2_hosts_that_only_metadata_names_are_told_apart) {
    auto whole = plan();
    BOOST_TEST(complete_plan(whole, said()).has_value());
    for (auto const* url : {"https://op.example/x", "https://typed.example/token", "https://OP.example/revoke"})
        BOOST_TEST(whole.vouches_for(url), url);
    BOOST_TEST(!whole.vouches_for("https://keys.example/jwks"));
}

BOOST_AUTO_TEST_CASE(j2_metadata_takes_no_trust_from_a_host_that_is_typed) {
    auto whole = plan();
    auto metadata = said();
    metadata.pushed_authorization_request_endpoint = "https://TYPED.example/par";
    BOOST_TEST(complete_plan(whole, metadata).has_value());
    BOOST_TEST(whole.vouches_for("https://typed.example/token"));
    BOOST_TEST(whole.vouches_for(whole.pushed_request_url));
}

BOOST_AUTO_TEST_CASE(nothing_that_is_set_is_overwritten) {
    auto text = default_settings<oidc>();
    text.client_id = "key";
    text.issuer = "https://op.example";
    for (auto const& [name, member] : detail::url_fields)
        if (name != "issuer") text.*member = "https://typed.example/" + std::string(name);
    auto const before = make_plan(info_of<oidc>(), text).value();
    auto whole = before;
    auto metadata = said();
    metadata.userinfo_endpoint = metadata.end_session_endpoint = "https://op.example/other";
    BOOST_TEST(complete_plan(whole, metadata).has_value());
    for (auto const& [name, member] : detail::url_fields) BOOST_TEST((whole.text.*member == before.text.*member), name);
    BOOST_TEST(whole.revocation_url == "https://OP.example/revoke"); // nobody has set it
}

BOOST_AUTO_TEST_CASE(d2_algorithms_are_those_of_both) {
    auto whole = plan();
    BOOST_TEST(complete_plan(whole, said()).has_value());
    BOOST_TEST((whole.token_algorithms == algorithm_set{signature_algorithm::es256}));
}

BOOST_AUTO_TEST_CASE(a3_pkce_follows_the_metadata) {
    auto none = said(), all = said();
    none.s256 = false;
    all.s256 = true;
    auto first = plan(), second = plan(), third = plan(pkce_mode::required), fourth = plan(pkce_mode::required);
    BOOST_TEST(complete_plan(first, none).has_value());
    BOOST_TEST((first.text.pkce == pkce_mode::off));
    BOOST_TEST(complete_plan(second, said()).has_value());
    BOOST_TEST((second.text.pkce == pkce_mode::automatic));
    BOOST_TEST((complete_plan(third, said()).error().code == errc::pkce_not_supported));
    BOOST_TEST(complete_plan(fourth, all).has_value());
}

BOOST_AUTO_TEST_CASE(a3_metadata_never_takes_pkce_from_whom_needs_it) {
    auto const with = [](auto const& change) {
        auto text = default_settings<oidc>();
        text.client_id = "key";
        text.issuer = "https://op.example";
        change(text);
        return make_plan(info_of<oidc>(), text).value();
    };
    auto excluded = said();
    excluded.s256 = false;

    auto without_secret = with([](settings& text) { text.public_client = true; });
    BOOST_TEST((complete_plan(without_secret, excluded).error().code == errc::pkce_not_supported));

    auto const typed = [](settings& text) {
        for (auto* url : {&text.authorization_url, &text.token_url, &text.user_info_url, &text.jwks_url})
            *url = "https://typed.example/x";
        text.pkce = pkce_mode::required;
    };
    auto refused = with(typed), silent = with(typed);
    BOOST_TEST((complete_plan(refused, excluded).error().code == errc::pkce_not_supported));
    BOOST_TEST(complete_plan(silent, said()).has_value()); // it says nothing, and the settings know better
    BOOST_TEST((silent.text.pkce == pkce_mode::required));
}

BOOST_AUTO_TEST_CASE(pushed_requests_and_bound_tokens_are_taken_where_they_are_offered) {
    auto metadata = said();
    metadata.dpop_algorithms = {signature_algorithm::es256};
    metadata.pushed_authorization_request_endpoint = "https://op.example/par";
    auto whole = plan();
    BOOST_TEST(complete_plan(whole, metadata).has_value());
    BOOST_TEST(whole.binds_tokens);
    BOOST_TEST(whole.pushed_request_url == "https://op.example/par");
    metadata.pushed_authorization_request_endpoint.clear();
    metadata.pushed_requests_only = true;
    auto broken = plan();
    BOOST_TEST((complete_plan(broken, metadata).error().code == errc::discovery_malformed));
}

BOOST_AUTO_TEST_SUITE_END()
