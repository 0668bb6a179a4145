// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/mapping_preview.hpp>

#include <authmod/provider/bitbucket_cloud.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

mapping_preview preview(settings const& text, preview_documents const& documents) {
    return preview_mapping(info_of<bitbucket_cloud>(), text, documents);
}

} // namespace

BOOST_AUTO_TEST_SUITE(mapping_preview_suite)

BOOST_AUTO_TEST_CASE(documents_are_mapped_as_a_login_maps_them_page_by_page) {
    std::vector<std::string> const emails{R"({"values":[{"email":"b@x.example","is_primary":false}],"next":"https://evil.example/"})",
                                          R"({"values":[{"email":"a@x.example","is_primary":true,"is_confirmed":true}]})"};
    std::vector<std::string> const groups{R"({"values":[{"workspace":{"slug":"w1"}}]})"};
    auto const seen = preview(default_settings<bitbucket_cloud>(), {R"({"uuid":"{u}","username":"nferro"})", emails, groups});
    BOOST_TEST(seen.errors.empty());
    BOOST_TEST(seen.document_errors.empty());
    BOOST_TEST(!seen.user_id_refused.has_value());
    BOOST_TEST(seen.fields.user_id.value() == "{u}");
    BOOST_TEST(seen.fields.email.value() == "a@x.example");
    BOOST_TEST(seen.fields.email_verified.value());
    BOOST_TEST((seen.fields.groups.value() == std::vector<std::string>{"w1"}));
}

BOOST_AUTO_TEST_CASE(a_bad_path_is_reported_with_its_offset_and_the_others_map_all_the_same) {
    auto text = default_settings<bitbucket_cloud>();
    text.full_name = "a//b";
    text.custom_attributes = {{"good", "city"}, {"bad", "["}};
    text.authorization_url = "not looked at";
    auto const seen = preview(text, {R"({"uuid":"{u}","username":"nferro","city":"Turin"})"});
    BOOST_REQUIRE(seen.errors.size() == 2u);
    BOOST_TEST(seen.errors[0].field == "full_name");
    BOOST_TEST(seen.errors[0].reason == "empty_segment");
    BOOST_TEST(seen.errors[0].offset == 2u);
    BOOST_TEST(seen.errors[1].field == "custom_attributes/bad");
    BOOST_TEST(seen.fields.username.value() == "nferro");
    BOOST_TEST(!seen.fields.full_name.has_value());
    BOOST_TEST(seen.fields.custom_attributes.at(0).second == "Turin");
}

BOOST_AUTO_TEST_CASE(a_document_that_cannot_be_read_is_named_with_the_place) {
    std::vector<std::string> const emails{"<html>"};
    auto const seen = preview(default_settings<bitbucket_cloud>(), {R"({"uuid":"u","uuid":"v"})", emails});
    BOOST_REQUIRE(seen.document_errors.size() == 2u);
    BOOST_TEST(seen.document_errors[0].document == "profile");
    BOOST_TEST(seen.document_errors[0].reason == "duplicate_member");
    BOOST_TEST(seen.document_errors[0].offset > 10u);
    BOOST_TEST(seen.document_errors[1].document == "emails");
    BOOST_TEST(seen.document_errors[1].offset == 0u);
    BOOST_TEST((seen.user_id_refused == errc::user_id_missing));
}

BOOST_AUTO_TEST_CASE(a_refused_user_id_does_not_hide_the_other_fields) {
    auto const seen = preview(default_settings<bitbucket_cloud>(), {R"({"uuid":1.5,"username":"nferro"})"});
    BOOST_TEST((seen.user_id_refused == errc::user_id_refused));
    BOOST_TEST(!seen.fields.user_id.has_value());
    BOOST_TEST(seen.fields.username.value() == "nferro");
    auto const team = preview(default_settings<bitbucket_cloud>(), {R"({"uuid":"u","type":"team"})"});
    BOOST_TEST((team.user_id_refused == errc::account_type_refused));
    BOOST_TEST(boost::json::serialize(to_json(seen)).find(R"("user_id_refused":"user_id_refused")") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
